"""The event loop's hours: when rows are made, when time alone changes them, when kiosks are told.

What other threads have for the loop comes in by `call`. In a flood rows are made only for a part of the time, so that
pages and taps never wait for it. What the hub fails over is left out and found, and ends nothing.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final, ParamSpec

from hub.intake.gathering import SignsOfLife
from hub.ledger.change import Change
from hub.presence.live_city import LiveCity
from station.clock import Clock
from station.names import StationCode

P = ParamSpec("P")

FLOOD_PAUSE: Final = 9  # the next rows wait so many times as long as the last ones took
TICK_S: Final = 1.0  # at the latest; wall clocks can be set
AGAIN_S: Final = 1.0  # after what the hub failed over


class Feed:
    """One way into the loop, and what is done there."""

    def __init__(self, loop: asyncio.AbstractEventLoop, clock: Clock, city: LiveCity) -> None:
        self._loop = loop
        self._clock = clock
        self._city = city
        self._touched: dict[StationCode, datetime | None] = {}
        self._watched: set[StationCode] = set()
        self._rows_after_s = 0.0
        self._rows_timer: asyncio.TimerHandle | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._wakes_at_s = 0.0
        self._telling_timer: asyncio.TimerHandle | None = None
        self._is_closed = False

    # Any thread.

    def call(self, what: Callable[P, object], *args: P.args, **more: P.kwargs) -> None:
        """Let the loop do it, unless all has ended."""
        if not self._is_closed:
            self._loop.call_soon_threadsafe(lambda: self._city.attempt(what, *args, **more))

    def hear(self, heard: SignsOfLife) -> None:
        """Hand over who gave a sign of life."""
        self.call(self._hear, heard)

    def show(self, change: Change) -> None:
        """Hand over what is otherwise in the ledger."""
        self.call(self._take, change)

    # The event loop.

    def start(self) -> None:
        """Let time pass and tellings go out."""
        self._tick()
        self._tell()

    def close(self) -> None:
        """Nothing more is taken."""
        self._is_closed = True
        for timer in (self._timer, self._rows_timer, self._telling_timer):
            if timer is not None:
                timer.cancel()

    def _hear(self, heard: SignsOfLife) -> None:
        self._city.hear(heard)
        self._reschedule()

    def _take(self, change: Change) -> None:
        stations, since, watched = self._city.apply(change)
        self._watched |= watched
        for station in stations:
            before = self._touched.get(station, since)
            self._touched[station] = None if since is None or before is None else min(since, before)
        if stations or watched:
            self._make_rows_soon()

    def _make_rows_soon(self) -> None:
        """At once, but in a flood only for a part of the time."""
        wait_s = self._rows_after_s - time.perf_counter()
        if wait_s <= 0:
            self._city.attempt(self._make_rows)
        elif self._rows_timer is None:
            self._rows_timer = self._loop.call_later(wait_s, self._city.attempt, self._make_rows)

    def _make_rows(self) -> None:
        began_s = time.thread_time()
        if self._rows_timer is not None:
            self._rows_timer.cancel()
            self._rows_timer = None
        touched, self._touched = self._touched, {}
        causes: dict[datetime | None, list[StationCode]] = {}
        for station, cause_at in touched.items():
            causes.setdefault(cause_at, []).append(station)
        for cause_at, stations in causes.items():
            self._city.refresh(stations, cause_at)
        watched, self._watched = self._watched, set()
        self._city.look_again(sorted(watched))
        self._reschedule()
        worked_s = time.thread_time() - began_s  # without what other threads took of the time
        self._rows_after_s = time.perf_counter() + worked_s * FLOOD_PAUSE

    def _tick(self) -> None:
        self._timer = None
        self._city.attempt(self._city.pass_time, self._clock.now())
        self._reschedule()

    def _reschedule(self) -> None:
        """Wake when time alone next changes something."""
        due_at = self._city.board.next_due()
        wait_s = TICK_S
        if due_at is not None:
            wait_s = min(TICK_S, max(0.0, self._clock.real_s((due_at - self._clock.now()).total_seconds())))
        at_s = self._loop.time() + wait_s
        if self._timer is not None:
            if self._wakes_at_s <= at_s:
                return
            self._timer.cancel()
        self._wakes_at_s = at_s  # kept here: a timer of uvloop that is due at once does not tell
        self._timer = self._loop.call_at(at_s, self._tick)

    def _tell(self) -> None:
        """Tell the kiosks; while rows wait, seldom, for what is told is old when it comes."""
        wait_s = self._city.attempt(self._city.telling.work)
        rest_s = AGAIN_S if wait_s is None else wait_s * (FLOOD_PAUSE if self._rows_timer is not None else 1)
        self._telling_timer = self._loop.call_later(rest_s, self._tell)
