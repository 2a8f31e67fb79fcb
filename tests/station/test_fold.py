"""Folding taps into stints: how each kind of end comes about, and that order and duplicates change nothing."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.duty import Limits, StationRules, Terms
from station.fold import PlacedTap, fold
from station.hours import Calendar, Span
from station.names import KioskId, Seq
from station.records import Action
from station.stints import End, Standing, Stint, next_turn, runs_at, stint_at
from tests.station.days import BANK, DAY, EPOCH, HALL, ROUND_THE_CLOCK, RULES, at, course, minutes, taps

ARRIVE, LEAVE, RETURN, STEP_OUT = Action.ARRIVE, Action.LEAVE, Action.RETURN, Action.STEP_OUT


def test_nobody_said_so_and_the_stint_ended_with_its_period() -> None:
    day = course(("07:45", ARRIVE))

    assert day.latest_at(at("12:00")).standing is Standing.ON
    (stint,) = day.stints_at(at("12:00:01"))
    assert (stint.ended_at, stint.end) == (at("11:30"), End.ASSUMED)


def test_stepping_out_within_the_budget_and_back_is_one_stint() -> None:
    day = course(("08:00", ARRIVE), ("09:00", LEAVE), ("09:02", STEP_OUT), ("09:15", RETURN))

    assert day.latest_at(at("09:10")).standing is Standing.ON
    (stint,) = day.stints_at(at("09:20"))
    assert stint.outs == ((at("09:00"), at("09:15")),)
    assert stint.standing is Standing.ON


def test_past_the_budget_the_stint_ended_at_stepping_out() -> None:
    day = course(("08:00", ARRIVE), ("09:00", LEAVE), ("09:02", STEP_OUT))

    assert day.latest_at(at("09:15")).standing is Standing.OUT
    (stint,) = day.stints_at(at("09:15:01"))
    assert (stint.ended_at, stint.end) == (at("09:00"), End.OVERRUN)


def test_the_budget_runs_over_the_periods_end() -> None:
    day = course(("08:00", ARRIVE), ("11:58", LEAVE), ("11:59", STEP_OUT))

    assert day.latest_at(at("12:10")).standing is Standing.OUT


def test_a_return_after_the_budget_begins_a_stint_for_review() -> None:
    day = course(("08:00", ARRIVE), ("09:00", LEAVE), ("09:01", STEP_OUT), ("09:20", RETURN))

    first, second = day.stints_at(at("10:00"))
    assert first.end is End.OVERRUN
    assert second.unmatched
    assert [name.seq for name in day.unmatched] == [4]


def test_an_arrival_while_stepped_out_is_a_return_and_a_leave_ends_it() -> None:
    back = course(("08:00", ARRIVE), ("09:00", LEAVE), ("09:01", STEP_OUT), ("09:10", ARRIVE))
    gone = course(("08:00", ARRIVE), ("09:00", LEAVE), ("09:01", STEP_OUT), ("09:10", LEAVE))

    assert back.latest_at(at("09:11")).outs == ((at("09:00"), at("09:10")),)
    assert (gone.latest_at(at("09:11")).end, gone.latest_at(at("09:11")).ended_at) == (End.LEAVE, at("09:10"))


def test_who_leaves_while_stepped_out_was_out_until_then() -> None:
    gone = course(("08:00", ARRIVE), ("09:00", LEAVE), ("09:01", STEP_OUT), ("09:10", LEAVE))

    assert gone.latest_at(at("09:11")).outs == ((at("09:00"), at("09:10")),)


def test_an_arrival_soon_after_ones_own_leave_takes_it_back() -> None:
    day = course(("08:00", ARRIVE), ("09:00", LEAVE), ("09:02", ARRIVE))

    (stint,) = day.stints_at(at("09:10"))
    assert (stint.began_at, stint.standing) == (at("08:00"), Standing.ON)


def test_a_leave_taken_back_is_not_listed_as_an_arrival_again() -> None:
    on = course(("08:00", ARRIVE), ("09:00", LEAVE), ("09:02", ARRIVE))
    out = course(("08:00", ARRIVE), ("09:00", LEAVE), ("09:01", STEP_OUT), ("09:08", LEAVE), ("09:09", ARRIVE))

    assert on.again == []
    assert on.stints[0].seen_at == at("09:02")
    assert (out.again, out.stints[0].outs) == ([], ((at("09:00"), at("09:09")),))


def test_a_leave_made_while_out_and_taken_back_past_the_budget_ended_at_stepping_out() -> None:
    day = course(("08:00", ARRIVE), ("09:00", LEAVE), ("09:01", STEP_OUT), ("09:14", LEAVE), ("09:15:30", ARRIVE))

    first, second = day.stints_at(at("10:00"))
    assert (first.end, first.ended_at, first.outs) == (End.OVERRUN, at("09:00"), ((at("09:00"), at("09:15")),))
    assert (second.began_at, day.again, day.unmatched) == (at("09:15:30"), [], [])


def test_arriving_elsewhere_while_out_ends_the_stint_at_stepping_out() -> None:
    day = course(("08:00", ARRIVE), ("09:00", LEAVE), ("09:01", STEP_OUT), ("09:10", ARRIVE, BANK))

    first = day.stints[0]
    assert (first.end, first.ended_at, first.outs) == (End.MOVED, at("09:00"), ((at("09:00"), at("09:10")),))


def test_a_return_during_off_hours_is_listed_as_again() -> None:
    day = course(("18:00", ARRIVE), ("18:10", RETURN))

    assert (len(day.stints), [name.seq for name in day.again]) == (1, [2])


def test_periods_so_close_that_nobody_goes_home_are_one_but_not_beyond_the_grace() -> None:
    spans = (Span(8 * 60, 12 * 60), Span(12 * 60 + 30, 17 * 60))
    usual = StationRules(Calendar((spans,) * 7))
    apart = StationRules(Calendar((spans,) * 7), limits=Limits(joined=minutes(29)))
    brief = StationRules(Calendar((spans,) * 7), limits=Limits(grace=minutes(29)))

    ends = [fold(taps(("08:00", ARRIVE)), {HALL: rules}).latest_at(at("18:00")) for rules in (usual, apart, brief)]

    assert [stint.ended_at for stint in ends] == [at("17:00"), at("12:00"), at("12:00")]


def test_a_stint_is_judged_by_the_terms_of_the_day_on_which_its_period_opens() -> None:
    shorter = Terms(limits=Limits(grace=minutes(5), off_hours=minutes(60)))
    tomorrow = DAY + timedelta(days=1)
    midnight = (Span(0, 2 * 60), Span(21 * 60, 24 * 60))
    rules = StationRules(Calendar((midnight,) * 7), dated=((tomorrow, shorter),))

    def begun(moment: datetime) -> Stint:
        return fold([PlacedTap(moment, KioskId("k"), EPOCH, Seq(1), HALL, ARRIVE)], {HALL: rules}).stints[0]

    over_midnight, of_the_day = begun(at("21:00")), begun(at("21:00", tomorrow))
    old_off_hours, new_off_hours = begun(at("15:00")), begun(at("15:00", tomorrow))
    assert next_turn(over_midnight, at("23:00"), rules) == at("02:30", tomorrow)
    assert next_turn(of_the_day, at("23:00", tomorrow), rules) == at("02:05", tomorrow + timedelta(days=1))
    assert next_turn(old_off_hours, at("15:00"), rules) == at("19:00")
    assert next_turn(new_off_hours, at("15:00", tomorrow), rules) == at("16:00", tomorrow)


def test_round_the_clock_a_stint_is_judged_by_the_terms_of_the_day_on_which_it_began() -> None:
    tomorrow = DAY + timedelta(days=1)
    shorter = Terms(limits=Limits(longest=timedelta(hours=6)))
    rules = {HALL: StationRules(Calendar((ROUND_THE_CLOCK,) * 7), dated=((tomorrow, shorter),))}
    tap = PlacedTap(at("06:00", tomorrow), KioskId("k"), EPOCH, Seq(1), HALL, ARRIVE)

    assert fold([tap], rules).latest_at(at("13:00", tomorrow)).ended_at == at("12:00", tomorrow)
    assert fold([tap._replace(at=at("06:00"))], rules).latest_at(at("13:00")).ended_at is None


def test_an_arrival_later_than_two_minutes_is_a_stint_of_its_own() -> None:
    day = course(("08:00", ARRIVE), ("09:00", LEAVE), ("09:02:01", ARRIVE))

    assert [stint.began_at for stint in day.stints_at(at("09:10"))] == [at("08:00"), at("09:02:01")]


def test_a_leave_in_the_grace_is_not_taken_back_for_a_period_that_is_over() -> None:
    day = course(("08:00", ARRIVE), ("11:31", LEAVE), ("11:32", ARRIVE))

    first, second = day.stints_at(at("11:40"))
    assert (first.end, first.ended_at) == (End.LEAVE, at("11:31"))
    assert not second.counts(at("11:40"))


def test_a_leave_of_off_hours_is_not_taken_back_while_their_period_has_not_opened() -> None:
    before = course(("06:30", ARRIVE), ("06:45", LEAVE), ("06:46", ARRIVE))
    over = course(("06:30", ARRIVE), ("07:59", LEAVE), ("08:00", ARRIVE))

    assert [(s.began_at, s.ended_at) for s in before.stints] == [(at("06:30"), at("06:45")), (at("06:46"), None)]
    assert [(s.began_at, s.ended_at) for s in over.stints] == [(at("06:30"), None)]


def test_a_leave_taken_back_after_the_longest_stint_still_shows_that_they_were_there() -> None:
    rules = {HALL: StationRules(Calendar((ROUND_THE_CLOCK,) * 7))}

    first, second = fold(taps(("06:00", ARRIVE), ("17:59", LEAVE), ("18:00:30", ARRIVE)), rules).stints

    assert (first.ended_at, first.end, first.proven_until) == (at("18:00"), End.ASSUMED, at("17:59"))
    assert second.began_at == at("18:00:30")


def test_who_leaves_late_after_days_without_a_close_claims_no_other_day() -> None:
    tomorrow = DAY + timedelta(days=1)
    calendar = Calendar((ROUND_THE_CLOCK,) * 7, days={tomorrow: (Span(20, 90), Span(22 * 60, 24 * 60))})
    rules = {HALL: StationRules(calendar)}
    placed = taps(("03:00", ARRIVE), ("04:00", LEAVE), ("11:00", ARRIVE))
    late = placed[-1]._replace(at=at("02:01", tomorrow), seq=Seq(9), action=LEAVE)

    stints = fold([*placed, late], rules).stints

    assert [(s.began_at, s.claimed) for s in stints] == [(at("03:00"), False), (at("11:00"), False)]


def test_a_late_leave_taken_back_is_assumed_again_and_a_claim_goes() -> None:
    late = course(("08:00", ARRIVE), ("12:40", LEAVE), ("12:41", ARRIVE))
    claim = course(("08:00", ARRIVE), ("17:10", LEAVE), ("17:11", ARRIVE))

    assert late.stints_at(at("12:45"))[0].end is End.ASSUMED
    assert [stint.claimed for stint in claim.stints_at(at("17:15"))] == [False, False]
    assert claim.latest_at(at("17:15")).counts(at("17:15"))


def test_arriving_elsewhere_ends_the_stint_here_then_or_at_its_periods_end() -> None:
    within = course(("08:00", ARRIVE), ("10:00", ARRIVE, BANK))
    after = course(("08:00", ARRIVE), ("11:45", ARRIVE, BANK))

    assert (within.stints[0].end, within.stints[0].ended_at) == (End.MOVED, at("10:00"))
    assert (after.stints[0].end, after.stints[0].ended_at) == (End.MOVED, at("11:30"))


def test_leaving_late_does_not_reach_back_over_an_arrival_elsewhere() -> None:
    day = course(("08:00", ARRIVE), ("12:10", ARRIVE, BANK), ("12:20", LEAVE))

    assert day.stints[0].end is End.ASSUMED
    assert [name.seq for name in day.unmatched] == [3]


def test_a_leave_elsewhere_leaves_the_stint_here_alone() -> None:
    day = course(("08:00", ARRIVE), ("09:00", LEAVE, BANK))

    assert day.latest_at(at("09:01")).standing is Standing.ON
    assert len(day.unmatched) == 1


def test_off_hours_become_the_periods_when_it_opens_within_two_hours_and_end_after_four_else() -> None:
    adopted = course(("06:00", ARRIVE))
    evening = course(("18:00", ARRIVE))

    assert not adopted.latest_at(at("07:59")).counts(at("07:59"))
    assert adopted.latest_at(at("08:00")).counts(at("08:00"))
    assert evening.latest_at(at("22:00")).standing is Standing.ON
    assert evening.latest_at(at("22:00:01")).ended_at == at("22:00")


def test_who_fetched_an_umbrella_at_noon_has_not_served_the_afternoon() -> None:
    day = course(("11:45", ARRIVE))

    assert day.latest_at(at("14:29:59")).standing is Standing.ON
    ended = day.latest_at(at("14:30"))
    assert (ended.ended_at, ended.end, ended.period) == (at("14:30"), End.ASSUMED, None)


def test_who_is_out_when_off_hours_end_at_an_opening_arrives() -> None:
    day = course(("12:00", ARRIVE), ("14:25", LEAVE), ("14:26", STEP_OUT), ("14:35", ARRIVE))

    first, second = day.stints_at(at("15:00"))
    assert (first.ended_at, first.end) == (at("14:30"), End.ASSUMED)
    assert second.counts(at("14:35"))


def test_off_hours_that_ended_before_the_opening_belong_to_no_period() -> None:
    left = course(("12:40", ARRIVE), ("13:00", LEAVE))
    moved = course(("12:40", ARRIVE), ("13:00", ARRIVE, BANK))
    stayed = course(("12:40", ARRIVE), ("14:30", LEAVE))

    assert (left.stints[0].period, left.stints[0].counts_from, left.stints[0].is_off_hours) == (None, None, True)
    assert moved.stints[0].period is None
    assert not stayed.stints[0].is_off_hours


def test_an_arrival_during_off_hours_ends_that_and_begins_another() -> None:
    day = course(("18:00", ARRIVE), ("19:00", ARRIVE))

    assert [(s.began_at, s.ended_at) for s in day.stints] == [(at("18:00"), at("19:00")), (at("19:00"), None)]


def test_a_second_arrival_on_duty_changes_nothing_and_is_listed() -> None:
    day = course(("08:00", ARRIVE), ("09:00", ARRIVE), ("09:05", RETURN))

    assert len(day.stints) == 1
    assert [name.seq for name in day.again] == [2, 3]


def test_no_stint_lasts_longer_than_twelve_hours() -> None:
    rules = {HALL: StationRules(Calendar((ROUND_THE_CLOCK,) * 7))}

    day = fold(taps(("06:00", ARRIVE)), rules)

    assert day.latest_at(at("18:00")).standing is Standing.ON
    assert day.latest_at(at("18:00:01")).ended_at == at("18:00")


def test_time_alone_changes_a_stint_only_at_the_moments_announced() -> None:
    day = course(("07:45", ARRIVE))
    stint = day.stints[0]

    turn = next_turn(stint, at("08:00"), RULES[HALL])

    assert turn == at("12:00")
    assert next_turn(stint, at("12:00:01"), RULES[HALL]) == at("07:45") + timedelta(hours=12)


_ACTS = st.lists(
    st.tuples(
        st.integers(0, 24 * 60 - 1),
        st.sampled_from([HALL, BANK]),
        st.sampled_from(list(Action)),
        st.integers(1, 3),
    ),
    max_size=14,
)


def _placed(acts: list[tuple[int, str, Action, int]]) -> list[PlacedTap]:
    midnight = at("00:00")
    placed = []
    for seq, (minute, station, action, back) in enumerate(sorted(acts, key=lambda act: act[0]), 1):
        of = Seq(max(1, seq - back)) if action is STEP_OUT else None
        placed.append(
            PlacedTap(
                midnight + timedelta(minutes=minute), KioskId(f"k{seq % 2}"), EPOCH, Seq(seq), station, action, of
            )
        )
    return placed


@given(_ACTS, st.randoms(use_true_random=False), st.integers(0, 24 * 60))
def test_neither_order_nor_duplicates_change_the_stints(acts, rng, minute) -> None:
    placed = _placed(acts)
    shuffled = [*placed, *placed[::2]]
    rng.shuffle(shuffled)
    moment = at("00:00") + timedelta(minutes=minute)

    assert fold(shuffled, RULES).stints_at(moment) == fold(placed, RULES).stints_at(moment)


@given(_ACTS)
def test_one_persons_stints_never_overlap_across_all_stations(acts) -> None:
    stints = fold(_placed(acts), RULES).stints_at(at("23:59") + timedelta(days=1))

    real = sorted((s for s in stints if not s.claimed), key=lambda s: s.began_at)
    for earlier, later in pairwise(real):
        assert earlier.ended_at is not None
        assert earlier.began_at <= earlier.ended_at <= later.began_at


@given(_ACTS)
def test_whether_a_stint_runs_is_told_as_its_view_has_it(acts) -> None:
    for stint in fold(_placed(acts), RULES).stints:
        rules = RULES[stint.station]
        for quarters in range(4 * 13):
            moment = stint.began_at + quarters * timedelta(minutes=15)
            assert runs_at(stint, moment, rules) == (stint_at(stint, moment, rules).ended_at is None)


@given(_ACTS, st.integers(1, 13))
def test_a_course_known_up_to_some_tap_goes_on_as_if_it_had_known_all(acts, split) -> None:
    placed = sorted(_placed(acts))
    whole = fold(placed, RULES)
    resumed = fold(placed[:split], RULES)
    for tap in placed[split:]:
        resumed.apply(tap)

    assert resumed.stints == whole.stints


@pytest.mark.parametrize("action", [LEAVE, STEP_OUT])
def test_a_tap_with_nothing_to_end_is_listed_and_makes_no_stint(action: Action) -> None:
    day = course(("08:00", action))

    assert day.stints == ()
    assert len(day.unmatched) == 1
