"""A kiosk without a time service takes the time from the hub, as long as the hub answers quickly."""

from datetime import UTC, datetime, timedelta

import pytest

from devices.signals import Signal
from edge.hub_time import HEARD_FOR_S, HubTime
from station.records import FROM_HUB, ClockSet, ClockState, Tap
from tests.edge.hub_in_memory import Line, shelves_of
from tests.edge.rig import Bench, Hands, card, duty, roster

MONDAY = datetime(2026, 3, 9, tzinfo=UTC)  # 08:00 in Shanghai; the machine's clock stands at Thursday
SECOND = timedelta(seconds=1)


@pytest.fixture
def hands():
    found = Hands()
    found.synced = False
    return found


@pytest.fixture
def time(hands):
    return HubTime(hands.clock(), lambda: hands.synced)


@pytest.fixture
def bench(tmp_path, hands):
    found = Bench(tmp_path, hands)
    found.tell(duty(), roster({1: "p1"}))
    yield found
    found.close()


def test_the_time_is_the_hubs_and_half_the_round_trip(time, hands):
    time.hear(MONDAY, 0.5)
    hands.pass_s(60)

    assert time.clock.now() == MONDAY + 60.25 * SECOND
    assert (time.source, time.bound_ms, time.is_synced()) == (FROM_HUB, 253, True)


def test_an_answer_that_took_longer_than_two_seconds_tells_no_time(time, hands):
    time.hear(MONDAY, 2.1)

    assert (time.clock.now(), time.source, time.is_synced()) == (hands.now(), "", False)


def test_of_two_answers_that_agree_the_closer_one_counts(time, hands):
    time.hear(MONDAY, 0.2)
    time.hear(MONDAY - 0.2 * SECOND, 1.0)

    assert time.clock.now() == MONDAY + 0.1 * SECOND


def test_an_answer_that_contradicts_counts_though_it_is_less_exact(time, hands):
    time.hear(MONDAY, 0.2)
    time.hear(MONDAY + 60 * SECOND, 1.0)

    assert time.clock.now() == MONDAY + 60.5 * SECOND


def test_the_time_goes_on_without_the_line_but_is_kept_no_more(time, hands):
    time.hear(MONDAY, 0.0)
    hands.pass_s(HEARD_FOR_S + 1)

    assert not time.is_synced()
    assert time.clock.now() == MONDAY + (HEARD_FOR_S + 1) * SECOND


def test_a_time_service_goes_before_the_hub(time, hands):
    time.hear(MONDAY, 0.0)
    hands.synced = True

    assert (time.is_synced(), time.clock.now(), time.source) == (True, hands.now(), "")
    time.hear(MONDAY, 0.0)
    assert time.clock.now() == hands.now()


def test_a_site_without_a_time_service_is_synced_while_its_line_is_up(bench, hands):
    bench.kiosk.time.hear(MONDAY, 0.5)
    bench.hands.pass_s(1)
    bench.kiosk.tend()
    signal = bench.touch(card(1))

    (sync,) = [record for record in bench.records() if isinstance(record, ClockSet)]
    (tap,) = [record for record in bench.records() if isinstance(record, Tap)]
    assert (sync.clock, sync.source, sync.bound_ms, sync.at) == (
        ClockState.SYNCED, FROM_HUB, 250, MONDAY + 1.25 * SECOND,
    )  # fmt: skip
    assert (signal, tap.clock) == (Signal.ARRIVED, ClockState.SYNCED)
    assert MONDAY + SECOND < tap.at < MONDAY + 2 * SECOND
    assert bench.kiosk.health().source == FROM_HUB


def test_a_restart_of_the_agent_decides_by_what_the_hub_said(bench, hands):
    bench.kiosk.time.hear(MONDAY, 0.5)
    bench.hands.pass_s(1)
    bench.kiosk.tend()
    bench.touch(card(1))
    hands.pass_s(600)

    bench.restart()

    assert bench.touch(card(1)) is Signal.LEFT


def test_the_first_answer_to_a_message_tells_the_time_and_how_long_it_took():
    line = Line(1, shelves_of(3), trouble=0.0)

    line.run_until(line.is_all_stored)
    line.run_until(lambda: len(line.times) >= 2)

    assert all(took_s == 0.0 for _, took_s in line.times)
    assert len(line.times) <= line.uplink._exchange.n
