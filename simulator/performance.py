"""One performance in a running town: people act, the board is held against the truth, and a report comes of it.

All of it lives on one event loop; only reading the board and its stream blocks, and does so in threads.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from simulator.acts import Act
from simulator.board_watch import LiveStream, SeenBoard, SeenRow, ask_board
from simulator.comparison import Comparison
from simulator.days import play_days
from simulator.ear import Ear
from simulator.on_the_way import OnTheWay
from simulator.play import Beep, Play
from simulator.premises import HOST
from simulator.report import Report
from simulator.stored import BeepCount, count, read_stored
from simulator.town import Town
from simulator.truth import Truth
from station.clock import Clock

LOOK_EVERY_S: Final = 0.08  # a virtual minute is a second; a quiet moment in it must not be missed
CHECK_EVERY_S: Final = 0.5
ARRIVING_S: Final = 10.0  # for what is on its way at the end
SLACK_S: Final = 0.25  # by which a beep may come after its record's moment


@dataclass(frozen=True, slots=True)
class Onlookers:
    """Who is told what happens.

    Attributes:
        tap: called with each answer.
        began: called with the play once it runs, for a visitor who wants to join in.
    """

    tap: Callable[[Act, Beep], None]
    began: Callable[[Play], None]


class Performance:
    """From the first act to the report."""

    def __init__(self, town: Town, clock: Clock, ear: Ear, audience: Onlookers) -> None:
        self._town, self._clock, self._ear, self._audience = town, clock, ear, audience
        city = town.city
        self._admission = town.admission
        self._truth = Truth({s.code: s.opening for s in city.stations}, [v.person for v in city.volunteers])
        self._on_the_way = OnTheWay()
        self._slack = timedelta(seconds=SLACK_S * clock.rate)
        codes = [station.code for station in city.stations]
        self._comparison = Comparison(codes, self._truth, self._on_the_way, self._slack)
        self._stalled_s = 0.0
        self._play = Play(clock, town.antennas, self._truth, self._on_the_way, tell=audience.tap)

    async def give(self, start: datetime, ended: asyncio.Event, for_s: float | None) -> Report:
        """Play from `start` on, until `ended` or for so many real seconds after it.

        Raises:
            ChildError: a process of the town ended.
            BoardError: the board does not answer any more.
        """
        loop = asyncio.get_running_loop()
        self._ear.listen(loop, self._play.hear)

        def show(row: SeenRow, came_s: float) -> None:
            with suppress(RuntimeError):  # the loop has ended just now
                loop.call_soon_threadsafe(self._on_the_way.show, row.code, row.figures, came_s)

        live = LiveStream(HOST, self._town.premises.http_port, show, self._admission)
        try:
            self._audience.began(self._play)
            playing = asyncio.create_task(play_days(self._town.city, self._play, start), name="play")
            if for_s is not None:
                for_s += max(0.0, self._clock.real_s((start - self._clock.now()).total_seconds()))
            await self._watch(playing, ended, for_s)
            return await self._conclude()
        finally:
            await asyncio.to_thread(live.close)

    async def _watch(self, playing: asyncio.Task[None], ended: asyncio.Event, for_s: float | None) -> None:
        """Compare minute by minute, and end the play in time; who stands at a reader finishes."""
        stopping = asyncio.create_task(self._stop(ended, for_s), name="end of the play")
        checked_s = 0.0
        while not playing.done():
            await self._look()
            if time.monotonic() - checked_s >= CHECK_EVERY_S:
                self._town.check()
                checked_s = time.monotonic()
            await self._rest()
        await playing
        await stopping

    async def _rest(self) -> None:
        began_s = time.monotonic()
        await asyncio.sleep(LOOK_EVERY_S)
        self._stalled_s = max(self._stalled_s, time.monotonic() - began_s - LOOK_EVERY_S)

    async def _stop(self, ended: asyncio.Event, for_s: float | None) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), for_s)
        self._play.end()

    async def _look(self) -> None:
        if self._comparison.is_due(self._clock.now()):
            turns = self._comparison.turns()
            board = await self._ask()
            self._comparison.compare(board, turns, time.monotonic())

    async def _ask(self) -> SeenBoard:
        return await asyncio.to_thread(ask_board, HOST, self._town.premises.http_port, self._admission)

    async def _conclude(self) -> Report:
        """Let arrive what is on its way, and look a last time."""
        deadline_s = time.monotonic() + ARRIVING_S
        stored = self._count()
        while stored.lost and time.monotonic() < deadline_s:
            await asyncio.sleep(LOOK_EVERY_S)
            stored = self._count()
        board = await self._quiet_board(deadline_s)
        self._comparison.close(is_cut_short=True)
        return Report(
            seed=self._town.city.seed,
            complaints=self._town.complaints(),
            outcome=self._play.outcome,
            count=stored,
            comparison=self._comparison,
            on_the_way=self._on_the_way,
            board=board,
            truth={
                station.code: self._truth.figures(station.code, board.as_of) for station in self._town.city.stations
            },
            stalled_s=self._stalled_s,
        )

    async def _quiet_board(self, deadline_s: float) -> SeenBoard:
        """The board at a moment at which nothing is on its way and no clock is just striking, if there is one."""
        while True:
            turns = self._comparison.turns()
            board = await self._ask()
            now_s = time.monotonic()
            if now_s >= deadline_s or self._comparison.quiet(board, turns, now_s) == turns.keys():
                return board
            await asyncio.sleep(LOOK_EVERY_S)

    def _count(self) -> BeepCount:
        stored = read_stored(self._town.premises.database)
        return count(self._play.outcome.heard, stored, self._town.token, self._slack)
