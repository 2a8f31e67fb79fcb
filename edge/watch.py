"""Whether the readers see cards: the state of each, and the worst of all, as records and the hub have it.

A reader thread that hangs in its driver answers nothing any more; its silence makes the reader blind all the same.
`worst` may be called from any thread.
"""

from dataclasses import dataclass
from typing import Final

from station.records import ReaderState

HANGS_AFTER_S: Final = 15.0  # a silent reader is tried in about 2 s; the hub must know within 30
SEVERITY: Final = (ReaderState.UP, ReaderState.BLIND, ReaderState.DOWN)


@dataclass(frozen=True, slots=True)
class ReaderWatch:
    """One reader, and when its thread was last heard of, in real seconds."""

    state: ReaderState
    reason: str
    heard_s: float


class Watch:
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
        self._readers = {**self._readers, reader: ReaderWatch(state, reason, now_s)}
        return self._recorded.get(reader) is not state

    def recorded(self, reader: str, state: ReaderState) -> None:
        """A record that is stored says so of this reader."""
        self._recorded[reader] = state

    def worst(self, now_s: float) -> tuple[ReaderState, str]:
        """The worst state of any reader, and why; without readers nobody sees a card."""
        found = [self._now(name, reader, now_s) for name, reader in self._readers.items()]
        return max(found, key=lambda state: SEVERITY.index(state[0]), default=(ReaderState.DOWN, "no reader"))

    def is_watching(self, now_s: float) -> bool:
        """Whether some reader sees cards."""
        return any(self._now(name, reader, now_s)[0] is ReaderState.UP for name, reader in self._readers.items())

    def _now(self, name: str, reader: ReaderWatch, now_s: float) -> tuple[ReaderState, str]:
        if reader.state is ReaderState.UP and now_s - reader.heard_s > HANGS_AFTER_S:
            return ReaderState.BLIND, f"{name}: its thread has not answered for {now_s - reader.heard_s:.0f} s"
        return reader.state, f"{name}: {reader.reason}" if reader.reason else ""
