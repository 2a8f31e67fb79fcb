"""What a tap does: the numbered rules, one case each."""

import pytest

from station.records import Action
from station.stints import End
from tests.station.days import at, tapped

ARRIVE, LEAVE, RETURN = Action.ARRIVE, Action.LEAVE, Action.RETURN


@pytest.mark.parametrize(
    ("moments", "told"),
    [
        pytest.param(["07:45", "11:30"], [ARRIVE, LEAVE], id="early for the opening, on time home"),
        pytest.param(["07:45", "12:00"], [ARRIVE, LEAVE], id="a leave at the very end of the grace"),
        pytest.param(["07:45", "12:00:01"], [ARRIVE, LEAVE], id="forgot and leaves late: 3a"),
        pytest.param(["07:45", "13:29:59"], [ARRIVE, LEAVE], id="3a up to 60 min before the next opening"),
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


def test_a_stint_that_ended_yesterday_makes_no_leave_today() -> None:
    _, yesterday = tapped("14:30")
    latest = yesterday.latest_at(at("06:00", at("14:30").date().replace(day=6)))

    assert latest is not None
    assert latest.end is End.ASSUMED
    assert latest.ended_at == at("17:30")


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
