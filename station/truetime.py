"""When a record was really made, as far as its kiosk's clock can tell (protocol, Clock).

Pure: one kiosk's records in the order they were made (`succession`, then seq) go in, the same number of moments comes
out. A record is placed by `mono_ms` between syncs of its own boot; where its boot was never synced it keeps its own
time, moved into the bounds that its neighbours and its receipt give. `place` counts in whole milliseconds, since a
city's records pass through it; `true_times` is the same with moments.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from station.names import Epoch
from station.records import ClockState

HOUR_MS: Final = 3_600_000
TRUSTED_MS: Final = 24 * HOUR_MS  # between two syncs, so far from the nearer one
DRIFT_PPM: Final = 50  # of a Pi without a time service, at most
EXACT_MS: Final = 2_000  # what a known time may be off
ALONE_MS: Final = EXACT_MS * 1_000_000 // DRIFT_PPM  # 11 h: before a boot's first sync, drift shows in full
AHEAD_MS: Final = 120_000  # a record further ahead of its receipt has a wrong clock, whatever it says
_EPOCH_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


class Mark(NamedTuple):
    """What a record says of its time, and when the hub received it, in milliseconds since 1970.

    `is_sync` is for a `clock` record, whose `at_ms` is true.
    """

    epoch: Epoch
    at_ms: int
    clock: ClockState
    boot: str
    mono_ms: int
    is_sync: bool = False
    received_ms: int | None = None

    @property
    def is_known(self) -> bool:
        """Whether its time is what it says."""
        is_ahead = self.received_ms is not None and self.at_ms > self.received_ms + AHEAD_MS
        return (self.is_sync or self.clock is ClockState.SYNCED) and not is_ahead


class Placed(NamedTuple):
    """A record's corrected time in milliseconds since 1970; see `TrueTime`."""

    at_ms: int
    clock: ClockState
    earliest_ms: int | None = None
    latest_ms: int | None = None


class Stamp(NamedTuple):
    """As `Mark`, with moments."""

    epoch: Epoch
    at: datetime
    clock: ClockState
    boot: str
    mono_ms: int
    is_sync: bool = False
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TrueTime:
    """A record's corrected time.

    Attributes:
        at: the best guess; never falls within an epoch.
        clock: `synced` where it is known, `estimated` or `unset` where it is only bounded.
        earliest: bounds that contain the truth; None where nothing bounds it.
        latest: see earliest.
    """

    at: datetime
    clock: ClockState
    earliest: datetime | None = None
    latest: datetime | None = None

    @property
    def uncertain(self) -> bool:
        """Whether hours made of it want a review."""
        return self.clock is not ClockState.SYNCED


class _Anchor(NamedTuple):
    """A moment of a boot at which the true time is known."""

    mono_ms: int
    at_ms: int


def true_times(stamps: Sequence[Stamp]) -> list[TrueTime]:
    """The corrected times of one kiosk's records, in their order."""
    marks = [
        Mark(
            stamp.epoch, _ms_of(stamp.at), stamp.clock, stamp.boot, stamp.mono_ms, stamp.is_sync,
            None if stamp.received_at is None else _ms_of(stamp.received_at),
        )
        for stamp in stamps
    ]  # fmt: skip
    return [
        TrueTime(_moment_of(at_ms), clock, _moment_or_none(earliest_ms), _moment_or_none(latest_ms))
        for at_ms, clock, earliest_ms, latest_ms in place(marks)
    ]


def place(marks: Sequence[Mark]) -> list[Placed]:
    """The corrected times of one kiosk's records, in their order."""
    anchors = _anchors(marks)
    placed = [_by_anchors(mark, anchors.get(mark.boot, [])) for mark in marks]
    lows, highs = _bounds(marks, placed)
    latest = _latest_shifts(marks, placed, highs)
    bounded = [
        one if one.clock is ClockState.SYNCED else _bounded(_late(mark, one, latest), low, high)
        for mark, one, low, high in zip(marks, placed, lows, highs, strict=True)
    ]
    return _never_falling(marks, bounded)


def _anchors(marks: Sequence[Mark]) -> dict[str, list[_Anchor]]:
    """Per boot the points where monotonic and true time are known to belong together, by monotonic time."""
    found: dict[str, list[_Anchor]] = {}
    for mark in marks:
        if mark.is_known:
            found.setdefault(mark.boot, []).append(_Anchor(mark.mono_ms, mark.at_ms))
    for boot in found.values():
        boot.sort()
    return found


def _by_anchors(mark: Mark, anchors: list[_Anchor]) -> Placed:
    """Where its boot's syncs put it; without any it keeps its own time."""
    if mark.is_known:
        return Placed(mark.at_ms, ClockState.SYNCED)
    if not anchors:
        return Placed(mark.at_ms, ClockState.UNSET)
    index = bisect_left(anchors, mark.mono_ms, key=lambda anchor: anchor.mono_ms)
    before = anchors[index - 1] if index else None
    after = anchors[index] if index < len(anchors) else None
    if before is None:
        return _beside(mark, anchors[0])
    if after is None:  # how fresh that sync was the kiosk alone knew, and it no longer trusted its clock
        return _beside(mark, before)._replace(clock=ClockState.ESTIMATED)
    return _between(mark, before, after)


def _between(mark: Mark, before: _Anchor, after: _Anchor) -> Placed:
    """Drift is shared out linearly."""
    since_ms, until_ms = mark.mono_ms - before.mono_ms, after.mono_ms - mark.mono_ms
    at_ms = before.at_ms + round((after.at_ms - before.at_ms) * since_ms / (since_ms + until_ms))
    if min(since_ms, until_ms) <= TRUSTED_MS:
        return Placed(at_ms, ClockState.SYNCED)
    beside = _beside(mark, before), _beside(mark, after)
    earliest_ms = max(one.earliest_ms or 0 for one in beside)
    latest_ms = min(one.latest_ms or 0 for one in beside)
    return Placed(at_ms, ClockState.ESTIMATED, min(earliest_ms, at_ms), max(latest_ms, at_ms))


def _beside(mark: Mark, anchor: _Anchor) -> Placed:
    """As far from the one sync as the monotonic clock counted, and it drifts."""
    apart_ms = mark.mono_ms - anchor.mono_ms
    at_ms = anchor.at_ms + apart_ms
    clock = ClockState.SYNCED if abs(apart_ms) <= ALONE_MS else ClockState.ESTIMATED
    off_ms = abs(apart_ms) * DRIFT_PPM // 1_000_000 + EXACT_MS
    return Placed(at_ms, clock, at_ms - off_ms, at_ms + off_ms)


def _bounds(marks: Sequence[Mark], placed: Sequence[Placed]) -> tuple[list[int | None], list[int | None]]:
    """The last known moment before each record; and the first known one after it, or the receipt of its run."""
    low: int | None = None
    lows: list[int | None] = []
    for one in placed:
        lows.append(low)
        if one.clock is ClockState.SYNCED:
            low = one.at_ms if low is None else max(low, one.at_ms)
    high: int | None = None
    received_ms: int | None = None
    epoch: Epoch | None = None
    highs: list[int | None] = []
    for mark, one in zip(reversed(marks), reversed(placed), strict=True):
        if mark.epoch != epoch:
            epoch, received_ms = mark.epoch, None
        received_ms = _lower(received_ms, mark.received_ms)
        if one.clock is ClockState.SYNCED:
            high = _lower(high, one.at_ms)
        highs.append(_lower(high, received_ms))
    highs.reverse()
    return lows, highs


def _lower(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def _latest_shifts(marks: Sequence[Mark], placed: Sequence[Placed], highs: Sequence[int | None]) -> dict[str, int]:
    """Of each boot that was never synced, the latest moment at which it can have begun; one boot after the other."""
    shifts: dict[str, int] = {}
    boot, first_ms, ceiling_ms = "", 0, None
    for mark, one, high in zip(reversed(marks), reversed(placed), reversed(highs), strict=True):
        if one.clock is not ClockState.UNSET or mark.clock is not ClockState.UNSET or high is None:
            continue
        if mark.boot != boot:
            ceiling_ms = shifts[boot] + first_ms - 1 if boot in shifts else ceiling_ms
            boot = mark.boot
        first_ms = mark.mono_ms
        shift_ms = (high if ceiling_ms is None else min(high, ceiling_ms)) - mark.mono_ms
        shifts[boot] = min(shifts.get(boot, shift_ms), shift_ms)
    return shifts


def _late(mark: Mark, one: Placed, latest_shifts: dict[str, int]) -> Placed:
    """A clock that was never set tells no time: such a record is put as late as it can have been."""
    if one.clock is ClockState.UNSET is mark.clock and mark.boot in latest_shifts:
        return one._replace(at_ms=latest_shifts[mark.boot] + mark.mono_ms)
    return one


def _bounded(one: Placed, low: int | None, high: int | None) -> Placed:
    at_ms, clock, earliest_ms, latest_ms = one
    if low is not None:
        at_ms = max(at_ms, low + 1)  # one more, so that the order of two runs never hangs on their names
        earliest_ms = low if earliest_ms is None else max(earliest_ms, low)
    if high is not None:
        at_ms = min(at_ms, high)
        latest_ms = high if latest_ms is None else min(latest_ms, high)
    return Placed(at_ms, clock, earliest_ms, latest_ms)


def _never_falling(marks: Sequence[Mark], placed: Sequence[Placed]) -> list[Placed]:
    """Within one epoch seq is the order of making, whatever the clock did meanwhile."""
    out: list[Placed] = []
    epoch, floor_ms = None, 0
    for mark, one in zip(marks, placed, strict=True):
        if mark.epoch == epoch and one.at_ms < floor_ms:
            out.append(one._replace(at_ms=floor_ms))
        else:
            epoch, floor_ms = mark.epoch, one.at_ms
            out.append(one)
    return out


def _ms_of(at: datetime) -> int:
    return (at - _EPOCH_START) // _MILLISECOND


def _moment_of(ms: int) -> datetime:
    return _EPOCH_START + ms * _MILLISECOND


def _moment_or_none(ms: int | None) -> datetime | None:
    return None if ms is None else _moment_of(ms)
