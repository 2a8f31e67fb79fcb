"""What a stint earns of the hours: in the open hours, a little before and after, and what a lead accepted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from station.crediting import credited
from station.stints import stint_at
from tests.station.days import DAY, HALL, RULES, at, minutes, tapped

END = at("23:59", DAY + timedelta(days=1))


def earned(*moments: str, now: str = "") -> list[float]:
    """What each stint of somebody earns, in minutes, who taps at those moments; the hall is open 08:00-11:30, 14:30-17:30."""
    asked = at(now) if now else END
    rules = RULES[HALL]
    made = tapped(*moments)[1]
    return [credited(stint_at(one, asked, rules), rules, asked) / minutes(1) for one in made.stints_at(asked)]


@pytest.mark.parametrize(
    ("moments", "minutes_earned"),
    [
        (("08:00", "11:30"), [210]),
        (("07:45", "11:30"), [225]),
        (("07:10", "11:30"), [240]),  # at most half an hour before
        (("07:45", "11:50"), [245]),  # the grace after
        (("08:00",), [210]),  # forgotten: to the period's end
        (("08:00", "12:10"), [210]),  # said after all
        (("06:30", "11:30"), [210]),  # off hours, until the opening found it running
        (("12:10", "12:20"), [0]),
        (("08:00", "17:20"), [210, 0]),  # stayed through: claimed
    ],
)
def test_hours_are_earned_in_the_open_hours_and_a_little_about_them(
    moments: tuple[str, ...], minutes_earned: list[float]
) -> None:
    assert earned(*moments) == minutes_earned


def test_who_is_there_has_earned_so_far() -> None:
    assert earned("08:00", now="09:30") == [90]


def test_what_a_lead_accepts_is_earned_up_to_the_moment_said_and_never_more_than_twelve_hours() -> None:
    (stint,) = tapped("12:10", "12:50")[1].stints_at(END)

    for until, wanted in (("12:50", 40), ("12:30", 20), ("12:00", 0)):
        assert credited(stint, RULES[HALL], END, at(until)) == minutes(wanted)
    assert credited(stint, RULES[HALL], END, END) == timedelta(hours=12)


def test_what_was_entered_without_evidence_earns_nothing_until_it_is_accepted() -> None:
    (stint,) = tapped("08:00", "11:30")[1].stints_at(END)

    assert credited(replace(stint, unproven=True), RULES[HALL], END) == minutes(0)
    assert credited(replace(stint, end_unproven=True, seen_at=at("09:00")), RULES[HALL], END) == minutes(60)
    assert credited(replace(stint, unproven=True), RULES[HALL], END, at("11:30")) == minutes(210)
