"""What a tap does: the numbered rules, one case each."""

from datetime import datetime, timedelta

import pytest

from station.decide import decide
from station.duty import Limits, StationRules, Terms
from station.fold import Course, PlacedTap
from station.hours import Calendar, Span
from station.names import KioskId, Seq
from station.records import Action
from station.stints import End
from tests.station.days import DAY, EPOCH, HALL, RULES, TWO_PERIODS, at, minutes, tapped

TOMORROW = DAY + timedelta(days=1)

ARRIVE, LEAVE, RETURN = Action.ARRIVE, Action.LEAVE, Action.RETURN


@pytest.mark.parametrize(
    ("moments", "told"),
    [
        pytest.param(["07:45", "11:30"], [ARRIVE, LEAVE], id="early for the opening, on time home"),
        pytest.param(["07:45", "12:00"], [ARRIVE, LEAVE], id="a leave at the very end of the grace"),
        pytest.param(["07:45", "12:00:01"], [ARRIVE, LEAVE], id="forgot and leaves late: 3a"),
        pytest.param(["07:45", "12:59:59"], [ARRIVE, LEAVE], id="3a in the first half of the closed time"),
        pytest.param(["07:45", "13:00"], [ARRIVE, ARRIVE], id="back in its second half they arrive"),
        pytest.param(
            ["07:45", "13:20"], [ARRIVE, ARRIVE], id="who is back at 13:20 is not sent home for the afternoon"
        ),
        pytest.param(["07:45", "13:30"], [ARRIVE, ARRIVE], id="within 60 min of an opening is an arrival"),
        pytest.param(["07:45", "14:40"], [ARRIVE, ARRIVE], id="early in a later period is an arrival"),
        pytest.param(["07:45", "16:59:59"], [ARRIVE, ARRIVE], id="before the last 30 min of a later period"),
        pytest.param(["07:45", "17:00"], [ARRIVE, LEAVE], id="in the last 30 min: stayed through, 3b"),
        pytest.param(["07:45", "17:35"], [ARRIVE, LEAVE], id="in the later period's grace: 3b"),
        pytest.param(["07:45", "19:00"], [ARRIVE, LEAVE], id="in closed time after a later period: 3b"),
        pytest.param(["07:45", "11:30", "17:10"], [ARRIVE, LEAVE, ARRIVE], id="who left properly arrives again"),
        pytest.param(["18:00", "18:10"], [ARRIVE, LEAVE], id="off hours: the next tap ends it"),
        pytest.param(["18:00", "22:10"], [ARRIVE, ARRIVE], id="off hours ended by itself proves no forgetting"),
    ],
)
def test_a_tap_does_what_its_moment_says(moments: list[str], told: list[Action]) -> None:
    found, _ = tapped(*moments)

    assert found == told


def test_a_host_that_closes_before_midnight_is_left_after_it() -> None:
    late = StationRules(Calendar(((Span(14 * 60, 23 * 60 + 30),),) * 7))

    assert told(late, at("15:00"), at("00:20", TOMORROW)) == [ARRIVE, LEAVE]


def test_a_forgotten_leave_can_be_made_up_for_within_twelve_hours() -> None:
    closed_tomorrow = StationRules(Calendar((TWO_PERIODS,) * 7, {TOMORROW: (), TOMORROW + timedelta(days=1): ()}))

    assert told(closed_tomorrow, at("15:00"), at("05:30", TOMORROW)) == [ARRIVE, LEAVE]
    assert told(closed_tomorrow, at("15:00"), at("05:30:01", TOMORROW)) == [ARRIVE, ARRIVE]


def test_a_tap_is_judged_by_the_terms_of_its_own_day() -> None:
    earlier = Terms(limits=Limits(early=minutes(120)))
    rules = StationRules(RULES[HALL].calendar, dated=((TOMORROW, earlier),))

    assert told(rules, at("07:45"), at("12:40")) == [ARRIVE, LEAVE]
    assert told(rules, at("07:45", TOMORROW), at("12:40", TOMORROW)) == [ARRIVE, ARRIVE]


def told(rules: StationRules, *moments: datetime) -> list[Action]:
    """What somebody is told who taps at the hall at those moments."""
    made, found = Course({HALL: rules}), []
    for seq, moment in enumerate(moments, 1):
        found.append(decide(made.latest_at(moment), HALL, moment, rules))
        made.apply(PlacedTap(moment, KioskId("k"), EPOCH, Seq(seq), HALL, found[-1]))
    return found


def test_staying_through_claims_the_later_period_and_proves_no_presence() -> None:
    _, day = tapped("07:45", "17:10")

    first, claim = day.stints_at(at("18:00"))
    assert (first.end, first.ended_at) == (End.ASSUMED, at("11:30"))
    assert claim.claimed
    assert (claim.began_at, claim.ended_at) == (at("14:30"), at("17:10"))
    assert not claim.counts(at("15:00"))


def test_leaving_late_moves_the_end_to_the_tap() -> None:
    _, day = tapped("07:45", "12:40")

    (stint,) = day.stints_at(at("13:00"))
    assert (stint.end, stint.ended_at) == (End.LATE, at("12:40"))
