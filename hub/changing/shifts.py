"""Who is expected on duty when (值班表): rules and changes.

A week that is set from a day on holds until the next day from which one was set. Somebody who leaves the station is
expected no more by that alone (`hub.register.shifts`), so nothing is to be taken out here.
"""

import json
from collections.abc import Iterable
from datetime import date

from hub.changing.commands import PlanWeek, SetShiftDay
from hub.changing.draft import Draft
from hub.changing.effects import CityChange, Edit, HandlerAnswer, Now, Refusal, Row
from hub.changing.people import no_person
from hub.changing.places import no_station
from hub.database.people_tables import Membership, Volunteer
from hub.database.shift_tables import ShiftDayRow, ShiftWeekRow
from hub.database.tables import Station
from hub.register.shifts import NO_SHIFTS, DayShifts, overlaps, spell_shift_week, spell_shifts
from hub.register.terms import ALWAYS
from hub.saying import say


def plan_week(command: PlanWeek, draft: Draft, now: Now) -> HandlerAnswer:
    """Of a station's own people, in stretches that do not overlap."""
    if draft.of(Station).get(command.station) is None:
        return [no_station(command.station)]
    since = command.since or now.today
    if since < ALWAYS:
        return [Refusal("since", str(since), say("{day} or a later day", day=ALWAYS))]
    refusals = _refuse(command.station, command.week, since, draft)
    if refusals:
        return refusals
    rows = draft.of(ShiftWeekRow).of(command.station)
    was = _in_force(rows, since)
    wanted = spell_shift_week(command.week)
    if was == wanted:
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
    if command.day < ALWAYS:
        return [Refusal("day", str(command.day), say("{day} or a later day", day=ALWAYS))]
    refusals = _refuse(command.station, [command.shifts or ()], command.day, draft)
    if refusals:
        return refusals
    key: Row = {"station": command.station, "day": command.day}
    before = draft.of(ShiftDayRow).get(*key.values())
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


def _told(row: Row) -> Row:
    return {"shifts": json.loads(row["shifts"]), "reason": row["reason"]}


def _in_force(rows: list[Row], day: date) -> str:
    found = max((row for row in rows if row["from_day"] <= day), key=lambda row: row["from_day"], default=None)
    return spell_shift_week(NO_SHIFTS) if found is None else str(found["shifts"])


def _refuse(station: str, days: Iterable[DayShifts], since: date, draft: Draft) -> list[Refusal]:
    people: dict[str, None] = {}
    for shifts in days:
        for place, shift in enumerate(shifts):
            if any(overlaps(shift.span, other.span) for other in shifts[place + 1 :]):
                return [Refusal("shifts", "hours that overlap", "hours without overlap")]
            people |= dict.fromkeys(shift.people)
    if any(draft.of(Volunteer).get(person) is None for person in people):
        return [no_person(person) for person in people if draft.of(Volunteer).get(person) is None]
    strangers = [person for person in people if not _belongs(station, person, since, draft)]
    wanted = say("one of the people of the station on {day}", day=since)
    return [Refusal("people", say("{person}, who is not one of {station}", person=one, station=station), wanted)
            for one in strangers]  # fmt: skip


def _belongs(station: str, person: str, day: date, draft: Draft) -> bool:
    return any(
        row["station"] == station and row["from_day"] <= day and (row["until_day"] is None or day < row["until_day"])
        for row in draft.of(Membership).of(person)
    )
