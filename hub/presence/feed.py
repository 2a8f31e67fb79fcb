"""From the intake's thread to the event loop: what was heard and stored becomes presence, board and tellings.

The thread's side only hands over, and waits only where the loop is far behind. The loop's side works in short
slices, so that a flood of records never holds up the pages. What the hub fails over there is left out and found, and
ends nothing: time goes on, and so does the telling.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final, ParamSpec

from hub.intake.gathering import Heard, Stored
from hub.intake.rows import ms_of
from hub.presence.board import Board
from hub.presence.leaving_out import Attempt
from hub.presence.liveness import Liveness
from hub.presence.presences import Presences
from hub.presence.telling import Telling
from station.clock import Clock
from station.names import StationCode

P = ParamSpec("P")

SLICE_S: Final = 0.004
MOST_BEHIND: Final = 5_000  # records of half a kilobyte, where more would cost the hub its memory
MOST_UNFOLDED: Final = 250_000  # of 40 bytes
FOLD_PAUSE: Final = 6  # so many times as long as a slice
NOTE_PAUSE: Final = 1  # the same where something is not noted: for that the intake waits
LIVE_MS: Final = 120_000  # a record as young as this is of somebody who stands at a kiosk now
MOST_LIVE: Final = 64  # records in one batch of the intake; more than these are a flood, however young
FLOOD_S: Final = 1.0  # the intake's largest batches come within this time
FLOOD_PAUSE: Final = 9  # the next rows wait so many times as long as the last ones took
TICK_S: Final = 1.0  # at the latest; wall clocks can be set
AGAIN_S: Final = 1.0  # after what the hub failed over


class Feed:
    """One way into the loop, and what is done there."""

    def __init__(
        self,
        *,
        loop: asyncio.AbstractEventLoop,
        clock: Clock,
        presences: Presences,
        liveness: Liveness,
        board: Board,
        telling: Telling,
        begin_day: Callable[[datetime], None],
        attempt: Attempt,
    ) -> None:
        self._loop = loop
        self._clock = clock
        self._presences = presences
        self._liveness = liveness
        self._board = board
        self._telling = telling
        self._begin_day = begin_day
        self._attempt = attempt
        self._inbox: dict[int, list[Stored]] = {}  # by run, so that nothing overtakes what is before it in its run
        self._touched: dict[StationCode, datetime] = {}
        self._taken_s = 0.0
        self._rows_after_s = 0.0
        self._is_working = False
        self._rows_timer: asyncio.TimerHandle | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._wakes_at_s = 0.0
        self._telling_timer: asyncio.TimerHandle | None = None
        self._behind = 0  # records handed over and not noted, counted on both sides
        self._unfolded = 0  # noted and perhaps not folded
        self._caught_up = threading.Condition()
        self._is_closed = False

    @property
    def behind(self) -> int:
        """Records handed over and not yet folded."""
        return self._behind + self._unfolded

    # Any thread.

    def call(self, what: Callable[P, object], *args: P.args, **more: P.kwargs) -> None:
        """Let the loop do it, unless all has ended."""
        if not self._is_closed:
            self._loop.call_soon_threadsafe(lambda: self._attempt(what, *args, **more))

    # The intake's thread.

    def hear(self, heard: Heard) -> None:
        """Hand over who gave a sign of life."""
        self.call(self._hear, heard)

    def hand_on(self, stored: list[Stored]) -> None:
        """Hand over what was stored; waits while the loop is far behind."""
        with self._caught_up:
            self._caught_up.wait_for(lambda: self._behind < MOST_BEHIND or self._is_closed)
            self._behind += sum(len(one.rows) for one in stored)
        self.call(self._take, stored)

    # The event loop.

    def start(self) -> None:
        """Let time pass and tellings go out."""
        self._tick()
        self._tell()

    def close(self) -> None:
        """Nothing more is taken, and nobody waits."""
        self._is_closed = True
        for timer in (self._timer, self._rows_timer, self._telling_timer):
            if timer is not None:
                timer.cancel()
        with self._caught_up:
            self._caught_up.notify_all()

    def _hear(self, heard: Heard) -> None:
        now = self._clock.now()
        touched = {
            station
            for (kiosk, station), session in heard.journals.items()
            if self._liveness.hear_journal(kiosk, session, now)
        }
        for place, state, retained in heard.states:
            if state.online and not retained and state.session != self._liveness.heard(place.kiosk).session:
                self._telling.greet(place.station)
            before = self._liveness.status(place.kiosk, now), self._liveness.watches(place.kiosk, now)
            self._liveness.hear_state(place.kiosk, state, now, retained=retained)
            if before != (self._liveness.status(place.kiosk, now), self._liveness.watches(place.kiosk, now)):
                touched.add(place.station)
        if touched:
            self._board.refresh(touched, now)
            self._reschedule()

    def _take(self, stored: list[Stored]) -> None:
        live = self._live_of(stored)
        for one in stored:
            if one.run.id not in live:
                self._inbox.setdefault(one.run.id, []).append(one)
        for one in live.values():
            self._attempt(self._take_live, one)
        self._taken_s = time.perf_counter()
        if not self._is_working:
            self._is_working = True
            self._work()
        elif live:  # what came late waits and rests; whoever taps now does not
            self._make_rows_soon()

    def _take_live(self, one: Stored) -> None:
        self._note([one])
        for _ in one.rows:  # of at most as many people
            self._touched.update(self._presences.fold_last(one.run.kiosk))

    def _live_of(self, stored: list[Stored]) -> dict[int, Stored]:
        """What shows people at kiosks now, by run; nothing where records before it in its run wait, or in a flood."""
        since_ms = ms_of(self._clock.now()) - LIVE_MS
        live = {one.run.id: one for one in stored if one.rows[-1][3] > since_ms and one.run.id not in self._inbox}
        return live if sum(len(one.rows) for one in live.values()) <= MOST_LIVE else {}

    def _work(self) -> None:
        """Note and fold for a while; in a flood the intake and the pages come first."""
        has_failed = self._attempt(self._work_until, time.perf_counter() + SLICE_S) is None
        if not self._presences.has_unfolded:
            self._unfolded = 0
        self._is_working = bool(self._inbox or self._unfolded)
        if self._is_working:
            is_flood = time.perf_counter() - self._taken_s < FLOOD_S
            rest_s = SLICE_S * (NOTE_PAUSE if self._inbox else FOLD_PAUSE) if is_flood else 0.0
            self._loop.call_later(AGAIN_S if has_failed else rest_s, self._work)
        self._make_rows_soon()

    def _work_until(self, until_s: float) -> bool:
        self._note(self._waiting(until_s))
        self._touched.update(self._presences.fold(until_s))
        return True

    def _waiting(self, until_s: float) -> Iterator[Stored]:
        """Take from what waits, for so long or until too much is noted."""
        while self._inbox and self._unfolded < MOST_UNFOLDED and time.perf_counter() < until_s:
            run, waiting = next(iter(self._inbox.items()))
            if len(waiting) == 1:
                del self._inbox[run]
            yield waiting.pop(0)

    def _note(self, stored: Iterable[Stored]) -> None:
        """Note what was handed over, in a tenth of its size."""
        noted = 0
        for one in stored:
            self._attempt(self._presences.take, one.run, one.rows, one.through)
            noted += len(one.rows)
            self._unfolded += len(one.rows)
        with self._caught_up:
            self._behind -= noted
            self._caught_up.notify_all()

    def _make_rows_soon(self) -> None:
        """At once, but in a flood only for a part of the time."""
        wait_s = self._rows_after_s - time.perf_counter()
        if wait_s <= 0:
            self._attempt(self._make_rows)
        elif self._rows_timer is None:
            self._rows_timer = self._loop.call_later(wait_s, self._attempt, self._make_rows)

    def _make_rows(self) -> None:
        began_s = time.thread_time()
        if self._rows_timer is not None:
            self._rows_timer.cancel()
            self._rows_timer = None
        touched, self._touched = self._touched, {}
        causes: dict[datetime, list[StationCode]] = {}
        for station, cause_at in touched.items():
            causes.setdefault(cause_at, []).append(station)
        for cause_at, stations in causes.items():
            self._board.refresh(stations, cause_at)
        self._telling.touch(touched)
        self._reschedule()
        worked_s = time.thread_time() - began_s  # without what other threads took of the time
        self._rows_after_s = time.perf_counter() + worked_s * FLOOD_PAUSE

    def _tick(self) -> None:
        self._timer = None
        self._attempt(self._let_time_pass)
        self._reschedule()

    def _let_time_pass(self) -> None:
        now = self._clock.now()
        self._begin_day(now)
        self._board.advance(now)

    def _reschedule(self) -> None:
        """Wake when time alone next changes something."""
        due_at = self._board.next_due()
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
        """Tell the kiosks; in a flood seldom, for what is told is old when it comes."""
        wait_s = self._attempt(self._telling.work)
        rest_s = AGAIN_S if wait_s is None else wait_s * (FLOOD_PAUSE if self._is_working else 1)
        self._telling_timer = self._loop.call_later(rest_s, self._tell)
