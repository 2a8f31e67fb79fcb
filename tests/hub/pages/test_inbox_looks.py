"""How often it is looked what waits: the longer a look takes, the more seldom, and never so seldom that an alarm is missed."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import pytest
from sqlalchemy import Connection

from hub.accounts.asker import Who
from hub.database.transactions import StoreTroubleError
from hub.rights import Grant, Reach, Role
from hub.web.inbox import inbox as inbox_module
from hub.web.inbox.inbox import COUNTED_EVERY_S, LONGEST_UNCOUNTED_S, Inbox, InboxEntry
from hub.web.inbox.waiting import CitySeen, InboxAct, ToDo
from tests.hub.pages.board_source import FakeBoardSource

WHO = Who("somebody", grants=(Grant(Role.CITY),))


class Clockwork:
    """Time that goes on while a source is asked."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.takes_s = 0.0
        self.is_broken = False
        self.looks = 0


class SlowSource:
    """One thing waits each time more."""

    kind, word = "slow", "slow"

    def __init__(self, clockwork: Clockwork) -> None:
        self._of = clockwork

    def waiting(self, connection: Connection, seen: CitySeen) -> list[ToDo]:
        self._of.looks += 1
        self._of.now_s += self._of.takes_s
        if self._of.is_broken:
            raise StoreTroubleError("database is locked")
        return [ToDo(kind=self.kind, subject=str(n), since=None, what="x") for n in range(self._of.looks)]

    def act(self, connection: Connection, one: ToDo, act: InboxAct, *, by: str, now_ms: int, note: str) -> None:
        """Nothing."""


class Counted(NamedTuple):
    """An inbox, and its clock."""

    inbox: Inbox
    clockwork: Clockwork

    async def looks_after(self, seconds: float) -> bool:
        """Whether it looks anew when somebody asks how many wait so long after the last look."""
        before = self.clockwork.looks
        self.clockwork.now_s += seconds
        self.inbox.count(WHO)
        if self.inbox._beside is not None:
            await self.inbox._beside
        return self.clockwork.looks > before


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    clockwork = Clockwork()
    monkeypatch.setattr("hub.web.inbox.inbox.time", TimeOf(clockwork))
    return Counted(Inbox(FakeBoardSource(), None, [SlowSource(clockwork)], list), clockwork)


class TimeOf:
    """The module, by that clock."""

    def __init__(self, clockwork: Clockwork) -> None:
        self.monotonic: Callable[[], float] = lambda: clockwork.now_s
        self.thread_time = time.thread_time


@pytest.mark.parametrize(
    ("takes_s", "every_s"),
    [(0.0, COUNTED_EVERY_S), (1.0, 20.0), (10.0, LONGEST_UNCOUNTED_S), (300.0, LONGEST_UNCOUNTED_S)],
)
def test_what_is_counted_is_seldom_looked_at_where_that_takes_long_and_never_old(
    counted: Counted, takes_s: float, every_s: float
) -> None:
    async def asked() -> list[bool]:
        counted.clockwork.takes_s = takes_s
        await counted.inbox.look()
        return [await counted.looks_after(every_s - 1.0), await counted.looks_after(1.0)]

    assert asyncio.run(asked()) == [False, True]


def test_after_trouble_it_is_soon_looked_anew_however_long_that_took(counted: Counted) -> None:
    async def asked() -> bool:
        counted.clockwork.takes_s, counted.clockwork.is_broken = 30.0, True
        await counted.inbox.look()
        return await counted.looks_after(COUNTED_EVERY_S)

    assert asyncio.run(asked())


def test_it_is_counted_once_for_all_who_may_see_the_same_and_anew_after_a_look(
    counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone_through: list[Who] = []
    entries = Inbox.entries
    monkeypatch.setattr(Inbox, "entries", lambda inbox, who: gone_through.append(who) or entries(inbox, who))

    async def asked(times: int) -> list[int | None]:
        await counted.inbox.look(0.0)
        return [
            counted.inbox.count(who) for who in (WHO, replace(WHO, name="another", proof="other")) for _ in range(times)
        ]

    assert asyncio.run(asked(3)) == [1] * 6
    assert len(gone_through) == 1
    assert asyncio.run(asked(1)) == [2] * 2
    assert counted.inbox.count(replace(WHO, grants=(Grant(Role.LEAD, Reach(station="S-01")),))) == 0


def test_whose_thousands_are_is_asked_once_for_each_place(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[ToDo] = []
    is_seen = inbox_module._is_seen
    monkeypatch.setattr(inbox_module, "_is_seen", lambda who, one: asked.append(one) or is_seen(who, one))
    here, there = (Reach("D-1", "bank", code) for code in ("S-01", "S-02"))
    counted.inbox._entries = tuple(
        InboxEntry(ToDo(kind="slow", subject=str(n), place=here if n % 2 else there, since=None, what="x"))
        for n in range(100)
    )

    found = counted.inbox.entries(replace(WHO, grants=(Grant(Role.LEAD, Reach(station="S-01")),)))

    assert {entry.one.place for entry in found} == {here}
    assert len(found) == 50
    assert len(asked) == 2
