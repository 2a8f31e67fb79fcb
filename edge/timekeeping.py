"""What time it is at the kiosk, and how far that can be trusted (protocol, Clock).

`stamp` may be called from any thread; `check` only by the one who writes the records it asks for. A clock that was
synced is trusted for a day; one never synced in this boot is `estimated` where it at least does not lie before what is
known to have been, else `unset`. A record bears what the clock shows; what is decided goes by `true_at`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from edge.certificate import BUILT_AT
from station.clock import Clock
from station.records import ClockState

TRUST_MS: Final = 24 * 3600 * 1000  # a Pi drifts 20 to 50 ppm: about 4 s a day
STEP_MS: Final = 500  # what no drift does between two checks a second or so apart

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Stamp:
    """One moment, as every record bears it."""

    at: datetime
    clock: ClockState
    boot: str
    mono_ms: int


class Stamped(Protocol):
    """A stamp, or a record that bears one."""

    @property
    def at(self) -> datetime:
        """What the clock showed."""

    @property
    def clock(self) -> ClockState:
        """How far it could be trusted then."""

    @property
    def mono_ms(self) -> int:
        """Since boot."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The clock was moved by so much, forward positive; `is_true` where a time service did it."""

    stamp: Stamp
    offset_ms: int
    is_true: bool


class Timekeeper:
    """The kiosk's time within one boot.

    Attributes:
        is_kept: whether a time service kept the clock when it was last looked at.
        synced_mono_ms: when one last did, since boot; None where none ever did in this boot.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        boot: str,
        is_synced: Callable[[], bool],
        believed_at: datetime | None = None,
        synced_mono_ms: int | None = None,
        was_at: tuple[datetime, int] | None = None,
        is_doubted: bool = False,
        right_at: tuple[datetime, int] | None = None,
    ) -> None:
        """Begin to keep time.

        Args:
            clock: the machine's, or a virtual one.
            boot: this boot's id.
            is_synced: whether a time service keeps the clock now.
            believed_at: the latest moment that is known to lie behind; a clock that shows less was never set.
            synced_mono_ms: when an earlier run of this boot was last synced.
            was_at: what the clock showed, and since boot, when an earlier run of this boot last looked.
            is_doubted: an earlier run of this boot did not trust the clock in the end.
            right_at: a moment, and since boot, at which an earlier run of this boot trusted it.
        """
        self.boot = boot
        self._clock = clock
        self._is_synced = is_synced
        self._believed_at = max(believed_at or BUILT_AT, BUILT_AT)
        self.synced_mono_ms = synced_mono_ms
        self._right_ms = None if right_at is None else _relation_ms(*right_at)
        at, mono_ms, self._relation_ms = self._look()
        is_moved = was_at is not None and abs(self._relation_ms - _relation_ms(*was_at)) >= STEP_MS
        self._is_suspect = not self.is_kept and (is_moved or is_doubted)
        self._state = self._trust(at, mono_ms, self._relation_ms)

    @property
    def was_synced(self) -> bool:
        """Whether the clock was right at any moment of this boot."""
        return self.synced_mono_ms is not None

    def stamp(self) -> Stamp:
        """Now."""
        at, mono_ms = self._read()
        return Stamp(at, self._trust(at, mono_ms, _relation_ms(at, mono_ms)), self.boot, mono_ms)

    def true_at(self, stamp: Stamped) -> datetime:
        """When something of this boot was, by what is known now of the clock that stamped it.

        Somebody may have moved the clock since a time service last set it: then the time since boot tells better.
        """
        if stamp.clock is ClockState.SYNCED:
            return stamp.at
        if self._right_ms is not None:
            return _EPOCH + (self._right_ms + stamp.mono_ms) * _MILLISECOND
        now_at, now_ms = self._read()
        return now_at - (now_ms - stamp.mono_ms) * _MILLISECOND

    def check(self) -> tuple[Stamp, Moved | None]:
        """Look at the clock; call this every second or so.

        Returns:
            Now, and what must be recorded: that the clock is right now and was not, or that it was moved.
        """
        at, mono_ms, relation_ms = self._look()
        offset_ms = relation_ms - self._relation_ms
        is_moved = abs(offset_ms) >= STEP_MS
        if self.is_kept or is_moved:  # slewing is followed only where it leads to the truth
            self._relation_ms = relation_ms
            self._is_suspect = not self.is_kept
        stamp = Stamp(at, self._trust(at, mono_ms, relation_ms), self.boot, mono_ms)
        before, self._state = self._state, stamp.clock
        if is_moved or (self.is_kept and before is not ClockState.SYNCED):
            return stamp, Moved(stamp, offset_ms, self.is_kept)
        return stamp, None

    def _look(self) -> tuple[datetime, int, int]:
        """Read the clock, and keep in mind when a time service kept it."""
        self.is_kept = self._is_synced()
        at, mono_ms = self._read()
        relation_ms = _relation_ms(at, mono_ms)
        if self.is_kept:
            self.synced_mono_ms, self._right_ms = mono_ms, relation_ms
        return at, mono_ms, relation_ms

    def _trust(self, at: datetime, mono_ms: int, relation_ms: int) -> ClockState:
        if self.synced_mono_ms is None:
            return ClockState.ESTIMATED if at >= self._believed_at else ClockState.UNSET
        if self._is_suspect or mono_ms - self.synced_mono_ms > TRUST_MS:
            return ClockState.ESTIMATED
        is_moved = abs(relation_ms - self._relation_ms) >= STEP_MS
        return ClockState.ESTIMATED if is_moved else ClockState.SYNCED

    def _read(self) -> tuple[datetime, int]:
        """Wall time and milliseconds since boot of one moment."""
        now, mono_s = self._clock.moment()
        return now.replace(microsecond=now.microsecond // 1000 * 1000), int(mono_s * 1000)


def _relation_ms(at: datetime, mono_ms: int) -> int:
    """What the clock shows at a boot's beginning; changes only when the clock is moved."""
    return (at - _EPOCH) // _MILLISECOND - mono_ms
