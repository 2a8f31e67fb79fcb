"""How every sheet leaves the hub, as CSV or XLSX: no program that opens it takes a cell for a formula (CWE-1236).

In CSV such a cell begins with an apostrophe, which an import takes off again; in XLSX it is text with that mark.
"""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any, Final  # noqa: TID251 -- xlsxwriter is loaded when wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsxwriter import Workbook

SheetCell = str | int | float | None
SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell begins with that some program would run, also of full width."""


def harmless(cell: str) -> str:
    """A cell of CSV that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(SIGNS) else cell


def csv_lines(rows: Iterable[Sequence[SheetCell]]) -> str:
    """Lines of CSV; numbers stay numbers."""
    text = StringIO()
    csv.writer(text).writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue()


def new_workbook(content: BytesIO) -> Workbook:
    """An XLSX workbook in which no text becomes a formula, a link or a number."""
    from xlsxwriter import Workbook  # noqa: PLC0415 -- 2 MB that a hub needs once somebody takes a sheet away

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    return Workbook(content, {"in_memory": True, **options})


class TextCells:
    """Writes texts into a workbook; `look` is how they are formatted."""

    def __init__(self, book: Workbook, look: dict[str, Any]) -> None:
        self.plain = book.add_format(look)
        self._quoted = book.add_format({**look, "quote_prefix": True})

    def write(self, sheet: Any, row: int, column: int, cell: str) -> None:
        """Write one."""
        sheet.write_string(row, column, cell, self._quoted if cell.startswith(SIGNS) else self.plain)
