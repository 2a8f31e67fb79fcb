"""A day's taps and corrections as this desk shows them, with names for who may see them."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.accounts.filtering import where_may_person
from hub.changing.own_journal import OwnJournal
from hub.database.people_tables import Volunteer
from hub.ledger.review import Doubt, ReviewedTap, tap_named, taps_of_day
from hub.register.masking import mask_name
from hub.register.reading import read_directory, read_edition
from hub.register.rulebook import Rulebook
from hub.rights import Grant, Right
from station.amending import Amendment, Amends, amended
from station.coverage import whole_of
from station.milliseconds import moment_of, moment_or_none, ms_of
from station.names import RecordName
from station.records import Action


@dataclass(frozen=True, slots=True)
class ShownTap:
    """One tap; `whose` is a name, a masked name, or empty for a card of nobody's."""

    name: str
    person: str
    whose: str = field(repr=False)
    action: Action
    at: datetime
    recorded_at: datetime | None
    is_void: bool
    is_added: bool
    is_proof: bool
    is_confirmed: bool
    doubts: tuple[Doubt, ...]
    ended_at: datetime | None
    station: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """One amendment; `tap` is what it is about, where that is known."""

    name: str
    change: Amends
    tap: ShownTap | None
    at: datetime | None
    evidence: str = field(repr=False)
    reason: str = field(repr=False)
    asked_by: str
    by: str
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A station's day."""

    day: date
    taps: tuple[ShownTap, ...]
    corrections: tuple[Correction, ...]


class BookShelf:
    """The city as it is, read anew only where it has changed; from any thread."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._turn = threading.Lock()
        self._book: Rulebook | None = None

    def book(self, connection: Connection) -> Rulebook:
        """The latest edition."""
        with self._turn:
            if self._book is None or self._book.edition != read_edition(connection):
                self._book = Rulebook(read_directory(connection, self._zone))
            return self._book


class DayReading:
    """Reads for one person.

    Args:
        connection: to read by.
        book: the city.
        grants: whose.
    """

    def __init__(self, connection: Connection, book: Rulebook, grants: Iterable[Grant]) -> None:
        self._connection, self._book, self._grants = connection, book, tuple(grants)

    def day(self, station: str, day: date, now: datetime) -> ShownDay:
        """A station's taps and corrections of a day."""
        since, until = whole_of(day, self._book.zone)
        found = taps_of_day(self._connection, station, ms_of(since), min(ms_of(until), ms_of(now)))
        taps = dict(zip((tap.name for tap in found), self.shown(found), strict=True))
        return ShownDay(day, tuple(taps.values()), tuple(self._corrections(station, taps)))

    def tap(self, name: RecordName, now: datetime) -> ShownTap | None:
        """One tap."""
        found = tap_named(self._connection, name, ms_of(now))
        return None if found is None else self.shown([found])[0]

    def correction(self, station: str, name: RecordName, now: datetime) -> Correction | None:
        """One amendment of a station's."""
        said = OwnJournal(self._connection).amendments(station)
        if name not in said:
            return None
        about = said[name].of or name
        tap = self.tap(about, now)
        return _correction(name, said[name], tap, is_in_force=name in amended(said).in_force)

    def shown(self, taps: list[ReviewedTap]) -> list[ShownTap]:
        """These taps, with names."""
        who = {tap.name: self._book.identity(tap.token, tap.at_ms) for tap in taps}
        names = self.names({one.person for one in who.values() if one.counted})
        return [_shown(tap, who[tap.name].person, names.get(who[tap.name].person, "")) for tap in taps]

    def names(self, persons: set[str]) -> dict[str, str]:
        """What people are called: in full where one may see them by name, else masked."""
        where = col(Volunteer.person).in_(sorted(persons))
        mine = where_may_person(self._grants, Right.NAMES, col(Volunteer.person))
        rows: Any = self._connection.execute(
            select(col(Volunteer.person), col(Volunteer.full_name), mine.label("is_mine")).where(where)
        )
        return {person: name if is_mine else mask_name(name) for person, name, is_mine in rows}

    def _corrections(self, station: str, taps: Mapping[RecordName, ShownTap]) -> Iterable[Correction]:
        said = OwnJournal(self._connection).amendments(station)
        in_force = amended(said).in_force
        for name, one in said.items():
            about: RecordName | None = name
            while about is not None and about not in taps:
                about = said[about].of if about in said else None
            if about is not None:
                yield _correction(name, one, taps[about], is_in_force=name in in_force)


def is_sound(day: date) -> bool:
    """Whether calendars are sound on a day, as `station.strict` has it: nothing of any other is amended."""
    return 1970 <= day.year < 2199  # noqa: PLR2004 -- years


def spell_name(name: RecordName) -> str:
    """A record's name as addresses have it."""
    return "/".join(map(str, name))


def _shown(tap: ReviewedTap, person: str, whose: str) -> ShownTap:
    return ShownTap(
        name=spell_name(tap.name), person=person if whose else "", whose=whose, action=Action(tap.action),
        at=moment_of(tap.at_ms), recorded_at=moment_or_none(tap.recorded_ms),
        is_void=tap.is_void, is_added=tap.is_added, is_proof=tap.is_proof, is_confirmed=tap.confirmed_ms is not None,
        doubts=tap.doubts, ended_at=moment_or_none(tap.ended_ms), station=tap.station,
    )  # fmt: skip


def _correction(name: RecordName, one: Amendment, tap: ShownTap | None, *, is_in_force: bool) -> Correction:
    return Correction(
        spell_name(name), one.change, tap, one.at, one.evidence, one.reason, one.asked_by, one.by, is_in_force
    )
