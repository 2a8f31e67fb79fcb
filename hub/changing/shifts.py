"""Who is expected on duty when (值班表): rules and changes.

A week that is set from a day on holds until the next day from which one was set. Somebody who leaves the station is
expected no more by that alone (`hub.register.shifts`), so nothing is to be taken out here.
"""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from hub.changing.commands import PlanWeek, SetShiftDay
from hub.changing.draft import Draft
from hub.changing.effects import CityChange, Edit, HandlerAnswer, Now, Refusal, Row
from hub.changing.people import no_person
from hub.changing.places import no_station
from hub.database.people_tables import Membership, Volunteer
from hub.database.shift_tables import ShiftDayRow, ShiftWeekRow
from hub.database.tables import Station
from hub.register.shifts import NO_SHIFTS, DayShifts, overlaps, spell_shift_week, spell_shifts
from hub.register.spelling import spell
from hub.register.terms import ALWAYS
from hub.saying import say

FURTHEST: Final = timedelta(days=366)  # nobody knows further ahead who will be there; a typed 2036 is a slip


def plan_week(command: PlanWeek, draft: Draft, now: Now) -> HandlerAnswer:
    """Of a station's own people, in stretches that do not overlap."""
    if draft.of(Station).get(command.station) is None:
        return [no_station(command.station)]
    since = command.since or now.today
    if not ALWAYS <= since <= now.today + FURTHEST:
        return [_no_day("since", since, now)]
    (begun, was), wanted = _in_force(draft.of(ShiftWeekRow).of(command.station), since), spell_shift_week(command.week)
    refusals = _refuse(command.station, command.week, since, draft, held=people_in(was))
    if refusals:
        return refusals
    if was == wanted and not any(_is_back(command.station, one, begun, since, draft) for one in people_in(was)):
        return None
    key: Row = {"station": command.station, "from_day": since}
    return CityChange(
        (Edit(ShiftWeekRow, {**key, "shifts": wanted}),),
        before={"shifts": json.loads(was)}, after={"shifts": json.loads(wanted)},
        station=command.station, day_from=since, is_past=since < now.today,
    )  # fmt: skip


def set_shift_day(command: SetShiftDay, draft: Draft, now: Now) -> HandlerAnswer:
    """Of a station's own people, in stretches that do not overlap; None takes it back."""
    if draft.of(Station).get(command.station) is None:
        return [no_station(command.station)]
    if not ALWAYS <= command.day <= now.today + FURTHEST:
        return [_no_day("day", command.day, now)]
    key: Row = {"station": command.station, "day": command.day}
    before = draft.of(ShiftDayRow).get(*key.values())
    held = people_in(before["shifts"]) if before else frozenset[str]()
    refusals = _refuse(command.station, [command.shifts or ()], command.day, draft, held=held)
    if refusals:
        return refusals
    said = None if command.shifts is None else {"shifts": spell_shifts(command.shifts), "reason": command.reason}
    after = None if said is None else {**key, **said}
    if before == after:
        return None
    return CityChange(
        (Edit(ShiftDayRow, before or key, gone=True) if after is None else Edit(ShiftDayRow, after),),
        before=_told(before) if before else {},
        after=_told(said) if said else {},
        station=command.station,
        day_from=command.day,
        is_past=command.day < now.today,
    )


def taken_out(person: str, draft: Draft) -> list[Edit]:
    """Every week and day of the past and to come without somebody who is erased."""
    found = []
    for station in sorted({row["station"] for row in draft.of(Membership).of(person)}):
        for model in (ShiftWeekRow, ShiftDayRow):
            for row in draft.of(model).of(station):
                rows = json.loads(row["shifts"])
                left = [[*one[:-1], [other for other in one[-1] if other != person]] for one in rows]
                if left != rows:
                    found.append(Edit(model, {**row, "shifts": spell([one for one in left if one[-1]])}))
    return found


def people_in(shifts: str) -> frozenset[str]:
    """Everybody whom a column of shifts names."""
    return frozenset(person for row in json.loads(shifts) for person in row[-1])


def _no_day(field: str, day: date, now: Now) -> Refusal:
    return Refusal(field, str(day), say("a day from {first} to {last}", first=ALWAYS, last=now.today + FURTHEST))


def _told(row: Row) -> Row:
    return {"shifts": json.loads(row["shifts"]), "reason": row["reason"]}


def _in_force(rows: list[Row], day: date) -> tuple[date, str]:
    found = max((row for row in rows if row["from_day"] <= day), key=lambda row: row["from_day"], default=None)
    return (day, spell_shift_week(NO_SHIFTS)) if found is None else (found["from_day"], str(found["shifts"]))


def _refuse(
    station: str, days: Iterable[DayShifts], since: date, draft: Draft, *, held: frozenset[str]
) -> list[Refusal]:
    """Who stands there already may stay: whoever left the station meanwhile is expected no more anyway."""
    people: dict[str, None] = {}
    for shifts in days:
        for place, shift in enumerate(shifts):
            if any(overlaps(shift.span, other.span) for other in shifts[place + 1 :]):
                return [Refusal("shifts", "hours that overlap", "hours without overlap")]
            people |= dict.fromkeys(shift.people)
    if any(draft.of(Volunteer).get(person) is None for person in people):
        return [no_person(person) for person in people if draft.of(Volunteer).get(person) is None]
    strangers = [one for one in people if one not in held and not belongs_on(station, one, since, draft)]
    wanted = say("one of the people of the station on {day}", day=since)
    return [Refusal("people", say("{person}, who is not one of {station}", person=one, station=station), wanted)
            for one in strangers]  # fmt: skip


def belongs_on(station: str, person: str, day: date, draft: Draft) -> bool:
    """Whether somebody is one of a station's people on a day."""
    return any(row["station"] == station and _holds(row, day) for row in draft.of(Membership).of(person))


def _is_back(station: str, person: str, begun: date, day: date, draft: Draft) -> bool:
    """Whether somebody has left the station and come back between: expected only if they are entered anew."""
    rows = [row for row in draft.of(Membership).of(person) if row["station"] == station and _holds(row, day)]
    return any(not _holds(row, begun) for row in rows)


def _holds(belonging: Row, day: date) -> bool:
    return belonging["from_day"] <= day and (belonging["until_day"] is None or day < belonging["until_day"])
