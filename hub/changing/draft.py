"""The city's tables as they are and as they are to be; `saving` writes the difference."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, select
from sqlmodel import SQLModel

from hub.changing.effects import Edit, Row
from hub.changing.own_journal import OwnJournal
from hub.database.people_tables import CardRow, Holding, Loss, Membership, Volunteer
from hub.database.personal_tables import Consent, ErasedNumber, Telephone
from hub.database.shift_tables import ShiftDayRow, ShiftWeekRow
from hub.database.tables import (
    City,
    District,
    HolidayRow,
    KindAuthority,
    Kiosk,
    SharedDay,
    SpecialDay,
    Station,
    TermsRow,
)
from hub.database.transactions import table_of
from hub.register.card_names import CardNames, read_card_names

RowKey = tuple[Any, ...]
GROUPED_BY: Final[dict[type[SQLModel], str | None]] = {
    City: None, District: "name", KindAuthority: None, Station: None, TermsRow: "station", SpecialDay: "station",
    SharedDay: "day", HolidayRow: "year",
    Kiosk: "station", Volunteer: "number", Membership: "person", CardRow: None, Holding: "token", Loss: "token",
    ShiftWeekRow: "station", ShiftDayRow: "station", Consent: "person", Telephone: "of", ErasedNumber: "person",
}  # fmt: skip
"""The tables, each after those that it refers to, and the column by which their rows are asked for."""


class TableDraft:
    """One table, read whole, or a row and a group at a time as they are asked for.

    Args:
        model: the table.
        connection: to read by.
        whole: read all of it now: for many commands.
    """

    def __init__(self, model: type[SQLModel], connection: Connection, *, whole: bool) -> None:
        self._table = table_of(model)
        self._connection = connection
        self._names = [column.name for column in self._table.columns]
        self.keys = tuple(column.name for column in self._table.primary_key)
        self._group = GROUPED_BY[model]
        self._is_whole = whole
        self._asked: set[Any] = set()
        self.before: dict[RowKey, Row] = {}
        self.touched: dict[RowKey, Row | None] = {}
        self._groups: dict[Any, dict[RowKey, None]] = defaultdict(dict)
        if whole:
            self._read()

    def _read(self, *where: ColumnElement[bool]) -> None:
        for values in self._connection.execute(select(self._table).where(*where)):
            row = dict(zip(self._names, values, strict=True))
            key = self._key(row)
            if self._group and key not in self.before:
                self._groups[row[self._group]][key] = None
            self.before.setdefault(key, row)

    def _key(self, row: Row) -> RowKey:
        return tuple(row[name] for name in self.keys)

    def _ask(self, *named: tuple[str, Any]) -> None:
        """Read what is called so, unless it was read."""
        if not self._is_whole and named not in self._asked:
            self._asked.add(named)
            self._read(*(self._table.c[name] == value for name, value in named))

    def get(self, *key: Any) -> Row | None:
        """A row as it is to be."""
        if key in self.touched:
            return self.touched[key]
        self._ask(*zip(self.keys, key, strict=True))
        return self.before.get(key)

    def of(self, group: Any) -> list[Row]:
        """All rows of a group, by key."""
        assert self._group is not None
        self._ask((self._group, group))
        keys = sorted(self._groups.get(group, ()))
        rows = (self.touched[key] if key in self.touched else self.before[key] for key in keys)
        return [row for row in rows if row is not None]

    def all(self) -> list[Row]:
        """Every row as it is to be, of a table that was read whole."""
        assert self._is_whole
        return [row for row in {**self.before, **self.touched}.values() if row is not None]

    def is_new(self, *key: Any) -> bool:
        """Whether the tables do not have it."""
        self._ask(*zip(self.keys, key, strict=True))
        return key not in self.before

    def groups_with(self, name: str, value: Any) -> set[Any]:
        """The groups in which a column has that value, as it was or is to be."""
        assert self._group is not None
        found = select(self._table.c[self._group]).where(self._table.c[name] == value)
        touched = (row[self._group] for row in self.touched.values() if row is not None and row[name] == value)
        return {*self._connection.execute(found).scalars(), *touched}

    def take(self, edit: Edit) -> None:
        """Let one row be otherwise."""
        key = self._key(edit.row)
        old = self.get(*key)
        if self._group:
            if old is not None:
                self._groups[old[self._group]].pop(key, None)
            if not edit.gone:
                self._groups[edit.row[self._group]][key] = None
        self.touched[key] = None if edit.gone else edit.row

    def written(self) -> None:
        """What was to be is now in the tables."""
        for key, row in self.touched.items():
            self.before.pop(key, None)
            if row is not None:
                self.before[key] = row
        self.touched = {}

    def forget(self) -> None:
        """Nothing is to be otherwise; groups are not asked for any more."""
        self.touched = {}


class Draft:
    """All tables of the city, and what the hub writes down of taps.

    Args:
        connection: open as long as commands are taken.
        whole: read everything now (0.5 s for 20,000 volunteers with a card each), and not row by row.
    """

    def __init__(self, connection: Connection, *, whole: bool) -> None:
        self.journal = OwnJournal(connection)
        self._connection = connection
        self._names: CardNames | None = None
        self.tables = {model: TableDraft(model, connection, whole=whole) for model in GROUPED_BY}

    def of(self, model: type[SQLModel]) -> TableDraft:
        """One of them."""
        return self.tables[model]

    def card_named(self, token: str) -> str:
        """Under which name that card stands in the tables: its first, or itself where nothing is known of it."""
        if self._names is None:
            self._names = read_card_names(self._connection)
        return token if self.of(CardRow).get(token) is not None else self._names.first(token)

    def take(self, edits: Iterable[Edit]) -> None:
        """Let rows be otherwise."""
        for edit in edits:
            self.tables[edit.model].take(edit)

    def holdings_of(self, person: str) -> list[Row]:
        """Every holding of a person, whatever the card."""
        rows = self.of(Holding)
        tokens = sorted(rows.groups_with("person", person))
        return [row for token in tokens for row in rows.of(token) if row["person"] == person]
