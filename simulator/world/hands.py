"""The clock of one machine in the world: true time, wherever somebody has not put its hands elsewhere."""

from dataclasses import dataclass
from datetime import datetime

from simulator.world.timeline import Timeline
from station.clock import Clock


@dataclass(eq=False, slots=True)
class Hands:
    """Wall time and time since boot of one machine.

    Attributes:
        booted_s: the world's second at which it booted.
        off_s: how far the wall clock is wrong, forward positive.
        is_synced: whether a time service keeps it.
        stretch: heartbeats come so many times slower than in service, for worlds of many days.
    """

    timeline: Timeline
    booted_s: float
    off_s: float = 0.0
    is_synced: bool = True
    stretch: float = 1.0

    def now(self) -> datetime:
        """What its wall clock shows."""
        return self.timeline.at(self.timeline.now_s + self.off_s)

    def boot_s(self) -> float:
        """Seconds since it booted."""
        return self.timeline.now_s - self.booted_s

    def clock(self) -> Clock:
        """The clock that its programs see."""
        return _HandClock(boot_s=self.boot_s, hands=self)


@dataclass(frozen=True)
class _HandClock(Clock):
    hands: Hands | None = None

    def now(self) -> datetime:
        assert self.hands is not None
        return self.hands.now()

    def mono_s(self) -> float:
        return self.boot_s()

    def moment(self) -> tuple[datetime, float]:
        return self.now(), self.boot_s()  # nothing comes between: the world stands still meanwhile

    def real_s(self, virtual_s: float) -> float:
        assert self.hands is not None
        return virtual_s * self.hands.stretch
