"""Each station's row as the board shows it, by the records alone: kiosks are taken as heard."""

from datetime import datetime
from typing import Any

from hub.core import HubCore
from hub.presence.board_row import INSTANT
from hub.presence.station_day import DayKnown, coverage_of, known_today
from hub.register.rulebook import Rulebook
from simulator.replaying.case import Case
from station.duty import DutyClass, StationRules, class_of
from station.hours import HORIZON, midnight_of
from station.names import StationCode
from station.strict import spell_moment


def rows_now(case: Case, core: HubCore, now: datetime) -> dict[str, Any]:
    """All of them, by station."""
    book = Rulebook(core.city.directory)
    return {code: _row(core, book, code, book.rules_about(now)[code], now) for code in case.days}


def _row(core: HubCore, book: Rulebook, code: StationCode, rules: StationRules, now: datetime) -> dict[str, Any]:
    heard = dict.fromkeys(book.kiosks_in_service(code, book.day_of(now)), True)

    def known(at: datetime, days_ago: int = 0) -> DayKnown:
        recent, watching = core.city.recent, core.city.watching
        return known_today(code, recent, watching, heard=heard, rules=rules, now=at, days_ago=days_ago)

    present = core.city.recent.present(code, now)
    here = known(now + INSTANT)  # of a turn at this very moment, what comes after it
    watching = sum(any(since <= now < until for since, until in spans) for spans in here.watched.values())
    duty_class = class_of(
        rules.terms_at(now).duty, *present.counted, is_open=rules.calendar.is_open(now), watched=watching > 0
    )
    if duty_class is DutyClass.CLOSED:
        since = _closed_at(rules, now)
    else:
        yesterday = known(now, 1)
        since = _since(rules, duty_class, here, yesterday) or _since(rules, duty_class, known(now), yesterday) or now
    return {
        "class": duty_class.value,
        "on_duty": present.counted.on_duty,
        "stepped_out": present.counted.stepped_out,
        "unknown_cards": present.unknown_cards,
        "since": None if since is None else spell_moment(since),
        "partial": duty_class is DutyClass.VACANT and watching < len(heard),
    }


def _since(rules: StationRules, duty_class: DutyClass, today: DayKnown, yesterday: DayKnown) -> datetime | None:
    """Since when it has held, over midnight too; None where it does not hold at the end."""
    found = coverage_of(today, rules, is_live=True).class_since(duty_class)
    if found == midnight_of(today.day, rules.calendar.zone):
        return coverage_of(yesterday, rules, is_live=True).class_since(duty_class) or found
    return found


def _closed_at(rules: StationRules, now: datetime) -> datetime | None:
    """When it closed, perhaps on an earlier day; None where that is longer ago than anybody looks."""
    around = rules.calendar.stretches(now - HORIZON, now)
    return max((period.closes_at for period in around if period.closes_at <= now), default=None)
