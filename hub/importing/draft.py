"""The tables as they are and as the spreadsheets want them; `saving` writes the difference.

A line lays its values over the row that is there, so importing the same again changes nothing, and what no
sheet names stays.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection
from sqlmodel import SQLModel, col, select

from hub.database.people_tables import Card, Holding, Loss, Membership, Volunteer
from hub.database.tables import City, District, KindAuthority, Kiosk, Station
from hub.importing.faults import Faults, Place
from hub.importing.forms import FormName
from hub.importing.reading import Entry
from hub.register.reading import read_terms
from hub.register.terms import StationTerms, Week
from station.names import StationCode

Row = dict[str, Any]
Entries = dict[FormName, list[Entry]]


@dataclass(slots=True)
class Rows:
    """One table's rows by their key column."""

    model: type[SQLModel]
    key: str
    before: dict[Any, Row]
    after: dict[Any, Row] = field(default_factory=dict)
    beside: set[Any] = field(default_factory=set)
    """Keys whose change stands in a table beside this one: a station's hours, a volunteer's stations."""
    _claimed: dict[Any, Place] = field(default_factory=dict)

    def get(self, key: Any) -> Row | None:
        """The row as it is to be."""
        return self.after.get(key) or self.before.get(key)

    def claim(self, key: Any, entry: Entry, column: str, faults: Faults) -> bool:
        """Whether this line is the first of its key; a second one is a fault."""
        first = self._claimed.setdefault(key, entry.place)
        if first is not entry.place:
            entry.blame(faults, column, f"the same again as in {first}", "each once")
        return first is entry.place

    def put(self, key: Any, given: Row, new: Row | None = None) -> Row:
        """Lay `given` over the row that is there, or over `new` where there is none."""
        self.after[key] = {**(self.before.get(key) or {self.key: key, **(new or {})}), **given}
        return self.after[key]

    @property
    def added(self) -> list[Row]:
        """Rows that were not there."""
        return [row for key, row in self.after.items() if key not in self.before]

    @property
    def altered(self) -> list[Row]:
        """Rows that were there and differ now."""
        return [row for key, row in self.after.items() if key in self.before and row != self.before[key]]

    def count(self) -> "Count":
        """What an operator is told."""
        changed = {row[self.key] for row in self.altered} | {key for key in self.beside if key in self.before}
        return Count(len(self.added), len(changed), len(self.after) - len(self.added) - len(changed))


@dataclass(frozen=True, slots=True)
class Count:
    """How many lines added a row, changed one, or said what was known."""

    added: int
    changed: int
    unchanged: int


@dataclass(slots=True)
class Draft:
    """All tables.

    Attributes:
        rows: by form; each form fills one table.
        terms: each station's as they are.
        weeks: the dated weeks to be written, in place of what begins on the same day.
        members: the stations of each person as they are.
        memberships: as they are to be.
    """

    rows: dict[FormName, Rows]
    terms: dict[StationCode, StationTerms]
    members: dict[str, set[str]]
    weeks: list[tuple[str, date, Week]] = field(default_factory=list)
    memberships: dict[str, set[str]] = field(default_factory=dict)

    @property
    def changes_anything(self) -> bool:
        """Whether there is anything to write."""
        return any(rows.added or rows.altered or rows.beside for rows in self.rows.values())


@dataclass(frozen=True, slots=True)
class Drafting:
    """What the drafting of all lines shares.

    Attributes:
        now: UTC; `today` is the stations' date then.
        site_key: turns card numbers into tokens.
    """

    draft: Draft
    faults: Faults
    now: datetime
    today: date
    site_key: bytes = field(repr=False)

    def rows(self, form: FormName) -> Rows:
        """The table that a form fills."""
        return self.draft.rows[form]

    def is_missing(self, form: FormName, key: object) -> bool:
        """Whether no line and no row has this key, not even a line with a fault."""
        return self.rows(form).get(key) is None and (form, key) not in self.faults.doubted


_TABLES: tuple[tuple[FormName, type[SQLModel], str], ...] = (
    (FormName.CITY, City, "id"),
    (FormName.DISTRICTS, District, "code"),
    (FormName.AUTHORITIES, KindAuthority, "kind"),
    (FormName.STATIONS, Station, "code"),
    (FormName.KIOSKS, Kiosk, "id"),
    (FormName.VOLUNTEERS, Volunteer, "person"),
    (FormName.CARDS, Card, "token"),
)


def read_draft(connection: Connection) -> Draft:
    """The tables as they are."""
    members: dict[str, set[str]] = defaultdict(set)
    for member in connection.execute(select(Membership).where(col(Membership.until_day).is_(None))):
        members[member.person].add(member.station)
    terms = read_terms(connection)
    rows = {form: Rows(model, key, _read_rows(connection, model, key)) for form, model, key in _TABLES}
    for code, row in rows[FormName.STATIONS].before.items():
        duty = terms[code].clauses[-1].terms.duty
        row |= {"minimum": duty.minimum, "target": duty.target}
    holdings = connection.execute(select(Holding).where(col(Holding.until_ms).is_(None)))
    holders = {holding.token: holding.person for holding in holdings}
    lost = set(connection.execute(select(Loss.token).where(col(Loss.until_ms).is_(None))).scalars())
    for token, row in rows[FormName.CARDS].before.items():
        row |= {"person": holders.get(token), "is_lost": token in lost}
    return Draft(
        rows=rows,
        terms=terms,
        members=members,
    )


def _read_rows(connection: Connection, model: type[SQLModel], key: str) -> dict[Any, Row]:
    return {row[key]: dict(row) for row in connection.execute(select(model)).mappings()}
