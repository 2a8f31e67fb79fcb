"""What imports changed: noted in the transactions that write it, forgotten once it is too late to undo it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Table, insert, select, update
from sqlmodel import col

from hub.changing.draft import Draft
from hub.changing.effects import Row
from hub.database.import_tables import ImportedRow, ImportRow
from hub.database.transactions import delete_some, table_of
from hub.importing.sheet_forms import FormName
from hub.register.reading import read_edition
from hub.register.telephones import Whose

UNDO_WITHIN: Final = timedelta(days=7)  # names stand in what is kept for it
_WITHIN_MS: Final = round(UNDO_WITHIN.total_seconds() * 1000)
_PIECE: Final = 1000  # no database takes any number of keys at once


@dataclass(slots=True)
class Notebook:
    """Notes one import as its slices are written."""

    by: str
    now_ms: int
    files: str
    forms: Iterable[FormName]
    number: int = 0
    _place: int = field(default=0)
    _editions: list[str] = field(default_factory=list)

    def note(self, connection: Connection, draft: Draft) -> None:
        """Note what a slice has just written; in its transaction."""
        rows = [
            (table_of(model).name, table.before.get(key), row)
            for model, table in draft.tables.items()
            for key, row in table.touched.items()
            if table.before.get(key) != row
        ]
        if not rows:
            return
        if not self.number:
            self._begin(connection)
        edition = read_edition(connection)
        noted = [self._row(edition, name, before, after) for name, before, after in rows]
        connection.execute(insert(ImportedRow), noted)
        self._editions.append(str(edition))
        told = update(ImportRow).where(col(ImportRow.number) == self.number)
        connection.execute(told.values(editions=" ".join(self._editions)))

    def _begin(self, connection: Connection) -> None:
        while forget_old_imports(connection, self.now_ms, _PIECE) == _PIECE:
            pass
        row = ImportRow(at_ms=self.now_ms, by=self.by, files=self.files, forms=" ".join(self.forms))
        made = connection.execute(insert(ImportRow).values(row.model_dump(exclude={"number"})))
        assert made.inserted_primary_key is not None
        self.number = int(made.inserted_primary_key[0])

    def _row(self, edition: int, name: str, before: Row | None, after: Row | None) -> Row:
        self._place += 1
        return {
            "import_number": self.number, "place": self._place, "edition": edition, "table": name,
            "person": person_of(name, after or before or {}), "before": spell_row(before), "after": spell_row(after),
        }  # fmt: skip


def person_of(table: str, row: Mapping[str, Any]) -> str:
    """Whom a row is about; empty for nobody."""
    if table == "telephone":
        return str(row["of"]) if row["whose"] == Whose.PERSON else ""
    return str(row.get("person", ""))


def spell_row(row: Row | None) -> str:
    """A row as text; empty for none."""
    if row is None:
        return ""
    values = {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
    values = {name: value.hex() if isinstance(value, bytes) else value for name, value in values.items()}
    return json.dumps(values, ensure_ascii=False)


def read_row(table: Table, text: str) -> Row | None:
    """What `spell_row` spelled."""
    if not text:
        return None
    row = json.loads(text)
    for name, value in row.items():
        kind = table.c[name].type.python_type
        if value is not None and kind is date:
            row[name] = date.fromisoformat(value)
        elif value is not None and kind is bytes:
            row[name] = bytes.fromhex(value)
    return dict(row)


def recent_imports(connection: Connection, now_ms: int, last: int = 10) -> list[Any]:
    """Those that are not too old to be undone, or were undone lately; the latest first."""
    where = col(ImportRow.at_ms) >= now_ms - _WITHIN_MS
    return list(connection.execute(select(ImportRow).where(where).order_by(col(ImportRow.number).desc()).limit(last)))


def is_recent(at_ms: int, now_ms: int) -> bool:
    """Whether what was imported then can still be undone."""
    return at_ms >= now_ms - _WITHIN_MS


def forget_old_imports(connection: Connection, now_ms: int, most: int) -> int:
    """Forget at most so many rows that are too old to be undone, names included; that there was an import stays.

    Returns:
        How many.
    """
    old = select(col(ImportRow.number)).where(col(ImportRow.at_ms) < now_ms - _WITHIN_MS)
    return delete_some(connection, ImportedRow, col(ImportedRow.import_number).in_(old), most)
