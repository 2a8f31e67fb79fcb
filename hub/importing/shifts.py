"""值班表: lines into commands. The lines of one station and first day are its whole week, those of one day that day.

A line says of one stretch of the hours who is expected; several lines of the same stretch add up, so a line a person
does as well. People go by number, or by name where only one of the station's people is called so.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import product
from typing import Final, NamedTuple

from hub.changing import commands as asked
from hub.changing.commands import CityCommand
from hub.changing.effects import Row, spell_found
from hub.changing.shifts import belongs_on, people_in
from hub.database.people_tables import Volunteer
from hub.database.tables import Station, TermsRow
from hub.importing.reading import Entry
from hub.importing.sheet_forms import FormName
from hub.importing.work import Entries, Work
from hub.register.kinds import KINDS
from hub.register.shifts import DayShifts, overlaps, shifts_of
from hub.register.spelling import read_week
from hub.saying import say
from hub.typed.hours_spelled import spell_hours
from hub.typed.hours_text import WANTED_OF_DAY
from station.hours import WEEK, Span, Spans

_PERSON: Final = say("number or name of somebody who belongs to the station on that day")


class _Line(NamedTuple):
    """What one line says, read."""

    entry: Entry
    weekdays: tuple[int, ...]
    spans: Spans
    people: tuple[str, ...]


class _Whose(NamedTuple):
    """What lines are one thing: a station's week from a day on, or one day of it."""

    station: str
    day: date
    is_week: bool

    @property
    def key(self) -> tuple[str, str, date]:
        """By which its row is found."""
        return "week" if self.is_week else "day", self.station, self.day


def propose_shifts(entries: Entries, work: Work) -> None:
    """Stations and people must be proposed already."""
    lines: dict[_Whose, list[_Line]] = defaultdict(list)
    faulty: set[_Whose] = set()
    for entry in entries.get(FormName.SHIFTS, ()):
        whose = _whose(entry, work)
        if whose is None:
            continue
        line = _read(entry, whose, work)
        if line is None:
            faulty.add(whose)
        else:
            lines[whose].append(line)
    for whose in sorted(lines.keys() - faulty):
        _give(whose, lines[whose], work)


def _whose(entry: Entry, work: Work) -> _Whose | None:
    """None, with a fault, for a line that says neither weekday nor day, or both."""
    station, day = entry.get("station"), entry.get("day")
    if work.row(FormName.STATIONS, station) is None:
        work.blame_station(entry, station)
        return None
    if (day is None) == (entry.get("weekday") is None):
        found = "nothing" if day is None else say("a weekday and a day")
        entry.blame(work.faults, "weekday", found, say("weekdays, as 周一至周五; or one day in its own column"))
        return None
    return _Whose(station, day or entry.get("valid_from") or work.today, day is None)


def _read(entry: Entry, whose: _Whose, work: Work) -> _Line | None:
    spans = entry.get("hours")
    if not spans:
        entry.blame(work.faults, "hours", "no hours", WANTED_OF_DAY)
        return None
    before = len(work.faults)
    people = [_person(one, entry, whose, work) for one in entry.get("people") or ()]
    if len(work.faults) > before or None in people:
        return None
    weekdays = entry.get("weekday") or (whose.day.weekday(),)
    if whose.is_week:
        _remark_closed(entry, whose, weekdays, spans, work)
    return _Line(entry, weekdays, spans, tuple(one for one in people if one))


def _person(said: str, entry: Entry, whose: _Whose, work: Work) -> str | None:
    """By number, else by name; None with a fault, unless it is of a line that has one already."""
    rows, number = work.draft.of(Volunteer), said.upper()
    found = [row["person"] for row in rows.of(number)] or [
        row["person"]
        for row in (rows.get(person) for person in work.members_of(whose.station))
        if row is not None and row["full_name"] == said
    ]
    row = work.row(FormName.SHIFTS, whose.key)
    held = people_in(row["shifts"]) if row else ()
    here = [one for one in found if one in held or belongs_on(whose.station, one, whose.day, work.draft)]
    if len(here) == 1:
        return str(here[0])
    if not _may_be_doubted(number, found, work):
        several = say("a name that {count} people of the station have", count=len(here))
        entry.blame(work.faults, "people", several if here else spell_found(said, private=True), _PERSON)
    return None


def _may_be_doubted(number: str, found: list[str], work: Work) -> bool:
    """Whether they may stand on a line of 志愿者 that has a fault: one that was not read has no name to look for."""
    doubted = {key for form, key in work.faults.doubted if form is FormName.VOLUNTEERS}
    return bool(doubted) and (not found or number in doubted or not doubted.isdisjoint(found))


def _remark_closed(entry: Entry, whose: _Whose, weekdays: Iterable[int], spans: Spans, work: Work) -> None:
    """Hours in which the station is never open are most likely typed wrong, and no fault: it may open then yet."""
    week = _week_of(whose, work)
    shut = [span for n in weekdays for span in spans if not any(overlaps(span, open_) for open_ in week[n])]
    if shut:
        told = say("{hours}, in which the station is not open", hours=spell_hours(tuple(sorted(set(shut)))))
        work.faults.warn(entry.place, told)


def _week_of(whose: _Whose, work: Work) -> tuple[Spans, ...]:
    rows = work.draft.of(TermsRow).of(whose.station)
    begun = [row for row in rows if row["from_day"] <= whose.day] or rows
    if not begun:
        station: Row = work.draft.of(Station).get(whose.station) or {}
        return KINDS[station["kind"]].weekly
    return read_week(begun[-1]["week"])


def _give(whose: _Whose, lines: list[_Line], work: Work) -> None:
    command: CityCommand
    first = lines[0].entry
    _remark_twice(lines, work)
    if whose.is_week:
        week = tuple(_shifts_of(line for line in lines if n in line.weekdays) for n in range(WEEK))
        command = asked.PlanWeek(whose.station, whose.day, week)
    else:
        reason = next((line.entry.get("reason") for line in lines if line.entry.get("reason")), "")
        command = asked.SetShiftDay(whose.station, whose.day, _shifts_of(lines), reason)
    columns = {"shifts": "hours", "since": "valid_from"}
    work.give(FormName.SHIFTS, whose.key, first, [command], columns)


def _remark_twice(lines: Iterable[_Line], work: Work) -> None:
    """Who is in one stretch of a day twice was perhaps meant for another; they are expected in it once."""
    seen: set[tuple[int, Span, str]] = set()
    for line in lines:
        twice: set[tuple[int, Span, str]] = set()
        for one in product(line.weekdays, line.spans, line.people):
            (twice if one in seen else seen).add(one)
        for span, person in sorted({(span, person) for _n, span, person in twice}):
            number: Row = work.draft.of(Volunteer).get(person) or {}
            said = say(
                "{number} again in {hours}, which counts once",
                number=number.get("number", ""),
                hours=spell_hours((span,)),
            )
            work.faults.warn(line.entry.place, said)


def _shifts_of(lines: Iterable[_Line]) -> DayShifts:
    told = ((span, line.people) for line in lines for span in line.spans)
    return shifts_of((span.opens_min, span.closes_min, people) for span, people in told)
