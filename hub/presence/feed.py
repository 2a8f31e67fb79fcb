"""The event loop's hours: when rows are made, when time alone changes them, when kiosks are told.

What other threads have for the loop comes in by `call`. In a flood rows are made only for a part of the time, so that
pages and taps never wait for it; where somebody stands at a kiosk now they are made before. What the hub fails over is
left out and found, and ends nothing.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, ParamSpec

from hub.intake.gathering import SignsOfLife
from hub.ledger.change import Change
from hub.presence.live_city import LiveCity
from station.clock import Clock
from station.names import StationCode

P = ParamSpec("P")

FLOOD_PAUSE: Final = 9  # the next rows wait so many times as long as the last ones took
LIVE_PAUSE: Final = 1
LIVE: Final = timedelta(minutes=2)  # what is younger is of somebody who stands at a kiosk now, and waits for no others
TICK_S: Final = 1.0  # at the latest; wall clocks can be set
AGAIN_S: Final = 1.0  # after what the hub failed over


@dataclass(slots=True)
class _Lane:
    """Stations whose rows are to be made, and since when they may be otherwise; None where that is not known.

    Attributes:
        pause: the next rows wait so many times as long as the last ones took.
        after_s: until then.
        timer: ends that waiting, where somebody waits.
    """

    pause: int
    touched: dict[StationCode, datetime | None] = field(default_factory=dict)
    after_s: float = 0.0
    timer: asyncio.TimerHandle | None = None

    def touch(self, station: StationCode, since: datetime | None) -> None:
        """Let that station be among them."""
        before = self.touched.get(station, since)
        self.touched[station] = None if since is None or before is None else min(since, before)


class Feed:
    """One way into the loop, and what is done there."""

    def __init__(self, loop: asyncio.AbstractEventLoop, clock: Clock, city: LiveCity) -> None:
        self._loop = loop
        self._clock = clock
        self._city = city
        self._live = _Lane(LIVE_PAUSE)
        self._late = _Lane(FLOOD_PAUSE)
        self._watched: set[StationCode] = set()
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
        for timer in (self._timer, self._live.timer, self._late.timer, self._telling_timer):
            if timer is not None:
                timer.cancel()

    def _hear(self, heard: SignsOfLife) -> None:
        self._city.hear(heard)
        self._reschedule()

    def _take(self, change: Change) -> None:
        stations, since, watched = self._city.apply(change)
        lane = self._live if since is not None and self._clock.now() - since <= LIVE else self._late
        for station in stations:
            lane.touch(station, since)
        if stations:
            self._make_rows_soon(lane)
        if watched:
            self._watched |= watched
            self._make_rows_soon(self._late)

    def _make_rows_soon(self, lane: _Lane) -> None:
        """At once, but only for a part of the time."""
        wait_s = lane.after_s - time.perf_counter()
        if wait_s <= 0:
            self._city.attempt(self._make_rows, lane)
        elif lane.timer is None:
            lane.timer = self._loop.call_later(wait_s, self._city.attempt, self._make_rows, lane)

    def _make_rows(self, lane: _Lane) -> None:
        began_s = time.thread_time()
        if lane.timer is not None:
            lane.timer.cancel()
            lane.timer = None
        touched, lane.touched = lane.touched, {}
        causes: dict[datetime | None, list[StationCode]] = {}
        for station, cause_at in touched.items():
            causes.setdefault(cause_at, []).append(station)
        for cause_at, stations in causes.items():
            self._city.refresh(stations, cause_at)
        if lane is self._late:
            watched, self._watched = self._watched, set()
            self._city.look_again(sorted(watched))
        self._reschedule()
        worked_s = time.thread_time() - began_s  # without what other threads took of the time
        lane.after_s = time.perf_counter() + worked_s * lane.pause

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
        rest_s = AGAIN_S if wait_s is None else wait_s * (FLOOD_PAUSE if self._late.timer is not None else 1)
        self._telling_timer = self._loop.call_later(rest_s, self._tell)
