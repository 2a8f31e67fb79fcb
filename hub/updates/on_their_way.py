"""How far every kiosk is with the version that is offered, and whether it may take it now: read from the database.

A kiosk is not disturbed while its station is open, nor an hour before and after. Where a station never closes, one
takes it while another there serves; where none does, at the quietest hour. One whose reader is away waits for it: no
version could prove itself there, and it would be blamed for that.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, select
from sqlmodel import col

from hub.asking.asked import CommandOutcome
from hub.asking.kinds import UPDATE
from hub.database.command_table import KioskCommand
from hub.database.journal_tables import KioskSeen
from hub.database.transactions import table_of
from hub.presence.liveness import LOST_AFTER
from hub.register.directory import Directory, KnownKiosk, KnownStation
from hub.updates.rollout import KioskOnItsWay, UpdateStep
from station.at_rest import is_at_rest, never_rests
from station.hours import HORIZON
from station.milliseconds import moment_of
from station.names import StationCode
from station.records import ReaderState
from station.version import rank

FAILED: Final = "failed"  # how a kiosk's refusal begins that is no "not now"
NOT_NOW: Final = "not now"  # and one by which the version is not to blame: the line broke, say
WAS_TRIED: Final = "is back at work"  # in one that was at work meanwhile
MOST_TRIES: Final = 8  # that end so: it does not mend itself, and a person must look
SELDOM: Final = timedelta(hours=6)  # from then on, where nothing of the version was at work there: it stops nobody
ENDS_WITHIN: Final = timedelta(hours=2)  # a slow line, three starts of ten minutes, and more
NOT_AGAIN: Final = timedelta(minutes=15)  # after a "not now"

QuietHour = Callable[[StationCode], int]


class _Asked(NamedTuple):
    step: UpdateStep
    not_before: datetime | None = None
    is_stuck: bool = False


_WAITS: Final = _Asked(UpdateStep.WAITS)


def on_their_way(
    connection: Connection, directory: Directory, version: str, now: datetime, quiet_hour: QuietHour
) -> list[KioskOnItsWay]:
    """Every kiosk in service; `quiet_hour` is asked for a station that never closes."""
    seen = {row.kiosk: row for row in connection.execute(select(table_of(KioskSeen)))}
    asked = _asked(connection, version, now, seen)
    there: dict[str, list[str]] = {}
    for kiosk in directory.kiosks.values():
        if _serves(seen.get(kiosk.id), now) and not kiosk.is_revoked:
            there.setdefault(kiosk.station, []).append(kiosk.id)
    found = []
    for kiosk in directory.kiosks.values():
        station, row = directory.stations.get(kiosk.station), seen.get(kiosk.id)
        if station is None or row is None or not _in_service(kiosk, station, now):
            continue
        step, not_before, is_stuck = asked.get(kiosk.id, _WAITS)
        is_there = _is_there(row, now)
        if _runs(row, version) and step is not UpdateStep.UNDER_WAY:  # it runs it, but may still go back
            step = UpdateStep.DONE
        elif step is UpdateStep.SILENT and is_there:  # it knows nothing of it any more
            step = UpdateStep.WAITS
        may_now, hour, rests = False, None, False
        if step is UpdateStep.WAITS:
            others = [id_ for id_ in there.get(kiosk.station, ()) if id_ != kiosk.id]
            may_now, hour, rests = _may_disturb(station, now, quiet_hour, has_other=bool(others))
            may_now = may_now and _serves(row, now) and (not_before is None or not_before < now)
        is_stuck = is_stuck and step is UpdateStep.WAITS
        found.append(KioskOnItsWay(kiosk.id, kiosk.station, step, may_now, hour, rests, is_there, is_stuck))
    return found


def _in_service(kiosk: KnownKiosk, station: KnownStation, now: datetime) -> bool:
    return not kiosk.is_revoked and kiosk.in_service(now.astimezone(station.zone).date())


def _is_there(row: Row[Any] | None, now: datetime) -> bool:
    return row is not None and row.online and now - moment_of(row.heard_ms) < LOST_AFTER


def _serves(row: Row[Any] | None, now: datetime) -> bool:
    return _is_there(row, now) and row is not None and row.reader == ReaderState.UP


def _may_disturb(
    station: KnownStation, now: datetime, quiet_hour: QuietHour, *, has_other: bool
) -> tuple[bool, int | None, bool]:
    """Whether a kiosk there may be changed now, the hour that it must wait for, and whether the station is at rest."""
    today = now.astimezone(station.zone).date()
    calendar = station.rules(since=today - timedelta(days=1), until=today + HORIZON + timedelta(days=1)).calendar
    if not never_rests(calendar, now):
        rests = is_at_rest(calendar, now)
        return rests, None, rests
    if has_other:
        return True, None, False
    hour = quiet_hour(station.code)
    return now.astimezone(station.zone).hour == hour, hour, False


def _asked(connection: Connection, version: str, now: datetime, seen: Mapping[str, Row[Any]]) -> dict[str, _Asked]:
    """By the newest command of each kiosk about that version; who is still at another is under way all the same."""
    query = select(table_of(KioskCommand)).where(col(KioskCommand.name) == UPDATE.name)
    newest: dict[tuple[str, str], _Asked] = {}
    tries: Counter[tuple[str, str]] = Counter()
    fetches: Counter[tuple[str, str]] = Counter()
    for row in connection.execute(query.order_by(col(KioskCommand.asked_ms))):
        about = row.kiosk, json.loads(row.args).get("version", "")
        is_not_now = row.outcome == CommandOutcome.REFUSED and row.said.startswith(NOT_NOW)
        was_tried = WAS_TRIED in row.said
        tries[about] += (is_not_now and was_tried) or row.outcome == CommandOutcome.DONE  # done, and not at work
        fetches[about] += is_not_now and not was_tried
        newest[about] = _step(row, now, tries[about], fetches[about])
    asked = {kiosk: found for (kiosk, of), found in newest.items() if of == version}
    for (kiosk, other), found in newest.items():
        is_idle = asked.get(kiosk, _WAITS).step is UpdateStep.WAITS
        if is_idle and found.step is UpdateStep.UNDER_WAY and not _runs(seen.get(kiosk), other):
            asked[kiosk] = found
    return asked


def _runs(row: Row[Any] | None, version: str) -> bool:
    return row is not None and bool(row.version) and rank(row.version) >= rank(version)


def _step(row: Row[Any], now: datetime, tries: int, fetches: int) -> _Asked:
    expires_at = moment_of(row.expires_ms)
    match CommandOutcome(row.outcome):
        case CommandOutcome.REFUSED if row.said.startswith(FAILED) or tries >= MOST_TRIES:
            return _Asked(UpdateStep.FAILED)
        case CommandOutcome.DONE if tries >= MOST_TRIES:
            return _Asked(UpdateStep.FAILED)
        case CommandOutcome.REFUSED | CommandOutcome.DONE:
            is_stuck = fetches >= MOST_TRIES
            return _Asked(UpdateStep.WAITS, moment_of(row.answered_ms) + (SELDOM if is_stuck else NOT_AGAIN), is_stuck)
        case CommandOutcome.BEGUN:
            return _Asked(UpdateStep.UNDER_WAY if now < expires_at + ENDS_WITHIN else UpdateStep.SILENT)
        case CommandOutcome.NONE if now < expires_at:
            return _Asked(UpdateStep.UNDER_WAY)
        case _:
            return _Asked(UpdateStep.WAITS)
