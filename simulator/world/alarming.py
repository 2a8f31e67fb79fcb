"""Alarms in the world: the product's keeper and postman on the world's clock, and channels that note what they take.

The keeper is let look where a row changed, and when it says that time alone changes something.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine

from hub.alarms.addresses import SoundAddress
from hub.alarms.channel import AlarmMessage, Receipt
from hub.alarms.keeper import Keeper
from hub.alarms.postman import Postman
from hub.database.transactions import StoreTroubleError
from hub.presence.board_view import BoardRow
from simulator.opening import ZONE
from simulator.world.broken_keepers import break_keeper
from simulator.world.handling import Handling
from simulator.world.hands import Hands
from simulator.world.hub import HubLife
from simulator.world.scenario import Scenario
from simulator.world.timeline import Timeline
from station.duty import DutyClass
from station.milliseconds import ms_of

LOOK_EVERY_S: Final = 1.0  # as the product's own keeper does
AGAIN_S: Final = 30.0  # after the database took nothing


class Alarming:
    """All that is told, in every life of the hub.

    Attributes:
        told: each message that a channel took.
        doubts: when the database was put back or lost its power: what was told before may be told again.
        handling: what people do about it.
    """

    def __init__(self, timeline: Timeline, seed: int, scenario: Scenario) -> None:
        self._timeline = timeline
        self.handling = Handling(timeline, seed, scenario.handled, self._do)
        self.told: list[dict[str, Any]] = []
        self.doubts: list[int] = []
        self._telling: _Telling | None = None

    def begin(self, hub: HubLife, engine: Engine, scenario: Scenario) -> None:
        """A hub begins."""
        self._telling = _Telling(hub, engine, self._timeline, self._note)
        self._telling.begin(scenario)

    def end(self) -> None:
        """The hub ends in the middle of whatever it does; it has looked a moment ago."""
        telling, self._telling = self._telling, None
        if telling is not None:
            telling.note_looked()

    def doubt(self) -> None:
        """The database is not what it was."""
        self.doubts.append(self._now_ms())

    def _do(self, act: Callable[[Engine], None]) -> None:
        """Somebody does something by the hub's database."""
        if self._telling is not None:
            self._telling.do(act)

    def _note(self, channel: str, messages: Sequence[AlarmMessage]) -> None:
        at_ms = self._now_ms()
        self.told += [
            {
                "at_ms": at_ms, "made_ms": at_ms if one.at is None else ms_of(one.at), "channel": channel,
                "what": str(one.what), "lack": one.lack.value, "station": one.code,
            }
            for one in messages
        ]  # fmt: skip
        for one in messages:
            self.handling.hear(one)

    def _now_ms(self) -> int:
        return ms_of(self._timeline.now)


class _Telling:
    """Keeper and postman of one life of the hub."""

    def __init__(
        self,
        hub: HubLife,
        engine: Engine,
        timeline: Timeline,
        note: Callable[[str, Sequence[AlarmMessage]], None],
    ) -> None:
        self._hub, self._engine, self._timeline = hub, engine, timeline
        clock = Hands(timeline, booted_s=-3600.0).clock()
        self._has_mail = True
        self._keeper = Keeper(engine, clock, wake=self._wake)
        self._postman = Postman(
            engine, clock, ZONE, hub.core.findings, make=lambda told, _: _Door(told, note),
            seconds=lambda: timeline.now_s, pool=_AtOnce,
        )  # fmt: skip
        self._shown: dict[str, tuple[DutyClass, bool]] = {}
        self._wakes_s = math.inf

    def begin(self, scenario: Scenario) -> None:
        """Look for the first time, and from now on."""
        break_keeper(self._keeper, self._engine, scenario)
        board = self._hub.core.city.board
        self._shown = {row.code: _told_by(row) for row in board.view().rows}
        board.subscribe(self._take)
        self._look_at(self._timeline.now_s)

    def note_looked(self) -> None:
        """As the product does every few seconds, which a world has no time for."""
        with suppress(StoreTroubleError):
            self._keeper.note_looked()

    def do(self, act: Callable[[Engine], None]) -> None:
        """Let somebody do something, and look what comes of it."""
        try:
            act(self._engine)
        except StoreTroubleError:
            self._hub.troubled()
        else:
            self._look_at(self._timeline.now_s)

    def _wake(self) -> None:
        self._has_mail = True

    def _take(self, rows: Iterable[BoardRow]) -> None:
        """Rows have changed; a row of which nothing new is told is not looked at, which is most of it."""
        news = {row.code: _told_by(row) for row in rows if self._shown.get(row.code) != _told_by(row)}
        self._shown |= news
        if news:
            self._look_at(self._timeline.now_s)

    def _look_at(self, at_s: float) -> None:
        if self._timeline.now_s <= self._wakes_s <= at_s:
            return
        self._wakes_s = at_s

        def look() -> None:
            if self._hub.is_alive and self._wakes_s == at_s:  # else something else was due sooner
                self._wakes_s = math.inf
                self._look()

        self._timeline.call_at(at_s, look)

    def _look(self) -> None:
        self._keeper.look(self._hub.core.city.board.view().rows)
        try:
            self._keeper.work()
            waits_until = self._postman.next_due()
            if self._has_mail or (waits_until is not None and waits_until <= self._timeline.now):
                self._postman.work()
                self._has_mail = False
        except StoreTroubleError:
            self._hub.troubled()
            self._look_at(self._timeline.now_s + AGAIN_S)
            return
        both = self._keeper.next_due(), self._postman.next_due()
        assert both[0] is None or both[0] >= self._timeline.now, "the keeper waits for what has been"
        due_at = min((at for at in both if at is not None), default=None)
        if due_at is not None:
            due_s = self._timeline.second_of(due_at)
            self._look_at(due_s if due_s > self._timeline.now_s else self._timeline.now_s + LOOK_EVERY_S)


def _told_by(row: BoardRow) -> tuple[DutyClass, bool]:
    return row.duty_class, row.is_silent


class _Door:
    """A channel that takes whatever it is told."""

    most = 100
    a_minute = 1_000_000

    def __init__(self, told: SoundAddress, note: Callable[[str, Sequence[AlarmMessage]], None]) -> None:
        self._name, self._note = told.address, note

    def send(self, messages: Sequence[AlarmMessage], now: datetime) -> Receipt:  # noqa: ARG002  as the others
        """Take them."""
        self._note(self._name, messages)
        return Receipt(is_taken=True, text="0 ok")


class _AtOnce(Executor):
    """Does what it is given before it returns: a world has one thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done
