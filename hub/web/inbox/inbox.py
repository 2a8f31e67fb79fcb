"""All that waits, seen every few seconds for everybody, and cut for each by their grants.

Counting costs no statement: it is of what was seen last, and sees anew beside. What was done is seen at once.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from sqlalchemy import Connection

from hub.accounts.asker import Who
from hub.database.transactions import StoreTroubleError
from hub.giving_way import giving_way
from hub.presence.board_view import BoardSource
from hub.presence.liveness import KioskNow
from hub.rights import WHOLE_CITY, Grant, Reach, Right
from hub.web.desk.desk import Desk
from hub.web.inbox.steps import Care, InboxDeed, Steps, write_step
from hub.web.inbox.waiting import NOWHERE, CitySeen, InboxAct, InboxSource, ToDo
from station.grouping import WATCHED_AT_ONCE, in_lines
from station.milliseconds import moment_of, ms_of

log = logging.getLogger(__name__)
T = TypeVar("T")

COUNTED_EVERY_S: Final = 3.0
LOOK_SHARE: Final = 20  # and so many times as long as the last look took: thousands may wait, for weeks
LONGEST_UNCOUNTED_S: Final = 30.0  # however long that took: an alarm is among them
SHOWN_EVERY_S: Final = 0.5  # who did something on another page finds it done
MANY: Final = 20  # of one kind: from then on they are one line, which opens
ALARM: Final = "alarm"
SNOOZE: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """A thing that waits, and what became of it."""

    one: ToDo
    care: Care | None = None

    @property
    def owner(self) -> str:
        """Who looks after it; empty for nobody whom the inbox knows."""
        return self.care.owner if self.care else ""

    @property
    def due(self) -> datetime | None:
        """By when."""
        return moment_of(self.care.due_ms) if self.care and self.care.due_ms is not None else self.one.due


@dataclass(frozen=True, slots=True)
class InboxFold:
    """Many of one kind, as one line.

    Attributes:
        district: the code of the one in which all of them are, where they are one line by that.
    """

    kind: str
    count: int
    since: datetime | None
    district: str = ""


class Inbox:
    """Belongs to the event loop.

    Args:
        board: which stations there are, and the time.
        desk: the database; None for a site without one, where nothing is written down.
        sources: who brings what waits, the most pressing kind first.
        kiosks: those in service.
    """

    def __init__(
        self,
        board: BoardSource,
        desk: Desk | None,
        sources: Iterable[InboxSource],
        kiosks: Callable[[], list[KioskNow]],
    ) -> None:
        self.sources = {source.kind: source for source in sources}
        self.board = board
        self._desk = desk
        self._kiosks = kiosks
        self._steps = Steps()
        self._entries: tuple[InboxEntry, ...] = ()
        self._counts: dict[tuple[Grant, ...], int] = {}  # of these entries
        self._looked_s = float("-inf")
        self._took_s = 0.0
        self._is_blind = False
        self._looking = asyncio.Lock()
        self._beside: asyncio.Task[None] | None = None

    async def look(self, older_s: float = SHOWN_EVERY_S) -> None:
        """See what waits, where that was seen longer ago than this."""
        async with self._looking:
            if time.monotonic() - self._looked_s < older_s:
                return
            began_s, self._took_s = time.monotonic(), 0.0
            view = self.board.view()
            seen = CitySeen(view.as_of, {row.code: row for row in view.rows}, tuple(self._kiosks()))
            try:
                self._entries, self._counts = await self._read(seen), {}
                self._is_blind, self._took_s = False, time.monotonic() - began_s
            except StoreTroubleError as exc:
                if not self._is_blind:
                    log.warning("what waits could not be read, and is as before until it can: %s", exc)
                self._is_blind = True
            self._looked_s = time.monotonic()

    @property
    def counted_every_s(self) -> float:
        """How old what is counted may be; after trouble, which may have taken long, as short as ever."""
        return min(max(COUNTED_EVERY_S, LOOK_SHARE * self._took_s), LONGEST_UNCOUNTED_S)

    def count(self, who: Who) -> int | None:
        """How many lines wait for somebody, as last seen; None where they have no inbox.

        Each page and each beat of each board asks, and to go through thousands keeps the event loop for 20 ms.
        """
        if not who.may_somewhere(Right.INBOX):
            return None
        is_old = time.monotonic() - self._looked_s >= self.counted_every_s
        if is_old and (self._beside is None or self._beside.done()):
            self._beside = asyncio.get_running_loop().create_task(self.look(), name="inbox")
        if who.grants not in self._counts:
            self._counts[who.grants] = len(self.folded(self.entries(who)))
        return self._counts[who.grants]

    def entries(self, who: Who, kind: str = "", district: str = "") -> list[InboxEntry]:
        """What waits for somebody, the most pressing first."""
        known: dict[tuple[tuple[Right, ...], Reach], bool] = {}  # of thousands most are of the same few places

        def is_seen(one: ToDo) -> bool:
            found = known.get((one.seen_by, one.place))
            if found is None:
                found = known[one.seen_by, one.place] = _is_seen(who, one)
            return found

        return [
            entry for entry in self._entries
            if kind in {"", entry.one.kind} and district in {"", entry.one.place.district} and is_seen(entry.one)
        ]  # fmt: skip

    def folded(self, entries: list[InboxEntry]) -> list[InboxEntry | InboxFold]:
        """The same with many of one kind as one line; of alarms, those of one district."""
        counted = Counter(entry.one.kind for entry in entries)

        def likeness(entry: InboxEntry) -> tuple[str, str] | None:
            kind, place = entry.one.kind, entry.one.place
            if kind == ALARM:
                is_alone = counted[kind] <= WATCHED_AT_ONCE or not place.station or place == NOWHERE
                return None if is_alone or not place.district else (kind, place.district)
            return (kind, "") if counted[kind] > MANY else None

        return [line[0] if len(line) == 1 else _fold(line, likeness(line[0])) for line in in_lines(entries, likeness)]

    def find(self, who: Who, key: str) -> InboxEntry | None:
        """The thing with that key; None where there is none, or not for them."""
        return next((one for one in self._entries if one.one.key == key and _is_seen(who, one.one)), None)

    def may_act(self, who: Who, one: ToDo) -> bool:
        """Whether somebody acts upon it: under a name of their own."""
        return bool(who.account) and any(who.may(right, one.place) for right in one.done_by)

    async def act(self, one: ToDo, step: InboxDeed) -> None:
        """Do it, and see what waits then.

        Raises:
            ActError: it is over.
        """
        assert self._desk is not None
        source = self.sources[one.kind]

        def write(connection: Connection) -> None:
            source.act(connection, one, step.act, by=step.by, now_ms=step.at_ms, note=step.note)
            write_step(connection, one, step)

        await self._desk.write(write)
        await self.look(0.0)

    def step(self, who: Who, act: InboxAct, *, whom: str = "", due_ms: int | None = None, note: str = "") -> InboxDeed:
        """What somebody does now."""
        assert self._desk is not None
        now = self._desk.clock.now()
        owner = who.name if act in {InboxAct.TAKEN, InboxAct.CONTACTED} else whom
        due = ms_of(now + SNOOZE) if act is InboxAct.SNOOZED else due_ms
        return InboxDeed(ms_of(now), who.name, act, owner, due, note)

    async def _read(self, seen: CitySeen) -> tuple[InboxEntry, ...]:
        if self._desk is None:
            return tuple(InboxEntry(one) for source in self.sources.values() for one in source.waiting(None, seen))  # type: ignore[arg-type]  # the one source without a database needs none

        def read(connection: Connection) -> tuple[InboxEntry, ...]:
            self._steps.read_on(connection)
            found = [one for source in self.sources.values() for one in _by_time(source.waiting(connection, seen))]
            open_ = (one for one in giving_way(found) if not self._is_closed(one))
            return tuple(InboxEntry(one, self._steps.of(one)) for one in open_)

        return await self._desk.read(read)

    def _is_closed(self, one: ToDo) -> bool:
        care = self._steps.of(one)
        if care is None or care.closed_ms is None:
            return False
        return one.anew_at is None or care.closed_ms >= ms_of(one.anew_at)


def _fold(line: list[InboxEntry], likeness: tuple[str, str] | None) -> InboxFold:
    assert likeness is not None
    since = min((entry.one.since for entry in line if entry.one.since), default=None)
    kind, district = likeness
    return InboxFold(kind, len(line), since, district)


def _by_time(found: list[ToDo]) -> list[ToDo]:
    return sorted(found, key=lambda one: (one.since is None, one.since or moment_of(0), one.kind, one.subject))


def _is_seen(who: Who, one: ToDo) -> bool:
    return any(WHOLE_CITY in who.reaches(right) or who.may(right, one.place) for right in one.seen_by)
