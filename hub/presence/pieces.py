"""Records of one run that follow each other: by a clock that was right, of which only the ends are kept, or in doubt.

What is in doubt is kept record by record; `kiosk_log` says when each was made. Moments are whole milliseconds of UTC
since 1970.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from hub.intake.said import ReaderSaid
from station.names import Epoch
from station.records import ClockState
from station.truetime import Mark, Placed
from station.watching import APART_MS, Stretch

MOST_DOUBTED: Final = 1_000  # of one piece, the last: more than the hours that are looked back on; each costs 10 us

Row = tuple[Any, ...]  # as `intake.rows.Row`, which costs more to make


class Moment(NamedTuple):
    """When a record was made, and whether that is only a guess within bounds."""

    at_ms: int
    is_uncertain: bool


@dataclass(slots=True)
class Sure:
    """Records that follow each other, by a clock that was right and did not fall.

    Attributes:
        pauses: where more than six minutes lie between two of them: from when to when.
        floor_ms: none of them was made before, whatever it says.
    """

    first_seq: int
    last_seq: int
    boot: str
    first_ms: int
    last_ms: int
    first_mono_ms: int
    last_mono_ms: int
    said: ReaderSaid | None = None
    pauses: list[tuple[int, int]] = field(default_factory=list)
    floor_ms: int = 0

    @property
    def begins_ms(self) -> int:
        """When the first was made."""
        return max(self.first_ms, self.floor_ms)

    @property
    def ends_ms(self) -> int:
        """When the last was made."""
        return max(self.last_ms, self.floor_ms)

    @property
    def ends_mono_ms(self) -> int:
        """The last one's time since boot."""
        return self.last_mono_ms

    @property
    def first_said_ms(self) -> int:
        """What the first says."""
        return self.first_ms

    def moment(self, seq: int, at_ms: int) -> Moment:  # noqa: ARG002  Doubtful goes by the seq
        """When that one was made, given what it says."""
        return Moment(max(at_ms, self.floor_ms), is_uncertain=False)

    def marks(self, epoch: Epoch) -> Iterator[Mark]:
        """The ends: no record elsewhere is nearer to any that lies between."""
        yield Mark(epoch, self.first_ms, ClockState.SYNCED, self.boot, self.first_mono_ms)
        yield Mark(epoch, self.last_ms, ClockState.SYNCED, self.boot, self.last_mono_ms)

    def heed(self, placed: Sequence[Placed]) -> bool:
        """Take in what the marks came to; true where one that was known is now otherwise."""
        before, self.floor_ms = self.begins_ms, placed[0].at_ms
        return self.begins_ms != before

    def spans(self) -> list[Stretch]:
        """From record to record, pauses left out; the floor may have made one short."""
        found = [Stretch(self.begins_ms, self.begins_ms)]
        for until_ms, since_ms in (*self.pauses, (self.last_ms, self.last_ms)):
            found[-1].until_ms = max(until_ms, self.floor_ms)
            if since_ms - found[-1].until_ms > APART_MS:
                found.append(Stretch(since_ms, since_ms))
        return found


@dataclass(slots=True)
class Doubtful:
    """Records that follow each other, of one boot, whose own time cannot be taken as it stands.

    Attributes:
        said_ms: what each says, its time since boot and its receipt, one after the other.
        true_ms: when each was made, as far as it has been found out.
        doubts: 1 for each whose time is only bounded.
    """

    first_seq: int
    boot: str
    clock: ClockState
    said: ReaderSaid | None = None
    said_ms: "array[int]" = field(default_factory=lambda: array("q"))
    true_ms: "array[int]" = field(default_factory=lambda: array("q"))
    doubts: bytearray = field(default_factory=bytearray)

    @property
    def last_seq(self) -> int:
        """The seq of the last."""
        return self.first_seq + len(self.said_ms) // 3 - 1

    @property
    def begins_ms(self) -> int:
        """When the first was made."""
        return self.true_ms[0]

    @property
    def ends_ms(self) -> int:
        """When the last was made."""
        return self.true_ms[-1]

    @property
    def ends_mono_ms(self) -> int:
        """The last one's time since boot."""
        return self.said_ms[-2]

    @property
    def first_said_ms(self) -> int:
        """What the first says."""
        return self.said_ms[0]

    def add(self, mark: Mark) -> None:
        """Take the next."""
        assert mark.received_ms is not None
        self.said_ms.extend((mark.at_ms, mark.mono_ms, mark.received_ms))

    def forget_most(self) -> bool:
        """Keep only the last where there are many: a kiosk that was offline for weeks sends them at once."""
        many = len(self.said_ms) // 3
        return many > MOST_DOUBTED * 5 // 4 and self._forget(many - MOST_DOUBTED)

    def moment(self, seq: int, at_ms: int) -> Moment:  # noqa: ARG002  Sure goes by what the record says
        """When that one was made."""
        index = seq - self.first_seq
        return Moment(self.true_ms[index], bool(self.doubts[index]))

    def marks(self, epoch: Epoch) -> Iterator[Mark]:
        """All of them."""
        said = self.said_ms
        for at_ms, mono_ms, received_ms in zip(said[::3], said[1::3], said[2::3], strict=True):
            yield Mark(epoch, at_ms, self.clock, self.boot, mono_ms, received_ms=received_ms)

    def forget_before(self, ms: int) -> bool:
        """Forget records that are older, but for the last; true where there were any."""
        return self._forget(min(bisect_left(self.true_ms, ms), len(self.true_ms) - 1))

    def _forget(self, count: int) -> bool:
        if count <= 0:
            return False
        self.first_seq += count
        del self.said_ms[: 3 * count], self.true_ms[:count], self.doubts[:count]
        return True

    def heed(self, placed: Sequence[Placed]) -> bool:
        """Take in what the marks came to; true where one that was known is now otherwise."""
        before = self.true_ms, self.doubts
        self.true_ms = array("q", (one.at_ms for one in placed))
        self.doubts = bytearray(one.clock is not ClockState.SYNCED for one in placed)
        known = len(before[0])
        return before != (self.true_ms[:known], self.doubts[:known])

    def spans(self) -> list[Stretch]:
        """From record to record, pauses left out."""
        found = [Stretch(self.true_ms[0], self.true_ms[0])]
        for at_ms in self.true_ms:
            if at_ms - found[-1].until_ms > APART_MS:
                found.append(Stretch(at_ms, at_ms))
            found[-1].until_ms = at_ms
        return found


Piece = Sure | Doubtful
