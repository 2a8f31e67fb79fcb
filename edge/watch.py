"""Whether the readers see cards: the state of each, and the worst of all, as records and the hub have it.

A reader thread that hangs in its driver answers nothing any more; its silence makes the reader blind all the same.
`worst` may be called from any thread.
"""

from dataclasses import dataclass
from typing import Final

from station.records import ReaderState

HANGS_AFTER_S: Final = 15.0  # a silent reader is tried in about 2 s; the hub must know within 30
SEVERITY: Final = (ReaderState.UP, ReaderState.BLIND, ReaderState.DOWN)


@dataclass(slots=True)
class ReaderWatch:
    """One reader, and when its thread was last heard of, in real seconds; a state that changes is another watch."""

    state: Final[ReaderState]
    reason: Final[str]
    heard_s: float

    def hangs(self, now_s: float) -> bool:
        """Whether its thread has been silent for too long."""
        return now_s - self.heard_s > HANGS_AFTER_S


class ReadersWatch:
    """All readers of a kiosk."""

    def __init__(self) -> None:
        self._readers: dict[str, ReaderWatch] = {}
        self._recorded: dict[str, ReaderState] = {}

    @property
    def readers(self) -> tuple[str, ...]:
        """The names of all that were heard of."""
        return tuple(self._readers)

    def hear(self, reader: str, state: ReaderState, reason: str, now_s: float) -> bool:
        """A reader's thread says how it is; true where no record says so yet."""
        known = self._readers.get(reader)
        if known is not None and known.state is state and known.reason == reason:
            known.heard_s = now_s
        else:  # replaced whole: another thread may be reading it
            self._readers = {**self._readers, reader: ReaderWatch(state, reason, now_s)}
        return self._recorded.get(reader) is not state

    def recorded(self, reader: str, state: ReaderState) -> None:
        """A record that is stored says so of this reader."""
        self._recorded[reader] = state

    def hanging(self, now_s: float) -> list[tuple[str, float]]:
        """The readers whose threads hang though a record says that they see cards, and for how long already."""
        return [
            (name, now_s - reader.heard_s)
            for name, reader in self._readers.items()
            if self._recorded.get(name) is ReaderState.UP and reader.hangs(now_s)
        ]

    def worst(self, now_s: float) -> tuple[ReaderState, str]:
        """The worst state of any reader, and why; without readers nobody sees a card."""
        found = [self._now(name, reader, now_s) for name, reader in self._readers.items()]
        return max(found, key=lambda state: SEVERITY.index(state[0]), default=(ReaderState.DOWN, "no reader"))

    def is_stuck(self, now_s: float) -> bool:
        """Whether some reader's thread hangs, whatever it said last: one without its device still tries."""
        return any(reader.hangs(now_s) for reader in self._readers.values())

    def is_watching(self, now_s: float) -> bool:
        """Whether some reader sees cards."""
        return any(reader.state is ReaderState.UP and not reader.hangs(now_s) for reader in self._readers.values())

    def _now(self, name: str, reader: ReaderWatch, now_s: float) -> tuple[ReaderState, str]:
        if reader.state is ReaderState.UP and reader.hangs(now_s):
            return ReaderState.BLIND, f"{name}: its thread has not answered for {now_s - reader.heard_s:.0f} s"
        return reader.state, f"{name}: {reader.reason}" if reader.reason else ""
