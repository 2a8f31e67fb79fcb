"""The simulator's own holidays and the hub's, which share no line, agree on every day of 2026."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hub.register.holidays import Holidays
from hub.register.kinds import KINDS
from hub.register.statutory import published
from hub.register.terms import Clause, StationTerms
from simulator.opening import ZONE, opening_of

YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_open_on_the_same_days_and_hours(kind: str) -> None:
    template = KINDS[kind]
    clause = Clause(YEAR[0], template.weekly, keeps_holidays=template.keeps_holidays)
    calendar = StationTerms((clause,), holidays=Holidays.of(published()[2026].days, [2026]))
    rules, opening = calendar.rules(ZONE, since=YEAR[0], until=YEAR[-1]), opening_of(kind)

    for day in YEAR:
        said = [(period.opens_at, period.closes_at) for period in rules.calendar.periods_on(day)]
        assert said == [tuple(stretch) for stretch in opening.on(day)], day
