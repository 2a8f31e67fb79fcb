"""Taking back a closure: by who made it, or who may change the station anyway; what is over today stays as it was."""

import json
from collections import defaultdict
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row
from sqlmodel import col, select

from hub.changing import commands as asked
from hub.database.history_table import ChangeRow
from hub.database.tables import SpecialDay
from hub.register.days_ahead import spans_without_own
from hub.register.spelling import read_spans
from hub.web.station.closing import without
from station.hours import DAY_MINUTES, Span, Spans


class OwnDay(NamedTuple):
    """A day of which something is said at one station alone; `was` is what was said before, None for nothing."""

    day: date
    spans: Spans
    reason: str
    by: str
    was: tuple[Spans, str] | None


def own_days(connection: Connection, station: str, now: datetime) -> list[OwnDay]:
    """Those from today on, each with who said what stands of it; `now` is the city's."""
    today = now.date()
    said = col(ChangeRow.station) == station, col(ChangeRow.what) == "set_special_day", col(ChangeRow.day_from) >= today
    lines: dict[date, list[Row[Any]]] = defaultdict(list)
    for line in connection.execute(select(ChangeRow).where(*said).order_by(col(ChangeRow.number))):
        lines[line.day_from].append(line)
    rows = select(SpecialDay).where(col(SpecialDay.station) == station, col(SpecialDay.day) >= today)
    found = []
    for row in connection.execute(rows.order_by(col(SpecialDay.day))):
        by, before = _standing(connection, lines[row.day], row, now)
        was = (read_spans(before["spans"]), before["reason"]) if before else None
        found.append(OwnDay(row.day, read_spans(row.spans), row.reason, by, was))
    return found


def _standing(connection: Connection, lines: list[Row[Any]], row: Row[Any], now: datetime) -> tuple[str, Any]:
    """Who said what stands of a day, and what was said before that; what somebody has taken back is as never said.

    Else who takes two things back, or presses twice, would close again what they had taken back before.
    """
    usual, over = spans_without_own(connection, row.station, row.day), _over(row.day, now)

    def ahead(told: str) -> Spans:
        return without(read_spans(json.loads(told)["spans"]) if told else usual, 0, over)

    standing: list[Row[Any]] = []
    for line in lines:
        back = next((n for n, one in enumerate(standing) if ahead(one.before) == ahead(line.after)), None)
        standing = [*standing, line] if back is None else standing[:back]
    if standing:
        return standing[-1].by, json.loads(standing[-1].before) if standing[-1].before else None
    return lines[-1].by if lines else "", None


def reopening(connection: Connection, station: str, own: OwnDay, now: datetime) -> asked.SetSpecialDay:
    """What is to be changed so that it is as it was before; of today only what is still to come.

    Args:
        connection: to read by.
        station: its code.
        own: what is taken back.
        now: the city's.
    """
    usual = spans_without_own(connection, station, own.day)
    target = own.was[0] if own.was else usual
    over = _over(own.day, now)
    spans = _joined(without(own.spans, over, DAY_MINUTES), without(target, 0, over))
    if own.was is None and spans == usual:
        return asked.SetSpecialDay(station, own.day, None)
    return asked.SetSpecialDay(station, own.day, spans, own.was[1] if own.was else own.reason)


def _over(day: date, now: datetime) -> int:
    """How many minutes of a day are over."""
    return now.hour * 60 + now.minute if day == now.date() else 0


def _joined(before: Spans, after: Spans) -> Spans:
    """Both, with those that touch as one."""
    if before and after and before[-1].closes_min == after[0].opens_min:
        return (*before[:-1], Span(before[-1].opens_min, after[0].closes_min), *after[1:])
    return (*before, *after)
