"""One kiosk's life as the world knows it: boots, syncs, drift, steps, starts in 1970; and its records, as it stamps them.

The stamping follows the protocol's "Clock" and shares no code with the agent. Every moment is whole milliseconds of
UTC since 1970.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, NamedTuple

from hypothesis import strategies as st

from station.names import Epoch
from station.records import ClockState

MINUTE_MS: Final = 60_000
DAY_MS: Final = 24 * 60 * MINUTE_MS
BEGAN_MS: Final = round(datetime(2026, 3, 5, tzinfo=UTC).timestamp() * 1000)
FREE_PPM: Final = 50  # of a clock that nobody keeps
KEPT_PPM: Final = 20  # of one that a time service has taught its rate


class Made(NamedTuple):
    """One record and the truth about it."""

    epoch: Epoch
    before: Epoch | None
    seq: int
    at_ms: int
    clock: ClockState
    boot: str
    mono_ms: int
    is_sync: bool
    true_ms: int


@dataclass
class _Machine:
    """A kiosk's clocks; `wrong_ms` is how far its wall clock is off."""

    true_ms: int = BEGAN_MS
    boot: str = ""
    mono_ms: float = 0.0
    ppm: float = 0.0
    wrong_ms: float = 0.0
    synced_mono_ms: float | None = None
    is_trusted: bool = False
    believed_ms: int = BEGAN_MS

    def turn_on(self, boot: str, ppm: int, wrong_ms: float) -> None:
        self.boot, self.mono_ms, self.ppm = boot, 1000.0, ppm
        self.wrong_ms, self.synced_mono_ms, self.is_trusted = wrong_ms, None, False

    def run(self, ms: int) -> None:
        self.true_ms += ms
        self.mono_ms += ms * (1 + self.ppm / 1e6)
        self.wrong_ms += ms * self.ppm / 1e6

    def sync(self) -> None:
        self.wrong_ms, self.is_trusted, self.synced_mono_ms = 0.0, True, self.mono_ms
        self.ppm = max(-KEPT_PPM, min(self.ppm, KEPT_PPM))

    def step(self, ms: int) -> None:
        self.wrong_ms += ms
        self.is_trusted = False

    @property
    def wall_ms(self) -> int:
        return int(self.true_ms + self.wrong_ms)

    @property
    def clock(self) -> ClockState:
        if self.synced_mono_ms is None:
            return ClockState.ESTIMATED if self.wall_ms >= self.believed_ms else ClockState.UNSET
        is_fresh = self.mono_ms - self.synced_mono_ms <= DAY_MS
        return ClockState.SYNCED if is_fresh and self.is_trusted else ClockState.ESTIMATED


@dataclass
class Life:
    """A kiosk and all that it has recorded."""

    machine: _Machine = field(default_factory=_Machine)
    made: list[Made] = field(default_factory=list)
    _epoch: Epoch | None = None
    _before: Epoch | None = None
    _seq: int = 0
    _runs: int = 0

    def start(self) -> None:
        """A run of the agent begins."""
        self._runs += 1
        self._before = self._epoch
        self._epoch, self._seq = Epoch(f"{self._runs * 7919 % 65536:016x}"), 0  # names in no order
        self.record()

    def record(self, *, is_sync: bool = False) -> None:
        """Something happens that makes a record."""
        assert self._epoch is not None, "start comes first"
        self._seq += 1
        machine = self.machine
        self.made.append(
            Made(
                self._epoch, self._before, self._seq, machine.wall_ms, machine.clock, machine.boot,
                int(machine.mono_ms), is_sync, machine.true_ms,
            )
        )  # fmt: skip
        machine.believed_ms = max(machine.believed_ms, machine.wall_ms)


ACTS = st.sampled_from(["tap", "tap", "tap", "sync", "step", "restart"])
STEPS = st.integers(-3 * 60 * MINUTE_MS, 3 * 60 * MINUTE_MS)
BOOTS = st.tuples(
    st.integers(1, 3 * 24 * 60),  # minutes without power before
    st.integers(-FREE_PPM, FREE_PPM),
    st.sampled_from(["1970", "saved", "hour off", "right"]),
    st.lists(st.tuples(st.integers(0, 20 * 60), ACTS, STEPS), max_size=8),
)


@st.composite
def lives(draw: st.DrawFn, most_boots: int = 4) -> list[Made]:
    """The records of a kiosk's life, in the order they were made."""
    life = Life()
    machine = life.machine
    for number, (dark_minutes, ppm, kind, acts) in enumerate(draw(st.lists(BOOTS, min_size=1, max_size=most_boots))):
        saved_ms = machine.believed_ms
        machine.true_ms += dark_minutes * MINUTE_MS
        wrong_ms = {"1970": -machine.true_ms, "saved": saved_ms - machine.true_ms, "hour off": 60 * MINUTE_MS}
        machine.turn_on(f"boot-{number}", ppm, wrong_ms.get(kind, 0))
        if kind == "right":
            machine.sync()
        life.start()
        for minutes, act, step_ms in acts:
            machine.run(minutes * MINUTE_MS + 1)
            if act == "restart":
                life.start()
                continue
            if act == "step":
                machine.step(step_ms)
            was = machine.clock
            if act == "sync":
                machine.sync()
            life.record(is_sync=act == "sync" and was is not ClockState.SYNCED)
    return life.made


WRONG = st.sampled_from([0, 0, 0, -90, -20, -1, 1, 20, 90])
CLAIMS = st.sampled_from([ClockState.SYNCED] * 3 + [ClockState.ESTIMATED, ClockState.UNSET])
RUNS = st.lists(st.tuples(st.integers(0, 40), WRONG, CLAIMS, st.booleans()), min_size=1, max_size=6)


@st.composite
def claims(draw: st.DrawFn) -> list[Made]:
    """Records of a kiosk that says of its clock whatever it likes, in the order they were made."""
    made: list[Made] = []
    true_ms, before, runs = BEGAN_MS, None, 0
    for boot, begun in enumerate(draw(st.lists(st.lists(RUNS, min_size=1, max_size=2), min_size=1, max_size=3))):
        booted_ms = true_ms
        for records in begun:
            runs += 1
            epoch = Epoch(f"{runs * 7919 % 65536:016x}")
            for seq, (minutes, wrong_minutes, clock, is_sync) in enumerate(records, 1):
                true_ms += minutes * MINUTE_MS + 1
                at_ms = true_ms + wrong_minutes * MINUTE_MS
                made.append(Made(epoch, before, seq, at_ms, clock, f"b{boot}", true_ms - booted_ms, is_sync, true_ms))
            before = epoch
    return made
