"""What a hub core says of the days of a case, as plain JSON: classes, gaps, five hours, stints, marks, board rows."""

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, select

from hub.core import HubCore
from hub.coverage.reckoning import reckon
from hub.database.transactions import Database
from hub.intake.rows import UNREADABLE
from hub.ledger.past import marked_at, stints_at
from hub.ledger.queries import RECORD, RUN
from hub.ledger.stint_rows import LedgerStint
from hub.presence.past_days import PastDays
from hub.presence.station_day import coverage_of
from hub.register.rulebook import Rulebook
from simulator.replaying.case import Case
from station.accounting import FIVE_HOURS, TOLERANCE, DayVerdict
from station.coverage import Gap, whole_of
from station.crediting import credited
from station.milliseconds import moment_of, moment_or_none, ms_of
from station.names import StationCode
from station.stints import stint_at
from station.strict import spell_moment

_SECOND: Final = timedelta(seconds=1)
_MS: Final = timedelta(milliseconds=1)
_EVER_MS: Final = 1 << 60
_MISSING: Final = "missing"  # so the answers that are worked out by hand call a day that is short


def answer(case: Case, core: HubCore, engine: Engine, board: dict[str, Any]) -> dict[str, Any]:
    """All of it, as known when the case asks."""
    book = Rulebook(core.city.directory)
    past = PastDays(Database(engine))
    past.learn(book)
    stations: dict[str, Any] = {
        code: {day.isoformat(): _day(case, past, book, code, day) for day in days} for code, days in case.days.items()
    }
    with Database(engine).snapshot() as connection:
        for code, days in case.days.items():
            for day in days:
                stations[code][day.isoformat()]["five_hours"] = _five_hours(case, connection, book, code, day)
    found: dict[str, Any] = {
        "stations": stations, "stints": _stints(case, engine, book), "review": _review(case, engine, book),
        "unread": _unread(case, engine),
    }  # fmt: skip
    return {**found, "board": board} if board else found


def _unread(case: Case, engine: Engine) -> list[list[Any]]:
    """The records of the case that the hub stored as none it can read, or not at all: they count for nothing."""
    asked = select(RUN.c.kiosk, RUN.c.epoch, RECORD.c.seq).join_from(RECORD, RUN, RECORD.c.run == RUN.c.id)
    with Database(engine).reading() as connection:
        read = {tuple(row) for row in connection.execute(asked.where(RECORD.c.kind != UNREADABLE))}
    sent = {(entry.kiosk, entry.epoch, entry.record["seq"]) for entry in case.received}
    return [list(name) for name in sorted(sent - read)]


def _day(case: Case, past: PastDays, book: Rulebook, code: StationCode, day: date) -> dict[str, Any]:
    known = past.look_up(code, day, case.asked)
    found = coverage_of(known, book.rules(code, day, day))
    return {
        "seconds": {duty_class.value: lasted // _SECOND for duty_class, lasted in found.lasting.items()},
        "partial": found.partial // _SECOND,
        "open": found.opened // _SECOND,
        "gaps": [_gap(gap) for gap in found.gaps],
    }


def _five_hours(case: Case, connection: Connection, book: Rulebook, code: StationCode, day: date) -> dict[str, Any]:
    """Recorded time against what the day asks for, as the coverage ledger reckons it."""
    row = reckon(connection, book, code, [day], case.asked)[0].row
    calendar = book.rules(code, day, day).calendar
    whole = whole_of(day, calendar.zone)  # also of a day that is not over
    spans = [(max(one.opens_at, whole.since), min(one.closes_at, whole.until)) for one in calendar.periods_on(day)]
    needed = min(FIVE_HOURS, sum((until - since for since, until in spans if since < until), _MS * 0)) - TOLERANCE
    return {
        "union": row["union_ms"] * _MS // _SECOND,
        "needed": max(needed // _SECOND, 0),
        "verdict": _MISSING if row["verdict"] == DayVerdict.SHORT else row["verdict"],
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "from": spell_moment(gap.band.began_at),
        "to": spell_moment(gap.band.ended_at),
        "class": gap.band.duty_class.value,
        "partial": gap.band.partial,
        "seconds": gap.band.lasted // _SECOND,
        "watched": {kiosk: lasted // _SECOND for kiosk, lasted in gap.watched.items()},
    }


def _stints(case: Case, engine: Engine, book: Rulebook) -> list[dict[str, Any]]:
    found: list[LedgerStint] = []
    with Database(engine).snapshot() as connection:
        for code in case.days:
            found += stints_at(connection, code, -_EVER_MS, ms_of(case.asked))
    return [_stint(case, one, book) for one in sorted(found, key=lambda one: (one.stint.began_at, one.run, one.seq))]


def _stint(case: Case, one: LedgerStint, book: Rulebook) -> dict[str, Any]:
    rules = book.rules_about(one.stint.began_at)[one.stint.station]
    stint = stint_at(one.told, case.asked, rules)
    is_off_hours = stint.is_off_hours or (stint.ended_at is None and not stint.counts(case.asked))
    confirmed_until = moment_or_none(one.confirmed_ms)
    earned = credited(stint, rules, case.asked, confirmed_until) if one.counted else _MS * 0
    kind = "claimed" if stint.claimed else "off_hours" if is_off_hours else "duty"
    return {
        "person": one.person if one.counted else f"?{one.person}",
        "station": stint.station,
        "kind": kind,
        "from": spell_moment(stint.began_at),
        "to": None if stint.ended_at is None else spell_moment(stint.ended_at),
        "end": None if stint.end is None else stint.end.value,
        "uncertain": stint.uncertain,
        "credited": earned // _SECOND,
    }


def _review(case: Case, engine: Engine, book: Rulebook) -> list[dict[str, Any]]:
    found = []
    with Database(engine).snapshot() as connection:
        for code in case.days:
            for tap in marked_at(connection, code, -_EVER_MS, ms_of(case.asked)):
                identity = book.identity(tap.token, tap.at_ms)
                person = identity.person if identity.counted else f"?{identity.person}"
                found.append(
                    {"mark": tap.mark, "person": person, "station": code, "at": spell_moment(moment_of(tap.at_ms))}
                )
    return found
