"""Does at the readers what people have planned, hears what the kiosks answer, and tells the truth of it.

Everybody is a task that goes through their acts in order and queues at the kiosk; all tasks live on one event loop,
and beeps come to it as they sound. What people expected otherwise becomes a surprise.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from simulator.acts import Act, Beeped, Gesture, SimCard
from simulator.on_the_way import OnTheWay
from simulator.truth import Figures, Truth
from station.clock import Clock

SILENCE: Final = "silence"


class Antenna(Protocol):
    """Where a card is held to; calls return at once."""

    def put(self, card: SimCard) -> None:
        """Hold a card there, in place of any other."""
        ...

    def take(self) -> None:
        """Take the card away."""
        ...


class Beep(NamedTuple):
    """An answer as somebody at the kiosk heard it, and the words that they read.

    `mono_s` is the machine's own monotonic time.
    """

    kiosk: str
    answer: Beeped
    at: datetime
    mono_s: float
    said: str = ""


class HeardBeep(NamedTuple):
    """One beep that promised a record; the tap was between `put_at` and `at`."""

    kiosk: str
    card: SimCard
    answer: Beeped
    put_at: datetime
    at: datetime


class Surprise(NamedTuple):
    """An answer that is not what somebody counted on: the person, or who knows the rules."""

    at: datetime
    kiosk: str
    intention: str
    by: str
    expected: str
    heard: str


@dataclass(frozen=True, slots=True)
class HandPace:
    """How quick people's hands are, in real seconds."""

    hearing_s: float = 8.0  # waiting for a beep before giving up
    linger_s: float = 0.12  # the card stays a moment after the beep
    again_s: float = 2.5  # before the second touch of a double: a card is gone after 0.75 s, and its guard over after 5
    suspense_s: float = 2.4  # holding on, from when on the second beep may sound; the kiosk's three seconds less some
    hold_s: float = 4.4  # holding on at most, for somebody who counts on no second beep
    guard_s: float = 5.8  # between two acts of one person: the kiosk's five seconds and some


@dataclass(slots=True)
class PlayOutcome:
    """What came of all acts so far."""

    taps: int = 0
    silent: int = 0  # of these, without anything new on record
    heard: list[HeardBeep] = field(default_factory=list)
    surprises: list[Surprise] = field(default_factory=list)


class Play:
    """One city's people at their kiosks."""

    def __init__(
        self,
        clock: Clock,
        antennas: Mapping[str, Antenna],
        truth: Truth,
        on_the_way: OnTheWay,
        *,
        pace: HandPace | None = None,
        tell: Callable[[Act, Beep], None] = lambda act, beep: None,  # noqa: ARG005  nobody listens
    ) -> None:
        """Nothing happens until `perform`.

        Args:
            clock: when acts are due.
            antennas: by kiosk.
            truth: is told every tap as it was heard.
            on_the_way: is told what is at a reader, and what the board is to show.
            pace: how quick hands are.
            tell: is called with every answer.
        """
        self.outcome = PlayOutcome()
        self._clock = clock
        self._antennas = antennas
        self._truth = truth
        self._on_the_way = on_the_way
        self._pace = pace or HandPace()
        self._tell = tell
        self._kiosks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._ears: dict[str, asyncio.Queue[Beep]] = defaultdict(asyncio.Queue)
        self._free_s: dict[str, float] = defaultdict(float)
        self._ended = asyncio.Event()

    def hear(self, beep: Beep) -> None:
        """A kiosk answered. To be called on the event loop."""
        self._ears[beep.kiosk].put_nowait(beep)

    def end(self) -> None:
        """Begin no further act; who stands at a reader finishes."""
        self._ended.set()

    @property
    def is_over(self) -> bool:
        """Whether `end` was called."""
        return self._ended.is_set()

    async def wait_until(self, at: datetime) -> None:
        """Let time pass until that moment, or until the end."""
        await self._ends_within(self._clock.real_s((at - self._clock.now()).total_seconds()))

    async def perform(self, acts: Iterable[Act]) -> None:
        """Let everybody do what they planned, until all is done or `end`."""
        by_person: dict[str, list[Act]] = defaultdict(list)
        for act in acts:
            by_person[act.person].append(act)
        async with asyncio.TaskGroup() as people:
            for person, own in by_person.items():
                people.create_task(self._live(own), name=f"person {person}")

    async def do(self, act: Act) -> None:
        """Queue at the kiosk and do one act."""
        async with self._kiosks[act.kiosk]:
            if not self._ended.is_set():
                await self._do(act)
                self._free_s[act.person] = self._now_s() + self._pace.guard_s

    async def _live(self, own: list[Act]) -> None:
        for act in own:
            due_s = self._clock.real_s((act.at - self._clock.now()).total_seconds())
            if await self._ends_within(max(due_s, self._free_s[act.person] - self._now_s())):
                return
            await self.do(act)

    async def _ends_within(self, wait_s: float) -> bool:
        if wait_s <= 0:
            return self._ended.is_set()
        try:
            await asyncio.wait_for(self._ended.wait(), wait_s)
        except TimeoutError:
            return False
        return True

    async def _do(self, act: Act) -> None:
        answers = await self._touch(act)
        if act.gesture is Gesture.HOLD:
            answers += await self._hold_on(act)
        else:
            await asyncio.sleep(self._pace.linger_s)
        self._antennas[act.kiosk].take()
        if act.gesture is Gesture.DOUBLE:
            await asyncio.sleep(self._pace.again_s)
            answers += await self._touch_again(act)
        if act.expects and answers != [answer.value for answer in act.expects]:
            self._wonder(act, "person", " ".join(act.expects), " ".join(answers))

    async def _touch(self, act: Act) -> list[str]:
        """Touch, and tell the truth at the beep."""
        put_at = self._clock.now()
        left = self._truth.where(act.person, put_at)
        with self._on_the_way.in_hand(act.station, *([left] if left not in {None, act.station} and left else [])):
            beep = await self._put(act)
            if beep is None:
                return [SILENCE]
            self._judge(act, beep, left)
        self._note(act, beep, put_at)
        return [beep.answer]

    def _judge(self, act: Act, beep: Beep, left: str | None) -> None:
        if not beep.answer.makes_record:
            return  # refused, or in trouble: whoever heard that knows that nothing was recorded
        places = {act.station, left or act.station}
        before = {place: self._truth.figures(place, beep.at) for place in places}
        should = self._truth.touch(act.person, act.station, beep.at)
        self._expect_changes(before, beep)
        if beep.answer is not should:
            self._wonder(act, "rules", should, beep.answer)

    async def _hold_on(self, act: Act) -> list[str]:
        """Leave the card there: after a leave, that is stepping out."""
        beep = await self._listen(act.kiosk, self._pace.suspense_s)
        since = self._clock.now() if beep is None else beep.at
        with self._on_the_way.in_hand(act.station):
            is_counted_on = Beeped.STEPPED_OUT in act.expects
            patience_s = self._pace.hearing_s if is_counted_on else self._pace.hold_s - self._pace.suspense_s
            beep = beep or await self._listen(act.kiosk, patience_s)
            heard_at = beep.at if beep else self._clock.now()
            before = {act.station: self._truth.figures(act.station, heard_at)}
            should = self._truth.hold_on(act.person)
            if beep:
                self._expect_changes(before, beep)
            if should != (beep.answer if beep else None):
                self._wonder(act, "rules", should or SILENCE, beep.answer if beep else SILENCE)
        if beep is None:
            return []
        self._note(act, beep, since)
        return [beep.answer]

    async def _touch_again(self, act: Act) -> list[str]:
        """Touch a second time at once, which is the same tap."""
        put_at = self._clock.now()
        beep = await self._put(act)
        await asyncio.sleep(self._pace.linger_s)
        self._antennas[act.kiosk].take()
        if beep is None:
            return [SILENCE]
        self._note(act, beep, put_at)
        return [beep.answer]

    async def _put(self, act: Act) -> Beep | None:
        self._miss_stray(act)
        self.outcome.taps += 1
        self._antennas[act.kiosk].put(act.card)
        beep = await self._listen(act.kiosk, self._pace.hearing_s)
        if beep is None or not beep.answer.makes_record:
            self.outcome.silent += 1
        return beep

    async def _listen(self, kiosk: str, wait_s: float) -> Beep | None:
        try:
            return await asyncio.wait_for(self._ears[kiosk].get(), wait_s)
        except TimeoutError:
            return None

    def _miss_stray(self, act: Act) -> None:
        """A beep for nobody who stands there was promised to somebody all the same."""
        ears = self._ears[act.kiosk]
        while not ears.empty():
            self._wonder(act, "rules", SILENCE, ears.get_nowait().answer)

    def _expect_changes(self, before: Mapping[str, Figures], beep: Beep) -> None:
        for place, figures in before.items():
            after = self._truth.figures(place, beep.at)
            if after != figures:
                self._on_the_way.expect(place, after, beep.mono_s)

    def _note(self, act: Act, beep: Beep, put_at: datetime) -> None:
        self._tell(act, beep)
        if beep.answer.makes_record:
            self.outcome.heard.append(HeardBeep(act.kiosk, act.card, beep.answer, put_at, beep.at))

    def _wonder(self, act: Act, by: str, expected: str, heard: str) -> None:
        self.outcome.surprises.append(Surprise(self._clock.now(), act.kiosk, act.intention, by, expected, heard))

    @staticmethod
    def _now_s() -> float:
        return asyncio.get_running_loop().time()
