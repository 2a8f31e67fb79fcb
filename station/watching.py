"""When a kiosk watched: stretches in which a card that came would have been recorded (rules, "Watching").

Pure, and from records alone: between two records of one run that follow each other, at most six minutes apart, while
all its readers were up. Moments are whole milliseconds of UTC since 1970, since a city's records pass through here.
"""

from dataclasses import dataclass, field
from typing import Final

from station.names import Seq
from station.records import ReaderState

APART_MS: Final = 6 * 60_000  # a pulse comes after five minutes; one more for its way
BRIDGE_MS: Final = 2 * 60_000  # a restart so short is none


@dataclass(slots=True)
class WatchStretch:
    """One stretch of watching, half-open."""

    since_ms: int
    until_ms: int


@dataclass(slots=True)
class RunWatch:
    """One run of one kiosk's agent, its records taken in order of seq.

    Attributes:
        stretches: when it watched, in order, none touching the next.
        last_ms: when its last record was made.
        is_watching: whether it watched right after that record.
    """

    stretches: list[WatchStretch] = field(default_factory=list)
    last_seq: int = 0
    last_ms: int = 0
    _readers: dict[str, bool] = field(default_factory=dict)
    _is_torn: bool = False

    @property
    def is_watching(self) -> bool:
        """Whether all its readers were up after its last record; before any was stated, none is."""
        return not self._is_torn and bool(self._readers) and all(self._readers.values())

    def take(self, seq: Seq | int, at_ms: int) -> None:
        """Take the next record; one that comes late, or after a gap, proves nothing of the time before it."""
        if seq <= self.last_seq:
            return
        if seq == self.last_seq + 1 and self.is_watching and 0 <= at_ms - self.last_ms <= APART_MS:
            self._watched(self.last_ms, at_ms)
        self.last_seq, self.last_ms, self._is_torn = seq, at_ms, False

    def pass_over(self, seq: Seq | int) -> None:
        """The next record cannot be read, so it does not follow: watching ended before it, and begins after it."""
        if seq > self.last_seq:
            self.last_seq, self._is_torn = seq, True

    def reader_is(self, reader: str, state: str) -> None:
        """What the record just taken says of a reader."""
        self._readers[reader] = state == ReaderState.UP

    def until_next(self, began_ms: int, alive_ms: int) -> int:
        """Until when it watched after its last record: as long as it was alive, and over a short restart.

        Args:
            began_ms: when the next run began.
            alive_ms: until when that says that this one was alive.
        """
        until_ms = self.last_ms
        if self.is_watching and 0 < alive_ms - until_ms <= APART_MS:
            until_ms = alive_ms
        return began_ms if self.is_watching and 0 <= began_ms - until_ms <= BRIDGE_MS else until_ms

    def _watched(self, since_ms: int, until_ms: int) -> None:
        if self.stretches and self.stretches[-1].until_ms == since_ms:
            self.stretches[-1].until_ms = until_ms
        else:
            self.stretches.append(WatchStretch(since_ms, until_ms))
