"""What waits about tomorrow: stations with opening periods that have nobody on the roster, or too few."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from hub.register.reading import read_edition
from hub.register.shifts_ahead import ShiftGap, read_shifts_ahead
from hub.rights import Right
from hub.web.inbox import words
from hub.web.inbox.waiting import CitySeen, InboxLink, ToDo

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from sqlalchemy import Connection

    from hub.register.shifts_ahead import ShiftAhead
    from hub.web.inbox.waiting import InboxAct


class ShiftSource:
    """Stations that keep a roster, and lack somebody on tomorrow's. Read anew where the city or the day has changed."""

    kind = "shifts"
    word = words.SHIFTS

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._read: tuple[int, date] | None = None
        self._gaps: dict[str, list[ShiftAhead]] = {}

    def waiting(self, connection: Connection, seen: CitySeen) -> list[ToDo]:
        """One a station and day; closing it is good for that day."""
        tomorrow = seen.now.astimezone(self._zone).date() + timedelta(days=1)
        read = read_edition(connection), tomorrow
        if read != self._read:
            self._gaps, self._read = _gaps(connection, tomorrow), read
        return [self._waiting(code, gaps, seen) for code, gaps in self._gaps.items() if seen.place(code)]

    def act(self, connection: Connection, one: ToDo, act: InboxAct, *, by: str, now_ms: int, note: str) -> None:
        """Nothing: the roster is changed on its own page."""

    def _waiting(self, code: str, gaps: list[ShiftAhead], seen: CitySeen) -> ToDo:
        place = seen.place(code)
        assert place is not None
        worst = [one for one in gaps if one.gap is ShiftGap.NOBODY] or gaps
        first = worst[0]
        hours = f"{_clock(first.span.opens_min)}–{_clock(first.span.closes_min)}"
        what = words.NOBODY_TOMORROW if first.gap is ShiftGap.NOBODY else words.FEW_TOMORROW
        opens = datetime.combine(first.day, time(), self._zone) + timedelta(minutes=first.span.opens_min)
        address = f"/stations/{quote(code)}/shifts/day?day={first.day}"
        return ToDo(
            kind=self.kind, subject=f"{code} {first.day}", place=place[0], station=place[1], since=None,
            what=what if len(worst) == 1 else words.MORE_OF[what], todo=words.PLAN_SHIFTS,
            said={
                "hours": hours, "n": str(len(worst)), "people": str(len(first.people)), "minimum": str(first.minimum),
            },
            due=opens, seen_by=(Right.FOLLOW_UP, Right.SHIFTS), done_by=(Right.HANDLE, Right.SHIFTS),
            links=(InboxLink(address, words.CHANGE_SHIFTS, Right.SHIFTS),),
        )  # fmt: skip


def _gaps(connection: Connection, day: date) -> dict[str, list[ShiftAhead]]:
    found: dict[str, list[ShiftAhead]] = defaultdict(list)
    for one in read_shifts_ahead(connection, day, 1):
        if one.gap in {ShiftGap.NOBODY, ShiftGap.FEW}:
            found[one.station].append(one)
    return dict(found)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
