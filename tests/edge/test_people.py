"""Who is there as the kiosk knows it: what the hub said, and its own taps on top."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from devices.signals import Signal
from station.duty import DutyClass, DutyRule
from station.names import KioskId
from station.presence import seen
from station.stints import Standing, began
from station.wire.messages import PersonSeen, Presence
from station.wire.told import Roster, TermsFrom
from tests.edge.rig import KIOSK, STATION, THURSDAY, Bench, card, duty, roster, token

A, B = card(1), card(2)
PEOPLE = roster({1: "p1", 2: "p2"})


def presence(bench, people, folded=None):
    return Presence(bench.hands.now(), 0, 0, 0, DutyClass.MET, people, {KIOSK: folded or {}})


def on_since(bench, minutes_ago):
    at = bench.hands.now() - timedelta(minutes=minutes_ago)
    return seen(began(STATION, at, bench.kiosk.people.rules))


def on_duty(bench):
    return bench.kiosk.people.headcount(bench.hands.now()).on_duty


def test_somebody_who_arrived_at_another_kiosk_leaves_here(bench):
    bench.tell(duty(), PEOPLE)
    bench.tell(presence(bench, {"p1": on_since(bench, 5)}))

    assert bench.touch(A) is Signal.LEFT


def test_what_the_hub_has_folded_is_not_folded_again(bench):
    bench.tell(duty(), PEOPLE)
    bench.touch(A)
    bench.hands.pass_s(30)
    bench.tell(presence(bench, {"p1": on_since(bench, 0.5)}, {bench.kiosk.epoch: 3}))
    bench.hands.pass_s(30)

    assert bench.touch(A) is Signal.LEFT


def test_a_tap_that_the_hub_has_not_folded_counts_on_top(bench):
    bench.tell(duty(), PEOPLE)
    bench.touch(A)
    bench.hands.pass_s(30)
    bench.tell(presence(bench, {}, {bench.kiosk.epoch: 2}))

    assert on_duty(bench) == 1


def test_a_tap_that_the_hub_has_voided_counts_no_more(bench):
    bench.tell(duty(), PEOPLE)
    bench.touch(A)
    bench.hands.pass_s(30)
    bench.tell(presence(bench, {}, {bench.kiosk.epoch: 3}))

    assert on_duty(bench) == 0


def test_a_hub_that_forgot_does_not_make_the_kiosk_forget(bench):
    bench.tell(duty(), PEOPLE)
    bench.touch(A)
    bench.tell(presence(bench, {"p1": on_since(bench, 0)}, {bench.kiosk.epoch: 3}))
    bench.hands.pass_s(30)
    bench.tell(presence(bench, {}, {}))

    assert on_duty(bench) == 1
    assert bench.touch(A) is Signal.LEFT


def test_a_leave_that_the_hub_folded_meanwhile_can_still_be_stepping_out(bench):
    bench.tell(duty(), PEOPLE)
    bench.touch(A)
    bench.hands.pass_s(60)
    bench.kiosk.look("door", A)
    latest = bench.kiosk.people.latest("p1", bench.hands.now())
    bench.tell(presence(bench, {"p1": seen(latest)}, {bench.kiosk.epoch: 4}))
    bench.hands.pass_s(3)
    bench.touch(A)
    bench.hands.pass_s(60)

    assert bench.beeps.signals[-1] is Signal.STEPPED_OUT
    assert bench.touch(A) is Signal.RETURNED


def test_a_leave_can_still_be_stepping_out_though_view_and_roster_came_meanwhile(bench):
    bench.tell(duty(), PEOPLE)
    bench.touch(A)
    bench.hands.pass_s(60)
    bench.kiosk.look("door", A)
    latest = bench.kiosk.people.latest("p1", bench.hands.now())
    bench.tell(presence(bench, {"p1": seen(latest)}, {bench.kiosk.epoch: 4}), PEOPLE)
    bench.hands.pass_s(3)
    bench.touch(A)
    bench.hands.pass_s(60)

    assert bench.beeps.signals[-1] is Signal.STEPPED_OUT
    assert bench.touch(A) is Signal.RETURNED


def test_stepping_out_stands_where_the_hub_tells_late_of_the_leave_alone(bench):
    bench.tell(duty(), PEOPLE)
    bench.touch(A)
    bench.hands.pass_s(60)
    bench.kiosk.look("door", A)
    latest = bench.kiosk.people.latest("p1", bench.hands.now())
    bench.hands.pass_s(3)
    bench.touch(A)
    bench.tell(presence(bench, {"p1": seen(latest)}, {bench.kiosk.epoch: 4}))
    bench.hands.pass_s(60)

    assert bench.beeps.signals[-1] is Signal.STEPPED_OUT
    assert bench.touch(A) is Signal.RETURNED


def test_who_stepped_out_returns_though_a_hub_put_back_lacks_their_arrival(bench):
    bench.tell(duty(), PEOPLE)
    bench.touch(A)
    bench.restart()
    bench.tell(duty(), PEOPLE)
    bench.hands.pass_s(60)
    bench.touch(A, for_s=3.5)
    bench.hands.pass_s(60)
    bench.tell(presence(bench, {}, {bench.kiosk.epoch: 9}))
    bench.hands.pass_s(60)

    assert bench.beeps.signals[-1] is Signal.STEPPED_OUT
    assert bench.touch(A) is Signal.RETURNED


def test_a_later_tap_elsewhere_beats_an_earlier_one_here(bench):
    bench.tell(duty(), PEOPLE)
    bench.touch(A)
    bench.hands.go_to("09:00")
    left = replace(on_since(bench, 60), state=Standing.OFF, ended_at=bench.hands.now(), mark="leave")
    bench.tell(presence(bench, {"p1": left}, {}))

    assert on_duty(bench) == 0


def test_presence_survives_a_reboot_offline(tmp_path):
    bench = Bench(tmp_path / "data")
    told = bench.kiosk.store.told
    told.keep(duty(), 0)
    told.keep(PEOPLE, 0)
    bench.tell(duty(), PEOPLE)
    told.keep(presence(bench, {"p2": on_since(bench, 5)}), 0)
    bench.touch(A)
    bench.restart(reboot=True)
    bench.hands.pass_s(60)

    assert on_duty(bench) == 2
    assert (bench.touch(A), bench.touch(B)) == (Signal.LEFT, Signal.LEFT)
    bench.close()


def test_a_clock_set_right_gives_earlier_taps_of_the_boot_their_true_time(bench):
    bench.hands.synced = False
    bench.hands.off = timedelta(days=-20000)
    bench.restart(reboot=True)
    bench.hands.pass_s(60)
    bench.touch(A)
    bench.hands.pass_s(60)
    bench.hands.off = timedelta()
    bench.hands.synced = True
    bench.kiosk.tend()
    bench.hands.pass_s(60)
    bench.tell(duty(), PEOPLE)

    assert bench.kiosk.people.latest("p1", bench.hands.now()).began_at > THURSDAY
    assert bench.touch(A) is Signal.LEFT


@pytest.mark.parametrize("is_restarted", [False, True])
def test_a_clock_that_somebody_moves_sends_nobody_home(bench, is_restarted):
    bench.tell(duty(), PEOPLE)
    bench.touch(A)
    bench.hands.pass_s(60)
    bench.hands.synced = False
    bench.hands.off = timedelta(hours=7)
    bench.kiosk.tend()
    if is_restarted:
        bench.restart()
        bench.tell(duty(), PEOPLE)
    bench.hands.pass_s(60)

    assert bench.touch(A) is Signal.LEFT


def test_a_roster_in_parts_is_whole_with_the_last_and_drops_who_is_gone(bench):
    first, second = roster({1: "p1"}, version=2), roster({2: "p2"}, version=2)
    bench.tell(roster({3: "p3"}))
    bench.tell(Roster(2, 1, 2, first.cards))
    partly = bench.kiosk.people.person_of(token(3))
    bench.tell(Roster(2, 2, 2, second.cards))

    assert partly.key == "p3"
    assert bench.kiosk.people.person_of(token(3)).holder is None
    assert [bench.kiosk.people.person_of(token(n)).key for n in (1, 2)] == ["p1", "p2"]


def test_hours_that_cannot_be_used_are_passed_over(bench):
    bench.tell(duty())
    bench.tell(replace(duty(), weekly=((),)), replace(duty(), zone="Nowhere/Atall"))

    assert bench.kiosk.people.has_calendar
    assert bench.touch(A) is Signal.ARRIVED


def test_terms_that_were_told_ahead_hold_on_their_day_offline_and_after_a_reboot(tmp_path):
    """Set in November: from the next day on two must be there. The kiosk has not heard of its hub since."""
    told = replace(duty(1), terms=(TermsFrom(date(2026, 3, 6), DutyRule(2, 3)),))
    bench = Bench(tmp_path)
    bench.tell(told, PEOPLE)
    bench.kiosk.store.told.keep(told, 0.0)
    bench.kiosk.store.told.keep(PEOPLE, 0.0)
    bench.restart(reboot=True)
    said = []
    for day in ("5", "6"):
        at = datetime(2026, 3, int(day), 1, tzinfo=UTC)
        bench.hands.pass_s((at - bench.hands.now()).total_seconds())
        for held in (A, B, A):
            bench.touch(held)
            bench.hands.pass_s(30)
        said.append(bench.beeps.said[-1][1][1])
        bench.touch(B)

    assert "只剩" not in said[0]
    assert "只剩 1 人" in said[1]
    bench.close()


def test_another_kiosks_folding_is_none_of_ours(bench):
    bench.tell(duty(), PEOPLE)
    bench.touch(A)
    other = Presence(bench.hands.now(), 0, 0, 0, DutyClass.MET, {}, {KioskId("sq01-b"): {bench.kiosk.epoch: 99}})
    bench.tell(other)

    assert on_duty(bench) == 1


def test_a_presence_of_yesterday_does_not_leave_anybody_on_duty(bench):
    bench.tell(duty(), PEOPLE)
    yesterday = THURSDAY - timedelta(days=1)
    stint = began(STATION, yesterday, bench.kiosk.people.rules)
    bench.tell(presence(bench, {"p1": seen(stint), "p2": PersonSeen(Standing.ON, yesterday)}))

    assert on_duty(bench) == 0
    assert bench.touch(A) is Signal.ARRIVED
