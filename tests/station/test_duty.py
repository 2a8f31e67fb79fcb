"""The class of one instant."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from station.duty import DutyClass, DutyRule, StationRules, Terms, class_of
from station.hours import Calendar


@pytest.mark.parametrize(
    ("on", "out", "is_open", "watched", "expected"),
    [
        (2, 0, True, True, DutyClass.MET),
        (1, 1, True, True, DutyClass.MET),
        (1, 0, True, True, DutyClass.MINIMUM),
        (0, 1, True, True, DutyClass.VACANT),
        (0, 2, True, True, DutyClass.VACANT),
        (0, 0, True, False, DutyClass.UNKNOWN),
        (1, 0, True, False, DutyClass.MINIMUM),
        (5, 0, False, True, DutyClass.CLOSED),
    ],
)
def test_the_class_follows_from_who_is_there(on, out, is_open, watched, expected) -> None:
    assert class_of(DutyRule(), on, out, is_open=is_open, watched=watched) is expected


def test_of_several_stepped_out_one_counts_for_the_target() -> None:
    assert class_of(DutyRule(minimum=1, target=3), 1, 2, is_open=True, watched=True) is DutyClass.MINIMUM


@pytest.mark.parametrize(("minimum", "target"), [(0, 2), (3, 2)])
def test_a_rule_that_cannot_be_is_refused(minimum, target) -> None:
    with pytest.raises(ValueError, match="wanted is 1 <= minimum <= target"):
        DutyRule(minimum, target)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Asia/Shanghai", "Etc/GMT+12"])
@pytest.mark.parametrize("told_in", [UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))])
def test_new_terms_hold_from_the_first_moment_of_their_day_there(zone: str, told_in: timezone) -> None:
    """Whatever zone the moment is told in: where it is another date, too."""
    new = Terms(DutyRule(minimum=3, target=3))
    rules = StationRules(Calendar(((),) * 7, zone=ZoneInfo(zone)), dated=((date(2026, 3, 5), new),))
    midnight = datetime(2026, 3, 5, tzinfo=ZoneInfo(zone))
    hours = [*range(-72, 72), -0.001]

    found = {hour: rules.terms_at((midnight + timedelta(hours=hour)).astimezone(told_in)) for hour in hours}

    assert {hour for hour, terms in found.items() if terms == new} == {hour for hour in hours if hour >= 0}
