"""Single days that are otherwise: a station's own, those that many share, the country's holidays: rules, changes."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from hub.changing.commands import EnterHolidays, SetHoliday, SetSharedDay, SetSpecialDay
from hub.changing.draft import Draft
from hub.changing.effects import CityChange, Edit, HandlerAnswer, Now, Refusal, Row, spell_found
from hub.changing.places import no_station
from hub.database.tables import District, HolidayRow, SharedDay, SpecialDay, Station
from hub.register.holidays import DaySort, Holiday
from hub.register.kinds import KINDS
from hub.register.notice import spelled_holidays
from hub.register.spelling import spell_spans
from hub.register.statutory import published
from hub.register.terms import ALWAYS, overlap_in
from hub.saying import say

BY_HAND: Final = "手工"
_LONGEST_NAME: Final = 20
FURTHEST: Final = timedelta(days=731)  # in November the whole of next year is known; a typed 2126 is a slip


def set_special_day(command: SetSpecialDay, draft: Draft, now: Now) -> HandlerAnswer:
    """Spans of one day that do not overlap."""
    if draft.of(Station).get(command.station) is None:
        return [no_station(command.station)]
    before = draft.of(SpecialDay).get(command.station, command.day)
    key = {"station": command.station, "day": command.day}
    said = None if command.spans is None else {"spans": spell_spans(command.spans), "reason": command.reason}
    after = None if said is None else {**key, **said}
    if before == after:
        return None
    if refusals := _refuse(command, now):
        return refusals
    edit = Edit(SpecialDay, before or key, gone=True) if after is None else Edit(SpecialDay, after)
    return CityChange(
        (edit,),
        before={name: before[name] for name in ("spans", "reason")} if before else {},
        after=said or {},
        station=command.station,
        day_from=command.day,
        is_past=command.day < now.today,
    )


def set_shared_day(command: SetSharedDay, draft: Draft, now: Now) -> HandlerAnswer:
    """Of a district and a kind that there are; what is said of a station itself goes before it."""
    if command.district and draft.of(District).get(command.district) is None:
        found, wanted = spell_found(command.district), "code of a district that is entered"
        return [Refusal("district", found, wanted, missing=command.district)]
    if command.kind and command.kind not in KINDS:
        return [Refusal("kind", spell_found(command.kind), say("one of {words}", words=list(KINDS)))]
    key: Row = {"district": command.district, "kind": command.kind, "day": command.day}
    before = draft.of(SharedDay).get(*key.values())
    said = None if command.spans is None else {"spans": spell_spans(command.spans), "reason": command.reason}
    after = None if said is None else {**key, **said}
    if before == after:
        return None
    if refusals := _refuse(command, now):
        return refusals
    whose = {name: key[name] for name in ("district", "kind") if key[name]}
    return CityChange(
        (Edit(SharedDay, before or key, gone=True) if after is None else Edit(SharedDay, after),),
        before={**whose, **{name: before[name] for name in ("spans", "reason")}} if before else {},
        after={**whose, **said} if said else {},
        day_from=command.day,
        is_past=command.day < now.today,
    )


def _refuse(command: SetSpecialDay | SetSharedDay, now: Now) -> list[Refusal]:
    """No station has terms before the first such day, so nothing is judged by what is said of an earlier one.

    What was entered while that was taken comes back with every sheet that names it, and changes nothing.
    """
    spans = command.spans
    if spans is not None and overlap_in(spans):
        return [Refusal("spans", spell_found(spell_spans(spans)), "hours without overlap")]
    if spans is not None and not ALWAYS <= command.day <= now.today + FURTHEST:
        wanted = say("a day from {first} to {last}", first=ALWAYS, last=now.today + FURTHEST)
        return [Refusal("day", str(command.day), wanted)]
    return []


def enter_holidays(command: EnterHolidays, draft: Draft, now: Now) -> HandlerAnswer:
    """Days of that year, or of the December before it, each once and of no other year's notice."""
    first, last = date(command.year, 1, 1) - timedelta(days=31), date(command.year, 12, 31)
    for one in command.days:
        if not first <= one.day <= last or one.day < ALWAYS:
            wanted = say("a day of {year}, or of the December before", year=command.year)
            return [Refusal("day", str(one.day), wanted)]
    return _let_be(command.year, command.days, command.notice, draft, now)


def set_holiday(command: SetHoliday, draft: Draft, now: Now) -> HandlerAnswer:
    """Of a year whose holidays are known: one day alone does not make a year known."""
    row = draft.of(HolidayRow).get(command.day)
    year = _year_of(command.day) if row is None else int(row["year"])
    known = _known(year, draft)
    if not known:
        wanted = say("the notice of {year} first, on the page 节假日 or by zaigang-hub holidays paste", year=year)
        return [Refusal("day", say("{day}, of a year whose holidays are not known", day=command.day), wanted)]
    if len(command.name) > _LONGEST_NAME:
        return [
            Refusal(
                "name",
                spell_found(command.name),
                say("at most {count} {count:character|characters}", count=_LONGEST_NAME),
            )
        ]
    days = {one.day: one for one in known}
    days.pop(command.day, None)
    if command.sort is not None:
        days[command.day] = Holiday(command.day, command.sort, command.name)
    return _let_be(year, (days[day] for day in sorted(days)), BY_HAND, draft, now)


def _year_of(day: date) -> int:
    """The year whose published notice names that day; else its own."""
    named = (year for year, notice in published().items() if any(one.day == day for one in notice.days))
    return next(named, day.year)


def _known(year: int, draft: Draft) -> list[Holiday]:
    rows = draft.of(HolidayRow).of(year)
    if rows:
        return [Holiday(row["day"], DaySort(row["sort"]), row["name"]) for row in rows]
    return list(published()[year].days) if year in published() else []


def _let_be(year: int, days: Iterable[Holiday], notice: str, draft: Draft, now: Now) -> HandlerAnswer:
    rows = draft.of(HolidayRow)
    was = {one.day: one for one in _known(year, draft)}
    is_now = {one.day: one for one in days}
    changed = sorted(day for day in was.keys() | is_now.keys() if was.get(day) != is_now.get(day))
    if not changed and (rows.of(year) or year in published()):
        return None
    for day in is_now:
        row = rows.get(day)
        if row is not None and row["year"] != year:
            found = say("{day}, which the notice of {year} names too", day=day, year=row["year"])
            return [Refusal("day", found, "each day in one notice")]
    gone = [Edit(HolidayRow, row, gone=True) for row in rows.of(year) if row["day"] not in is_now]
    here = [
        Edit(HolidayRow, {"day": one.day, "year": year, "sort": one.sort.value, "name": one.name, "notice": notice})
        for one in is_now.values()
    ]
    return CityChange(
        (*gone, *here),
        before={"holidays": spelled_holidays(was[day] for day in changed if day in was)},
        after={"holidays": spelled_holidays(is_now[day] for day in changed if day in is_now)},
        day_from=changed[0],
        is_past=changed[0] < now.today,
    )
