"""值班表 as the sheet that an import reads back: the weeks in force and to come, and the days to come."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.accounts.filtering import where_may
from hub.database.people_tables import Volunteer
from hub.database.shift_tables import ShiftDayRow
from hub.database.tables import Station
from hub.exporting.workbook import Rows
from hub.register.reading import read_duty_plans
from hub.register.shifts import DayShifts, DutyPlan, DutyShift, ShiftWeek
from hub.rights import Grant, Right
from hub.typed.hours_spelled import spell_hours, spell_weekdays
from station.names import StationCode

NAMES: Final = ("station", "weekday", "day", "hours", "people", "names", "valid_from", "reason")
_Numbered = dict[str, tuple[str, str]]
"""Number and name by opaque id."""


def shift_rows(
    connection: Connection, grants: Iterable[Grant], today: date, station: str = ""
) -> tuple[Sequence[str], Rows]:
    """Columns and lines of the stations whose roster somebody may say, or of that one alone."""
    asked = select(col(Station.code)).where(where_may(tuple(grants), Right.SHIFTS))
    if station:
        asked = asked.where(col(Station.code) == station)
    plans, codes = (
        read_duty_plans(connection, *([station] if station else [])),
        sorted(connection.execute(asked).scalars()),
    )
    people = select(col(Volunteer.person), col(Volunteer.number), col(Volunteer.full_name))
    known = connection.execute(people.where(col(Volunteer.erased_on).is_(None)))
    who = {row.person: (row.number, row.full_name) for row in known}
    reasons = {(row.station, row.day): row.reason for row in connection.execute(select(ShiftDayRow))}
    return NAMES, [
        [*line, reasons.get((code, date.fromisoformat(line[2])), "") if line[2] else ""]
        for code in map(StationCode, codes)
        if code in plans
        for line in _lines(code, plans[code], today, who)
    ]


def _lines(station: str, plan: DutyPlan, today: date, who: _Numbered) -> Iterator[list[str]]:
    for place, (since, week) in enumerate(plan.weeks):
        later = plan.weeks[place + 1 :]
        if not later or later[0][0] > today:  # in force today, or to come
            yield from _week_lines(station, since, week, who)
    for day in sorted(day for day in plan.days if day >= today):
        yield from _day_lines(station, day, plan.days[day], who)


def _week_lines(station: str, since: date, week: ShiftWeek, who: _Numbered) -> Iterator[list[str]]:
    """Days that are alike together; a week of nobody by one line that says so."""
    days: dict[DutyShift, list[int]] = defaultdict(list)
    for weekday, shifts in enumerate(week):
        for shift in shifts:
            days[shift].append(weekday)
    for shift, weekdays in days.items():
        yield [station, spell_weekdays(weekdays), "", *_cells(shift, who), since.isoformat()]
    if not days:
        yield [station, "周一至周日", "", "00:00-24:00", "", "", since.isoformat()]


def _day_lines(station: str, day: date, shifts: DayShifts, who: _Numbered) -> Iterator[list[str]]:
    for shift in shifts:
        yield [station, "", day.isoformat(), *_cells(shift, who), ""]
    if not shifts:
        yield [station, "", day.isoformat(), "00:00-24:00", "", "", ""]


def _cells(shift: DutyShift, who: _Numbered) -> list[str]:
    people = [who[person] for person in shift.people if person in who]
    return [spell_hours((shift.span,)), *(" ".join(one[at] for one in people) for at in (0, 1))]
