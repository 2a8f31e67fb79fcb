"""The classes of a stretch of time: told instant by instant by an oracle that only looks, never sweeps."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from station.coverage import Band, Coverage, Interval, coverage
from station.duty import DutyClass, DutyRule, Limits, StationRules, Terms
from station.fold import PlacedTap, fold
from station.names import KioskId, Seq
from station.records import Action
from station.stints import Stint, stint_at
from tests.station.days import DAY, EPOCH, HALL, RULES, at, course, minutes

TOMORROW = DAY + timedelta(days=1)
DOOR, GATE = KioskId("door"), KioskId("gate")
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
WHOLE_DAY = Interval(at("00:00"), at("00:00", TOMORROW))
STRICTER = Terms(DutyRule(2, 3), Limits(budget=minutes(5)))
DATED = StationRules(RULES[HALL].calendar, dated=((TOMORROW, STRICTER),))
Watched = dict[KioskId, list[tuple[datetime, datetime]]]


def covered(
    stints: tuple[Stint, ...] = (), watched: Watched | None = None, now: str = "23:59", whole: Interval = WHOLE_DAY
) -> Coverage:
    """That day of the hall, watched all along by one kiosk unless said otherwise."""
    rules = RULES[HALL]
    seen = {DOOR: [tuple(WHOLE_DAY)]} if watched is None else watched
    return coverage(rules.calendar.periods_on(DAY), stints, rules, whole, seen, now=at(now))


def test_who_arrives_elsewhere_while_out_kept_the_class_of_those_minutes() -> None:
    day = course(
        ("08:00", Action.ARRIVE), ("09:00", Action.LEAVE), ("09:01", Action.STEP_OUT),
        ("09:10", Action.ARRIVE, "bank"),
    )  # fmt: skip
    other = course(("08:00", Action.ARRIVE))
    first = day.stints_at(at("11:00"))[0]

    found = covered((first, *other.stints_at(at("11:00"))), now="11:00")

    assert (first.end, first.ended_at) == ("moved", at("09:00"))
    assert [(b.duty_class, b.began_at) for b in found.bands[1:]] == [("met", at("08:00")), ("minimum", at("09:10"))]


def test_a_step_out_within_the_budget_begins_no_new_met() -> None:
    day = course(
        ("08:00", Action.ARRIVE), ("09:00", Action.LEAVE), ("09:01", Action.STEP_OUT), ("09:10", Action.RETURN)
    )
    other = course(("08:00", Action.ARRIVE))

    found = covered((*day.stints, *other.stints), now="10:00")

    assert found.class_since(DutyClass.MET) == at("08:00")


def test_every_period_is_judged_by_the_terms_of_its_own_day() -> None:
    days = Interval(at("00:00"), at("00:00", TOMORROW + timedelta(days=1)))
    periods = [*DATED.calendar.periods_on(DAY), *DATED.calendar.periods_on(TOMORROW)]
    taps = [
        PlacedTap(at("08:00", day), DOOR, EPOCH, Seq(seq), HALL, Action.ARRIVE)
        for seq, day in enumerate((DAY, TOMORROW), 1)
    ]

    found = coverage(periods, fold(taps, {HALL: DATED}).stints, DATED, days, {DOOR: [tuple(days)]}, now=days.until)

    mornings = [b.duty_class for b in found.bands if b.began_at in {at("08:00"), at("08:00", TOMORROW)}]
    assert mornings == ["minimum", "vacant"]


def test_a_gap_says_how_long_each_kiosk_watched_and_short_ones_are_not_listed() -> None:
    seen: Watched = {DOOR: [tuple(WHOLE_DAY)], GATE: [(at("10:30"), at("12:00"))]}
    once = course(("08:00", Action.ARRIVE), ("09:00", Action.LEAVE))
    again = course(("09:00:59", Action.ARRIVE), ("10:00", Action.LEAVE))

    found = covered((*once.stints, *again.stints), seen, now="11:30")

    assert [(g.band.began_at, g.band.ended_at, g.band.partial, g.watched) for g in found.gaps] == [
        (at("10:00"), at("10:30"), True, {DOOR: minutes(30), GATE: minutes(0)}),
        (at("10:30"), at("11:30"), False, {DOOR: minutes(60), GATE: minutes(60)}),
    ]
    assert found.lasting[DutyClass.VACANT] == minutes(90) + timedelta(seconds=59)
    assert found.partial == minutes(30) + timedelta(seconds=59)


def test_nothing_is_said_of_what_comes_after_now() -> None:
    assert covered(now="00:00").bands == ()
    assert covered(now="08:30").bands[-1].ended_at == at("08:30")


def test_four_months_of_a_busy_station_take_about_four_times_as_long_as_one() -> None:
    took_s = {days: [float("inf")] for days in (30, 120)}
    for _ in range(5):  # in turn, so that what else the machine does falls on both
        for days, tries in took_s.items():
            tries.append(_seconds_of_a_busy_station(days))

    assert min(took_s[120]) < 9 * min(took_s[30])  # 16 times, were each stint held against each watched hour


def _seconds_of_a_busy_station(day_count: int) -> float:
    """How long its coverage takes this process."""
    first, days = DAY, [DAY + timedelta(days=n) for n in range(day_count)]
    rules = RULES[HALL]
    stints = tuple(
        stint
        for n in range(20)
        for stint in fold(
            (
                PlacedTap(at(f"{hour:02}:{n:02}", day), DOOR, EPOCH, Seq(100 * (day - first).days + hour), HALL, action)
                for day in days
                for hour, action in ((8, Action.ARRIVE), (11, Action.LEAVE), (14, Action.ARRIVE), (17, Action.LEAVE))
            ),
            {HALL: rules},
        ).stints
    )
    seen = {
        kiosk: [(at(f"{hour:02}:00", day), at(f"{hour:02}:50", day)) for day in days for hour in range(24)]
        for kiosk in (DOOR, GATE)
    }
    whole = Interval(at("00:00"), at("00:00", days[-1]) + timedelta(days=1))
    periods = [period for day in days for period in rules.calendar.periods_on(day)]

    began_s = time.process_time()
    found = coverage(periods, stints, rules, whole, seen, now=whole.until)
    took_s = time.process_time() - began_s

    assert (len(stints), sum(found.lasting.values(), timedelta())) == (40 * day_count, timedelta(days=day_count))
    return took_s


_UNITS = st.integers(0, 2 * 24 * 60 - 1)
_KINDS = ["arrive", "arrive", "out", "return", "leave", "elsewhere"]
_PEOPLE = st.lists(
    st.tuples(_UNITS, st.lists(st.tuples(st.integers(1, 120), st.sampled_from(_KINDS)), max_size=12)), max_size=4
)
_SEEN = st.lists(st.tuples(_UNITS, st.integers(0, 400)), max_size=6)


@settings(max_examples=60)
@given(_PEOPLE, _SEEN, _SEEN, _UNITS, st.booleans())
def test_each_minute_is_of_the_class_that_it_looks_like(acts, door, gate, until, is_live) -> None:
    _holds(acts, {DOOR: door, GATE: gate}, MINUTE, at("00:00"), until, is_live=is_live)


@settings(max_examples=25)
@given(_PEOPLE, _SEEN, _SEEN, _UNITS, st.booleans())
def test_each_second_is_of_the_class_that_it_looks_like(acts, door, gate, until, is_live) -> None:
    _holds(acts, {DOOR: door, GATE: gate}, SECOND, at("11:10"), until, is_live=is_live)


@settings(max_examples=60)
@given(_PEOPLE, _SEEN, _UNITS, st.booleans())
def test_a_stretch_is_alike_reckoned_alone_and_with_what_came_before(acts, door, until, is_live) -> None:
    now, stints, watched = _known(acts, {DOOR: door}, MINUTE, at("00:00"), until)
    begins, ends = at("00:00"), at("00:00", TOMORROW + timedelta(days=1))
    periods = [*DATED.calendar.periods_on(DAY), *DATED.calendar.periods_on(TOMORROW)]

    def reckoned(since: datetime) -> tuple[Band, ...]:
        whole = Interval(since, ends)
        return coverage(periods, stints, DATED, whole, watched, now=now, is_live=is_live).bands

    for middle in [begins, *(stint.ended_at for stint in stints if stint.ended_at is not None)]:
        later = [band for band in reckoned(begins) if band.ended_at > middle]
        assert reckoned(middle) == tuple(replace(band, began_at=max(band.began_at, middle)) for band in later)


def _known(
    acts, seen, unit: timedelta, begins: datetime, until: int
) -> tuple[datetime, list[Stint], dict[KioskId, list[tuple[datetime, datetime]]]]:
    """Now, what people did and when kiosks watched."""
    bank = StationRules(RULES["bank"].calendar, dated=((TOMORROW, STRICTER),))
    now = begins + until * unit
    stints = [
        stint
        for person, own in enumerate(acts)
        for stint in fold(_taps(own, person, begins, unit), {HALL: DATED, "bank": bank}).stints_at(now)
        if stint.station == HALL and stint.began_at <= now
    ]
    watched = {
        kiosk: [(begins + n * unit, begins + (n + length) * unit) for n, length in own] for kiosk, own in seen.items()
    }
    return now, stints, watched


def _holds(acts, seen, unit: timedelta, begins: datetime, until: int, *, is_live: bool) -> None:
    now, stints, watched = _known(acts, seen, unit, begins, until)
    whole = Interval(begins, begins + 2 * 24 * 60 * unit)
    periods = [*DATED.calendar.periods_on(DAY), *DATED.calendar.periods_on(TOMORROW)]

    found = coverage(periods, stints, DATED, whole, watched, now=now, is_live=is_live)

    looks = [_looked(begins + n * unit, stints, watched, now, is_live=is_live) for n in range(until)]
    assert [look for band in found.bands for look in [(band.duty_class, band.partial)] * (band.lasted // unit)] == looks
    assert {each: sum(look[0] is each for look in looks) * unit for each in DutyClass} == found.lasting
    assert sum(partial for _, partial in looks) * unit == found.partial
    assert sum(each is not DutyClass.CLOSED for each, _ in looks) * unit == found.opened
    gaps = [(gap.band.began_at, gap.band.ended_at, gap.watched) for gap in found.gaps]
    assert gaps == list(_gaps(looks, watched, begins, unit))


def _taps(acts, person: int, begins: datetime, unit: timedelta) -> list[PlacedTap]:
    """What one person does, each act so many units after the one before."""
    n, kinds = acts
    placed: list[PlacedTap] = []

    def tap(action: Action, station: str = HALL, of: Seq | None = None) -> None:
        seq = Seq(len(placed) + 1)
        placed.append(PlacedTap(begins + n * unit, KioskId(f"k{person}"), EPOCH, seq, station, action, of))

    for gap, kind in kinds:
        n += gap
        if kind == "out":
            tap(Action.LEAVE)
            tap(Action.STEP_OUT, of=Seq(len(placed)))
        elif kind == "elsewhere":
            tap(Action.ARRIVE, "bank")
        else:
            tap(Action(kind))
    return placed


def _looked(
    moment: datetime, stints: list[Stint], watched: Watched, now: datetime, *, is_live: bool
) -> tuple[DutyClass, bool]:
    """What that instant is, by looking at everybody and everything."""
    watching = sum(any(since <= moment < until for since, until in seen) for seen in watched.values())
    on = out = 0
    for stint in (stint_at(stint, now, DATED) for stint in stints):
        is_out = any(since <= moment < until for since, until in stint.outs) or (
            stint.out_since is not None and stint.out_since <= moment
        )
        is_there = stint.began_at <= moment < (stint.ended_at or now)
        counts = stint.counts(moment) and not stint.claimed
        is_proven = is_live or watching > 0 or moment < stint.proven_until
        on += counts and is_proven and is_there and not is_out
        out += counts and is_proven and is_out
    day = DATED.calendar.local_day(moment)
    rule = DATED.terms_on(day).duty
    if not DATED.calendar.is_open(moment):
        return DutyClass.CLOSED, False
    if on >= rule.minimum:
        return (DutyClass.MET if on + min(out, 1) >= rule.target else DutyClass.MINIMUM), False
    return (DutyClass.VACANT, watching < len(watched)) if watching else (DutyClass.UNKNOWN, False)


def _gaps(looks, watched: Watched, begins: datetime, unit: timedelta) -> Iterator[tuple[object, ...]]:
    place = 0
    for look, together in groupby(looks):
        length = len(list(together))
        since, place = begins + place * unit, place + length
        if look[0] in {DutyClass.VACANT, DutyClass.UNKNOWN} and length * unit >= MINUTE:
            moments = [since + n * unit for n in range(length)]
            lasted = {
                kiosk: sum(any(a <= moment < b for a, b in seen) for moment in moments) * unit
                for kiosk, seen in watched.items()
            }
            yield since, since + length * unit, lasted
