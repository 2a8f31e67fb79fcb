"""When a record was really made, as far as its kiosk's clock can tell (protocol, Clock).

Pure: one kiosk's records in the order they were made (epochs as their `started.before` says, then seq) go in, the
same number of moments comes out. A record is placed by `mono_ms` between syncs of its own boot; where its boot was
never synced it keeps its own time, moved into the bounds that its neighbours give.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from station.names import Epoch
from station.records import ClockState

TRUSTED: Final = timedelta(hours=24)  # a Pi drifts 20 to 50 ppm: 2 to 4 s in this time


class Stamp(NamedTuple):
    """What a record says of its time; `is_sync` for a `clock` record, whose `at` is true."""

    epoch: Epoch
    at: datetime
    clock: ClockState
    boot: str
    mono_ms: int
    is_sync: bool = False


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
    mono_ms: int
    at: datetime


def true_times(stamps: Sequence[Stamp]) -> list[TrueTime]:
    """The corrected times of one kiosk's records, in their order."""
    anchors = _anchors(stamps)
    placed = [_placed(stamp, anchors.get(stamp.boot, [])) for stamp in stamps]
    return _never_falling(stamps, _bounded(placed))


def _anchors(stamps: Sequence[Stamp]) -> dict[str, list[_Anchor]]:
    """Per boot the points where monotonic and true time are known to belong together, by monotonic time."""
    found: dict[str, list[_Anchor]] = {}
    for stamp in stamps:
        if stamp.is_sync or stamp.clock is ClockState.SYNCED:
            found.setdefault(stamp.boot, []).append(_Anchor(stamp.mono_ms, stamp.at))
    for boot in found.values():
        boot.sort()
    return found


def _placed(stamp: Stamp, anchors: list[_Anchor]) -> TrueTime:
    if stamp.is_sync or stamp.clock is ClockState.SYNCED:
        return TrueTime(stamp.at, ClockState.SYNCED)
    place = bisect_left(anchors, stamp.mono_ms, key=lambda anchor: anchor.mono_ms)
    before = anchors[place - 1] if place else None
    after = anchors[place] if place < len(anchors) else None
    near = [a for a in (before, after) if a is not None and abs(_ms(stamp.mono_ms - a.mono_ms)) <= TRUSTED]
    if before is not None and after is not None and before.mono_ms < after.mono_ms:
        share = (stamp.mono_ms - before.mono_ms) / (after.mono_ms - before.mono_ms)
        at = before.at + (after.at - before.at) * share
        return TrueTime(at, ClockState.SYNCED if near else ClockState.ESTIMATED, before.at, after.at)
    anchor = after or before
    if anchor is None:
        return TrueTime(stamp.at, ClockState.UNSET)
    at = anchor.at + _ms(stamp.mono_ms - anchor.mono_ms)
    return TrueTime(at, ClockState.SYNCED if near else ClockState.ESTIMATED)


def _bounded(placed: list[TrueTime]) -> list[TrueTime]:
    """What is not known lies after the last known moment before it and before the first one after it."""
    earliest: datetime | None = None
    lows = []
    for true in placed:
        lows.append(earliest)
        if not true.uncertain:
            earliest = true.at if earliest is None else max(earliest, true.at)
    latest: datetime | None = None
    bounded = []
    for true, low in zip(reversed(placed), reversed(lows), strict=True):
        if true.uncertain:
            bounded.append(_moved_into(true, low, latest))
        else:
            bounded.append(true)
            latest = true.at if latest is None else min(latest, true.at)
    bounded.reverse()
    return bounded


def _moved_into(true: TrueTime, low: datetime | None, high: datetime | None) -> TrueTime:
    at = true.at
    if low is not None:
        at = max(at, low)
    if high is not None:
        at = min(at, high)
    return TrueTime(at, true.clock, low, high)


def _never_falling(stamps: Sequence[Stamp], placed: list[TrueTime]) -> list[TrueTime]:
    """Within one epoch seq is the order of making, whatever the clock did meanwhile."""
    out: list[TrueTime] = []
    for stamp, true in zip(stamps, placed, strict=True):
        if out and stamps[len(out) - 1].epoch == stamp.epoch and true.at < out[-1].at:
            out.append(TrueTime(out[-1].at, true.clock, true.earliest, true.latest))
        else:
            out.append(true)
    return out


def _ms(milliseconds: int) -> timedelta:
    return timedelta(milliseconds=milliseconds)
