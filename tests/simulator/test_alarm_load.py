"""How often people would be called: what boards show, what is raised by it, and whether a person can take it."""

from __future__ import annotations

from array import array
from datetime import date
from random import Random
from typing import TYPE_CHECKING

import pytest

from simulator.alarm_load.command import play
from simulator.alarm_load.operators import Operator, operators_of
from simulator.alarm_load.raised import Told, raised
from simulator.alarm_load.shown import ShownClasses, WatchedStation, as_shown, as_watched
from simulator.alarm_load.stretches_out import away
from simulator.oracle.due_alarms import CITY, courses_of
from simulator.oracle.stretches import Stretch
from simulator.world.registry import small_city
from simulator.world.scenario import FaultKind, Rate, Scenario
from station.alarms import Alarm, Ending, Happening, Lack, Level, Matter, What
from station.duty import DutyClass

if TYPE_CHECKING:
    from collections.abc import Sequence

MINUTE = 60_000
DAY = 1440 * MINUTE
CLOSED, MET, MINIMUM, VACANT, UNKNOWN = (
    DutyClass.CLOSED, DutyClass.MET, DutyClass.MINIMUM, DutyClass.VACANT, DutyClass.UNKNOWN,
)  # fmt: skip


def shown(*steps: tuple[float, DutyClass]) -> ShownClasses:
    found = ShownClasses(array("q"), bytearray())
    for minute, duty_class in steps:
        found.add(round(minute * MINUTE), duty_class)
    return found


def minutes(found: ShownClasses) -> list[tuple[float, DutyClass]]:
    return [(at_ms / MINUTE, duty_class) for at_ms, duty_class in found.steps()]


def unheard(since: float, until: float) -> list[Stretch]:
    return [Stretch(round(since * MINUTE), round(until * MINUTE))]


def test_a_shortfall_of_a_station_that_is_not_heard_is_unknown_and_nobody_leaves_meanwhile() -> None:
    true = shown((0, VACANT), (10, MET), (40, VACANT), (60, CLOSED), (90, VACANT))

    assert minutes(as_shown(true, unheard(5, 20))) == [
        (0, VACANT), (5.5, UNKNOWN), (20, MET), (40, VACANT), (60, CLOSED), (90, VACANT),
    ]  # fmt: skip
    assert minutes(as_shown(true, unheard(30, 100))) == [
        (0, VACANT), (10, MET), (60, CLOSED), (90, UNKNOWN), (100, VACANT),
    ]  # fmt: skip


def test_a_station_that_is_not_heard_is_told_of_while_people_are_recorded_there() -> None:
    true = shown((0, CLOSED), (10, MET), (60, CLOSED))

    assert minutes(as_watched(true, unheard(20, 30))) == [
        (0, CLOSED), (10, MET), (20.5, UNKNOWN), (30, MET), (60, CLOSED),
    ]  # fmt: skip
    assert minutes(as_watched(true, unheard(50, 70))) == [(0, CLOSED), (10, MET), (50.5, UNKNOWN), (60, CLOSED)]


def test_a_line_that_is_back_within_seconds_was_never_missed() -> None:
    true = shown((0, VACANT), (10, MET))

    assert minutes(as_shown(true, unheard(5, 5.4))) == minutes(true)


def a_day(rng: Random) -> list[tuple[float, DutyClass]]:
    """Open from the second to the twelfth hour, with a class of its own every few minutes."""
    moments = sorted(rng.sample(range(121, 720), 60))
    between = [(float(minute), rng.choice((MET, MINIMUM, VACANT, UNKNOWN))) for minute in moments]
    return [(0, CLOSED), (120, rng.choice((MET, VACANT))), *between, (720, CLOSED)]


def a_station(rng: Random) -> WatchedStation:
    """Its classes, and now and then a kiosk that is silent whatever they are."""
    day = a_day(rng)
    silent = [(minute, UNKNOWN if one is not CLOSED and rng.random() < 0.2 else one) for minute, one in day]
    return WatchedStation(shown(*day), shown(*silent))


def told_levels(one: Told) -> list[Level]:
    """Whom it is told to; that it is over, to whoever was told before."""
    level = one.happening.alarm.level
    if one.happening.what is What.ENDED:
        return [each for each in one.to if each <= level and one.happening.ending is Ending.MET]
    return [level] if level in one.to else []


@pytest.mark.parametrize("seed", range(12))
def test_what_is_raised_is_what_the_oracle_reckons(seed: int) -> None:
    """By other rules than the product's, which know no course of it."""
    rng = Random(seed)
    stations = {f"S-{n}": a_station(rng) for n in range(24 if seed % 2 else 6)}
    scopes = {code: "district/1" if int(code[2:]) < 11 else "district/2" for code in stations}
    classes, watching = (
        {code: [(at_ms, one.value) for at_ms, one in each[which].steps()] for code, each in stations.items()}
        for which in (0, 1)
    )
    asked = {"until_ms": DAY, "classes": classes, "watching": watching, "closings": dict.fromkeys(classes, ()), "done": (),
             "scopes": scopes}  # fmt: skip
    due = {
        (key[0], key[1], one.lack, one.what, one.level, one.at_ms)
        for key, course in courses_of(asked) for one in course.due
    }  # fmt: skip

    found = {
        (one.station, one.matter is Matter.WATCHING, one.happening.alarm.lack.value, one.happening.what.value,
         int(level), one.at_ms)
        for one in raised(stations, [], scopes) for level in told_levels(one)
    }  # fmt: skip

    assert len(found) > 20
    assert found == due
    assert any(station == CITY for station, *_ in found) or seed
    assert any("/" in station for station, *_ in found) or seed % 2 == 0


def kinds(told: Sequence[Told]) -> list[tuple[float, What, Level]]:
    return [(one.at_ms / MINUTE, one.happening.what, one.happening.alarm.level) for one in told]


def test_time_without_a_hub_does_not_count_and_a_closing_in_it_ends_what_was_told() -> None:
    steps = shown((0, CLOSED), (10, VACANT), (60, CLOSED), (90, VACANT), (100, MET))
    station = {"S-1": WatchedStation(steps, steps)}

    told = [*raised(station, unheard(12, 22), {"S-1": "S-1"})]
    over_closing = [*raised(station, unheard(50, 92), {"S-1": "S-1"})]

    assert kinds(told)[:2] == [(25, What.RAISED, Level.LEAD), (40, What.ESCALATED, Level.OVERSEER)]
    assert kinds(over_closing)[:4] == [
        (15, What.RAISED, Level.LEAD), (30, What.ESCALATED, Level.OVERSEER), (45, What.ESCALATED, Level.CITY),
        (92, What.ENDED, Level.CITY),
    ]  # fmt: skip
    assert over_closing[3].happening.ending is Ending.CLOSING


def alarm(minute: float, station: str, what: What = What.RAISED, level: Level = Level.LEAD) -> Told:
    ending = Ending.MET if what is What.ENDED else None
    told = Happening(what, Alarm(Lack.UNWATCHED, level), ending=ending)
    return Told(round(minute * MINUTE), station, Matter.WATCHING, told)


def test_who_is_told_of_many_is_called_eight_times_and_then_once_in_ten_minutes() -> None:
    lead = Operator("lead", Level.LEAD)

    for minute in range(60):
        lead.take(alarm(minute, f"S-{minute}"), "")
    lead.pass_time(1 << 62)

    assert len(lead.alarms_ms) == 60
    assert [at_ms / MINUTE for at_ms in lead.calls_ms][:9] == [0, 1, 2, 3, 4, 5, 6, 7, 10]
    load = lead.load(DAY)
    assert load.most_calls <= 10
    assert load.most_alarms > 10


def test_what_is_over_before_it_was_told_is_told_to_nobody() -> None:
    lead = Operator("lead", Level.LEAD)
    for minute in range(9):
        lead.take(alarm(minute, f"S-{minute}"), "")
    lead.take(alarm(9, "S-8", What.ENDED), "")
    lead.take(alarm(9.5, "S-0", What.ENDED), "")
    lead.pass_time(1 << 62)

    assert len(lead.alarms_ms) == 8
    assert [at_ms / MINUTE for at_ms in lead.calls_ms][8:] == [10]
    assert lead.stood == [(0, round(9.5 * MINUTE), "")]


def test_what_comes_at_once_of_one_district_is_a_line() -> None:
    city = Operator("city", Level.CITY)
    for n in range(9):
        city.take(alarm(0, f"S-{n}"), "east" if n < 5 else "west" if n < 8 else "")
    city.take(alarm(0, "S-9", What.ESCALATED), "east")
    city.pass_time(1 << 62)

    assert city.alarms_ms == [0] * (1 + 3 + 1 + 1)
    assert city.calls_ms == [0]


def test_what_stands_is_counted_by_district_where_it_is_more_than_one_keeps_in_view() -> None:
    city = Operator("city", Level.CITY)
    for n in range(12):
        city.take(alarm(n, f"S-{n}"), "east" if n < 9 else "west")
    for n in range(12):
        city.take(alarm(20 + n, f"S-{n}", What.ENDED), "east" if n < 9 else "west")

    at_first = {n * MINUTE: n + 1 for n in range(8)}  # called at once, then all that waits after ten minutes
    at_last = {(20 + n) * MINUTE: 11 - n for n in range(1, 12)}
    assert city.lines_standing() == at_first | {10 * MINUTE: 1 + 2, 20 * MINUTE: 1 + 3} | at_last


def test_a_flood_and_what_stands_for_long_are_over_the_limits() -> None:
    city = small_city(1, 22)
    storm = [alarm(n * 20 + second / 60, place.code, what, Level.CITY)
             for n in range(20) for second, what in ((0, What.ESCALATED), (1100, What.ENDED)) for place in city.stations]  # fmt: skip
    scattered = [one._replace(station=f"X-{one.station}") for one in storm]

    (load,) = [one.load(400 * MINUTE) for one in operators_of(city, scattered) if one.level is Level.CITY]
    (together,) = [one.load(400 * MINUTE) for one in operators_of(city, storm) if one.level is Level.CITY]

    assert [line.split(": ")[1].split("; ")[0] for line in load.over()] == [
        "0.5 of the time in a flood", "20.2 alarms standing on average",
    ]  # fmt: skip
    assert not [*together.over()]


def test_a_small_citys_week_keeps_the_limits_and_each_level_is_told() -> None:
    scenario = Scenario(seed=3, stations=12, lasts_h=168.0, faults=((FaultKind.CUT, Rate(0.2, 60, 7200)),))
    city = small_city(scenario.seed, scenario.stations)

    operators, loads = play(scenario, city, 7)

    assert {one.level for one in operators} == set(Level)
    assert not [line for load in loads for line in load.over()]
    assert play(scenario, city, 7)[1] == loads


def test_a_districts_network_fails_for_all_its_stations_at_once() -> None:
    city = small_city(1, 24)
    gone = away(Scenario(), city, date(2026, 1, 5), 120)

    of_each = {place.district: {tuple(gone.unheard[one.code]) for one in city.stations if one.district == place.district}
               for place in city.stations}  # fmt: skip

    assert all(len(stretches) == 1 for stretches in of_each.values())
    assert len(set().union(*of_each.values())) == len(of_each) > 1
