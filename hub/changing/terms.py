"""What a station is judged by: rules and changes.

A thing that is set from a day on holds until the next day on which it was said to change: minimum 2 from today goes
on under the hours that were set ahead for April, which say nothing of it.
"""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Final

from hub.changing.commands import SetTerms
from hub.changing.draft import Draft
from hub.changing.effects import CityChange, Edit, HandlerAnswer, Now, Refusal, Row
from hub.changing.laying import given
from hub.changing.places import no_station
from hub.database.tables import Station, TermsRow
from hub.register.spelling import read_limits, read_week, spell_limits, spell_week
from hub.register.terms import ALWAYS, MAX_ON_DUTY, is_round_the_clock, overlap_in
from hub.saying import say
from station.duty import MOST_TAKE_BACK, ROUND_THE_CLOCK, Limits

_FIELDS: Final = ("week", "keeps_holidays", "minimum", "target", "limits")
Clauses = dict[date, Row]


def set_terms(command: SetTerms, draft: Draft, now: Now) -> HandlerAnswer:
    """An open day in the week, spans that do not overlap, 1 <= minimum <= target on every day."""
    if draft.of(Station).get(command.station) is None:
        return [no_station(command.station)]
    is_new = draft.of(Station).is_new(command.station)
    since = command.since or (ALWAYS if is_new else now.today)
    refusals = _refuse_values(command, since)
    if refusals:
        return refusals
    before = _clauses(draft, command.station)
    was = before[_in_force(before, since)]
    said = {name: value for name, value in _wanted(command).items() if was[name] != value}
    if not said:
        return None
    after = _set(before, since, said)
    if command.limits is None:
        after = {day: row | _longest(before[_in_force(before, day)], row) for day, row in after.items()}
    wanted = {name: value for name, value in after[since].items() if was[name] != value}
    after = _joined(after)
    refusals = [_low_target(day, row) for day, row in after.items() if not 1 <= row["minimum"] <= row["target"]]
    if refusals:
        return refusals[:1]
    return CityChange(
        tuple(_edits(command.station, draft, after)),
        before={name: was[name] for name in wanted},
        after=wanted,
        station=command.station,
        day_from=since,
        is_past=since < now.today and not is_new,
    )


def _refuse_values(command: SetTerms, since: date) -> list[Refusal]:
    refusals = []
    if since < ALWAYS:
        refusals.append(Refusal("since", str(since), say("{day} or a later day", day=ALWAYS)))
    for name, number in given(minimum=command.minimum, target=command.target).items():
        if number > MAX_ON_DUTY:
            refusals.append(Refusal(name, str(number), say("{high} or fewer", high=MAX_ON_DUTY)))
    if command.limits is not None and command.limits.take_back > MOST_TAKE_BACK:
        found = str(command.limits.take_back)
        refusals.append(Refusal("take_back", found, say("{most} or shorter", most=MOST_TAKE_BACK)))
    if command.week is not None and not any(command.week):
        refusals.append(Refusal("week", "no open day", "an open day; a station that closes for good is closed"))
    if command.week is not None and any(overlap_in(spans) for spans in command.week):
        refusals.append(Refusal("week", "hours that overlap", "hours without overlap"))
    return refusals


def _longest(was: Row, row: Row) -> Row:
    """Who is on duty round the clock meets no closing: that nobody taps for long is noticed sooner, and only there."""
    if was["week"] == row["week"]:
        return {}
    limits, usual = read_limits(row["limits"]), Limits().longest
    was_round, is_round = (is_round_the_clock(read_week(one["week"])) for one in (was, row))
    if is_round and not was_round and limits.longest == usual:
        return {"limits": spell_limits(replace(limits, longest=ROUND_THE_CLOCK))}
    if was_round and not is_round and limits.longest == ROUND_THE_CLOCK:
        return {"limits": spell_limits(replace(limits, longest=usual))}
    return {}


def _wanted(command: SetTerms) -> Row:
    return given(
        week=None if command.week is None else spell_week(command.week),
        minimum=command.minimum,
        target=command.target,
        limits=None if command.limits is None else spell_limits(command.limits),
        keeps_holidays=command.keeps_holidays,
    )


def _low_target(day: date, row: Row) -> Refusal:
    if row["minimum"] < 1:
        return Refusal("minimum", str(row["minimum"]), "1 or more")
    low = {"target": row["target"], "minimum": row["minimum"]}
    found = say("{target}, below the minimum of {minimum}", **low)
    if day != ALWAYS:
        found = say("{target}, below the minimum of {minimum}, from {day} on", **low, day=day)
    return Refusal("target", found, "at least the minimum")


def _clauses(draft: Draft, station: str) -> Clauses:
    """By first day; the first holds before its day too, so it is since always."""
    rows = draft.of(TermsRow).of(station)
    found = {row["from_day"]: {name: row[name] for name in _FIELDS} for row in rows}
    return {ALWAYS: found[min(found)], **found} if min(found) > ALWAYS else found


def _in_force(clauses: Clauses, day: date) -> date:
    return max(since for since in clauses if since <= day)


def _set(before: Clauses, since: date, wanted: Row) -> Clauses:
    after = {day: dict(row) for day, row in before.items()}
    after.setdefault(since, dict(before[_in_force(before, since)]))
    for name, value in wanted.items():
        was = after[since][name]
        for day in sorted(day for day in after if day >= since):
            if after[day][name] != was:
                break
            after[day][name] = value
    return after


def _joined(clauses: Clauses) -> Clauses:
    """Without days on which nothing changes."""
    days = sorted(clauses)
    same = {later for earlier, later in pairwise(days) if clauses[earlier] == clauses[later]}
    return {day: clauses[day] for day in days if day not in same}


def _edits(station: str, draft: Draft, after: Clauses) -> list[Edit]:
    rows = draft.of(TermsRow).of(station)
    gone = [Edit(TermsRow, row, gone=True) for row in rows if row["from_day"] not in after]
    here: list[Row] = [{"station": station, "from_day": day, **row} for day, row in after.items()]
    return gone + [Edit(TermsRow, row) for row in here if row not in rows]
