"""A table as a sheet: CSV, which any program reads, and XLSX, which a desk opens."""

import io
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from hub.exporting.harmless import SheetCell, TextCells, csv_lines, new_workbook


class SheetTable(NamedTuple):
    """Heads and rows; times are hours as numbers, so that they can be added up."""

    heads: Sequence[str]
    rows: Sequence[Sequence[SheetCell]]


def as_csv(table: SheetTable) -> bytes:
    """With a mark in front by which Excel knows UTF-8; texts are never read as formulas."""
    return csv_heads(table.heads) + sheet_lines(table.rows)


def csv_heads(heads: Sequence[str]) -> bytes:
    """The first line of such a sheet, with the mark."""
    return csv_lines([heads]).encode("utf-8-sig")


def sheet_lines(rows: Iterable[Sequence[SheetCell]]) -> bytes:
    """Lines of such a sheet, to be put behind its heads."""
    return csv_lines(rows).encode()


def as_xlsx(table: SheetTable) -> bytes:
    """One sheet with a head that stays; texts are never read as formulas."""
    file = io.BytesIO()
    book = new_workbook(file)
    sheet, texts = book.add_worksheet(), TextCells(book, {})
    head, plain = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "0.00"})
    for n, word in enumerate(table.heads):
        sheet.write_string(0, n, word, head)
    for m, row in enumerate(table.rows, 1):
        for n, value in enumerate(row):
            if isinstance(value, str):
                texts.write(sheet, m, n, value)
            elif isinstance(value, float):
                sheet.write_number(m, n, value, plain)
            elif value is not None:
                sheet.write_number(m, n, value)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, len(table.rows), len(table.heads) - 1)
    sheet.set_column(0, len(table.heads) - 1, 13)
    book.close()
    return file.getvalue()


SHEET_FORMS: Final = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
"""By an address's ending: who writes it, and what it is."""
