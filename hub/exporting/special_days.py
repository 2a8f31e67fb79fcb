"""All special days as the sheet 特殊日 that an import reads back; days of the same hours and reason in one line."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple, TextIO

from sqlalchemy import Connection
from sqlmodel import select

from hub.database.tables import SharedDay, SpecialDay
from hub.exporting.harmless import csv_lines
from hub.register.spelling import read_spans
from hub.typed.hours_spelled import spell_hours

HEADERS: Final = ("日期", "至日期", "区县", "类别", "站点编号", "服务时间", "原因")
CLOSED: Final = "休息"
MOST_OF_A_LINE: Final = timedelta(days=365)  # what an import takes of one


class SpecialStretch(NamedTuple):
    """Days one after the other that are alike; what names no one is empty."""

    district: str
    kind: str
    station: str
    first: date
    last: date
    hours: str
    reason: str


def special_stretches(connection: Connection) -> Iterator[SpecialStretch]:
    """All of them, shared ones first."""
    shared = (
        SpecialStretch(row.district, row.kind, "", row.day, row.day, _hours(row.spans), row.reason)
        for row in connection.execute(select(SharedDay))
    )
    own = (
        SpecialStretch("", "", row.station, row.day, row.day, _hours(row.spans), row.reason)
        for row in connection.execute(select(SpecialDay))
    )
    yield from _joined(sorted(shared))
    yield from _joined(sorted(own))


def write_special_days(connection: Connection, file: TextIO) -> None:
    """Write the sheet."""
    file.write(csv_lines([HEADERS]))
    for one in special_stretches(connection):
        line = (str(one.first), str(one.last), one.district, one.kind, one.station, one.hours, one.reason)
        file.write(csv_lines([line]))


def _hours(spans: str) -> str:
    return spell_hours(read_spans(spans)) or CLOSED


def _joined(days: Iterable[SpecialStretch]) -> Iterator[SpecialStretch]:
    held: SpecialStretch | None = None
    for one in days:
        if (
            held is not None
            and one._replace(first=held.first, last=held.last) == held
            and one.first == held.last + timedelta(days=1)
            and one.last - held.first <= MOST_OF_A_LINE
        ):
            held = held._replace(last=one.last)
            continue
        if held is not None:
            yield held
        held = one
    if held is not None:
        yield held
