"""A past day is told by the kiosks and terms that held then, and where it has none, by the day of the first record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hub.changing import commands as asked
from hub.changing.proposal import apply
from hub.database.transactions import writing
from hub.findings import WORDS, FindingKind
from station.hours import SHANGHAI
from tests.hub.board.town import STATION, TODAY, Town, at

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def town() -> Town:
    """A day with a tap, after which its kiosk went and another came."""
    town = Town()
    town.heard()
    town.tap(1, "08:05")
    town.go("17:45")
    town.core.write()
    with writing(town.engine) as connection:
        commands = [asked.RetireKiosk("K-1", TOMORROW)]
        commands += [asked.EnterKiosk(name, STATION, "门", in_service_from=TOMORROW) for name in ("K-8", "K-7")]
        commands += [asked.SetTerms(STATION, TOMORROW, minimum=2, target=3)]
        assert not apply(connection, commands, by="li", at=at("17:45"), zone=SHANGHAI).refusals
    town.core.tidy()
    town.go_to(at("17:45") + timedelta(days=1))
    return town


def test_its_kiosks_minimum_and_target_are_those_of_the_day(town: Town) -> None:
    past, today = (town.day(STATION, day) for day in (TODAY, TOMORROW))

    assert (past.kiosks, past.row.kiosks, past.row.minimum, past.row.target) == (("K-1",), 1, 1, 2)
    assert (sorted(today.kiosks), today.row.kiosks, today.row.minimum, today.row.target) == (["K-7", "K-8"], 2, 2, 3)


def test_what_is_the_matter_now_is_said_of_today_and_of_no_other_day(town: Town) -> None:
    town.core.findings.report(FindingKind.GAP, "K-8 0123456789abcdef", "records are missing", station=STATION)

    said = {day: town.day(STATION, day).findings for day in (date(2026, 3, 4), TODAY, TOMORROW)}

    assert said == {date(2026, 3, 4): (), TODAY: (), TOMORROW: (WORDS[FindingKind.GAP],)}


@pytest.mark.parametrize("day", [date.min, date(1969, 12, 31), date(2026, 3, 4)])
def test_every_day_before_the_first_record_leads_to_that(town: Town, day: date) -> None:
    found = town.day(STATION, day)

    assert (found.is_recorded, found.first_day, found.date) == (False, TODAY, day)
