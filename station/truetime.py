"""When a record was really made, as far as its kiosk's clock can tell (protocol, Clock).

Pure: one kiosk's records in the order they were made (`succession`, then seq) go in, the same number of moments comes
out. A record is placed by `mono_ms` between syncs of its own boot. A boot that was never synced is one piece, put where
its receipts, its neighbours or its clock say. All in whole milliseconds, since a city's records pass through here.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, NamedTuple

from station.names import Epoch
from station.records import ClockState

HOUR_MS: Final = 3_600_000
TRUSTED_MS: Final = 24 * HOUR_MS  # between two syncs, so far from the nearer one
DRIFT_PPM: Final = 50  # of a Pi without a time service, at most
EXACT_MS: Final = 2_000  # what a known time may be off
ALONE_MS: Final = EXACT_MS * 1_000_000 // DRIFT_PPM  # 11 h: before a boot's first sync, drift shows in full
AHEAD_MS: Final = 120_000  # a record further ahead of its receipt has a wrong clock, whatever it says
STEADY_MS: Final = 10_000  # so alike are the ways of messages that go out at once
APART_MS: Final = 60_000  # records so far apart do not take equally long out of a backlog


class TimeMark(NamedTuple):
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
    """A record's corrected time, in milliseconds since 1970.

    Attributes:
        at_ms: the best guess; never falls within an epoch.
        clock: `synced` where it is known, `estimated` or `unset` where it is only bounded.
        earliest_ms: bounds that contain the truth; None where nothing bounds it.
        latest_ms: see earliest.
    """

    at_ms: int
    clock: ClockState
    earliest_ms: int | None = None
    latest_ms: int | None = None


class _Anchor(NamedTuple):
    """A moment of a boot at which the true time is known."""

    mono_ms: int
    at_ms: int


def place(marks: Sequence[TimeMark]) -> list[Placed]:
    """The corrected times of one kiosk's records, in their order."""
    anchors = _anchors(marks)
    placed = [_by_anchors(mark, anchors.get(mark.boot, [])) for mark in marks]
    lows, highs = _bounds(marks, placed)
    begun = _begun(marks, placed, lows, highs)
    bounded = [
        one if one.clock is ClockState.SYNCED else _bounded(_in_piece(mark, one, begun), low, high)
        for mark, one, low, high in zip(marks, placed, lows, highs, strict=True)
    ]
    return _never_falling(marks, bounded)


def _anchors(marks: Sequence[TimeMark]) -> dict[str, list[_Anchor]]:
    """Per boot the points where monotonic and true time are known to belong together, by monotonic time."""
    found: dict[str, list[_Anchor]] = {}
    for mark in marks:
        if mark.is_known:
            found.setdefault(mark.boot, []).append(_Anchor(mark.mono_ms, mark.at_ms))
    for boot in found.values():
        boot.sort()
    return found


def _by_anchors(mark: TimeMark, anchors: list[_Anchor]) -> Placed:
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


def _between(mark: TimeMark, before: _Anchor, after: _Anchor) -> Placed:
    """Drift is shared out linearly."""
    since_ms, until_ms = mark.mono_ms - before.mono_ms, after.mono_ms - mark.mono_ms
    at_ms = before.at_ms + round((after.at_ms - before.at_ms) * since_ms / (since_ms + until_ms))
    if min(since_ms, until_ms) <= TRUSTED_MS:
        return Placed(at_ms, ClockState.SYNCED)
    beside = _beside(mark, before), _beside(mark, after)
    earliest_ms = max(one.earliest_ms or 0 for one in beside)
    latest_ms = min(one.latest_ms or 0 for one in beside)
    return Placed(at_ms, ClockState.ESTIMATED, min(earliest_ms, at_ms), max(latest_ms, at_ms))


def _beside(mark: TimeMark, anchor: _Anchor) -> Placed:
    """As far from the one sync as the monotonic clock counted, and it drifts."""
    apart_ms = mark.mono_ms - anchor.mono_ms
    at_ms = anchor.at_ms + apart_ms
    clock = ClockState.SYNCED if abs(apart_ms) <= ALONE_MS else ClockState.ESTIMATED
    off_ms = abs(apart_ms) * DRIFT_PPM // 1_000_000 + EXACT_MS
    return Placed(at_ms, clock, at_ms - off_ms, at_ms + off_ms)


def _bounds(marks: Sequence[TimeMark], placed: Sequence[Placed]) -> tuple[list[int | None], list[int | None]]:
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


@dataclass(slots=True)
class _Boot:
    """A boot that was never synced, its records taken from the last to the first.

    Attributes:
        latest_ms: the latest moment at which it can have begun.
        earliest_ms: the earliest.
        said_ms: when it began, by the last clock that somebody had set.
        first_mono_ms: since then, of its first record.
        heard: of each message from it, by receipt: the receipt less the last record's `mono_ms`, and that.
    """

    latest_ms: int | None = None
    earliest_ms: int | None = None
    said_ms: int | None = None
    first_mono_ms: int = 0
    heard: dict[int, tuple[int, int]] = field(default_factory=dict)

    def take(self, mark: TimeMark, low: int | None, high: int | None) -> None:
        self.first_mono_ms = mark.mono_ms
        if high is not None:
            self.latest_ms = _lower(self.latest_ms, high - mark.mono_ms)
        if low is not None:
            self.earliest_ms = max(low + 1 - mark.mono_ms, self.earliest_ms or 0)
        if self.said_ms is None and mark.clock is ClockState.ESTIMATED:
            self.said_ms = mark.at_ms - mark.mono_ms
        if mark.received_ms is not None:
            self.heard.setdefault(mark.received_ms, (mark.received_ms - mark.mono_ms, mark.mono_ms))

    @property
    def was_heard_at_once(self) -> bool:
        """Whether messages a while apart took equally long: its line was up, so they took no time."""
        least_ms = min((way_ms for way_ms, _ in self.heard.values()), default=0)
        quick = [mono_ms for way_ms, mono_ms in self.heard.values() if way_ms - least_ms <= STEADY_MS]
        return bool(quick) and max(quick) - min(quick) >= APART_MS

    def began_ms(self) -> int | None:
        """When it began: by its receipts, by what its clock said within bounds, or else as late as it can have been."""
        if self.said_ms is None or (self.was_heard_at_once and self.latest_ms is not None):
            return self.latest_ms
        began_ms = max(self.said_ms, self.earliest_ms or 0)
        return began_ms if self.latest_ms is None else min(began_ms, self.latest_ms)


def _begun(
    marks: Sequence[TimeMark], placed: Sequence[Placed], lows: Sequence[int | None], highs: Sequence[int | None]
) -> dict[str, int]:
    """When each boot began that was never synced; one boot after the other."""
    begun: dict[str, int] = {}
    boots: dict[str, _Boot] = {}
    ceiling_ms: int | None = None
    every = zip(reversed(marks), reversed(placed), reversed(lows), reversed(highs), strict=True)
    never_synced = (each for each in every if each[1].clock is ClockState.UNSET)
    for name, records in groupby(never_synced, key=lambda each: each[0].boot):
        boot = boots.setdefault(name, _Boot())
        for mark, _, low, high in records:
            boot.take(mark, low, _lower(high, ceiling_ms))
        began_ms = boot.began_ms()
        if began_ms is not None:
            begun[name], ceiling_ms = began_ms, began_ms + boot.first_mono_ms - 1
    return begun


def _in_piece(mark: TimeMark, one: Placed, begun: dict[str, int]) -> Placed:
    """A boot that was never synced is one piece, whatever its records call themselves: clocks can be moved in it."""
    if one.clock is ClockState.UNSET and mark.boot in begun:
        return one._replace(at_ms=begun[mark.boot] + mark.mono_ms)
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


def _never_falling(marks: Sequence[TimeMark], placed: Sequence[Placed]) -> list[Placed]:
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
