"""A reader that says which card comes, and never that one left: it is silence that tells.

Serial EM4100 readers repeat a card that stays, keyboard wedges mostly name it once. What the bytes mean is the
decoder's to know. A card counts as lying there until nothing was heard of it for `gone_after_s`, so to `plate` such a
reader is like any other. Cards that came while nobody polled are told one after the other, and none is lost.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from devices.card import Card
from devices.errors import ReaderLostError
from devices.pacing import PACE_S

REPEATED_GONE_S: Final = 0.4  # serial readers say a card every 65 to 110 ms: three in a row may be spoilt
NAMED_ONCE_GONE_S: Final = 1.0  # some wedges do repeat a card that stays; a hold, which is a sign of its own, is longer
MOST_CHUNKS: Final = 64  # in one look: a line that never rests must not keep the kiosk from its other work


class ByteSource(Protocol):
    """Where the bytes come from."""

    def receive(self, wait_s: float) -> bytes:
        """Wait for bytes; empty where none came. Raises `ReaderLostError` where none will."""
        ...

    def close(self) -> None:
        """Let go of it; more than once does no harm."""


class Decoder(Protocol):
    """What makes cards of bytes."""

    @property
    def patience_s(self) -> float:
        """Hand it whatever came within that time, and be it nothing: a pause, too, ends something."""
        ...

    def feed(self, chunk: bytes, mono_s: float) -> Iterable[Card]:
        """Take in bytes, or nothing, at a monotonic time, and give the cards that they complete."""
        ...


@dataclass(slots=True)
class _Heard:
    card: Card
    last_s: float


class AnnouncedReader:
    """A `CardReader` over a source and its decoder. The source is its own from now on.

    Attributes:
        name: the reader's URL.
        gone_after_s: how long a silence means that the card was taken away.
    """

    def __init__(
        self,
        source: ByteSource,
        decoder: Decoder,
        name: str,
        *,
        gone_after_s: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.gone_after_s = gone_after_s
        self._source = source
        self._decoder = decoder
        self._monotonic = monotonic
        self._coming: deque[_Heard] = deque()
        self._lying: _Heard | None = None
        self._due_s = float("-inf")
        self._lost: ReaderLostError | None = None

    def poll(self, timeout_s: float) -> Card | None:
        """As `CardReader.poll`; with less than `PACE_S` a card that stays is told all the same."""
        if self._lost is not None:
            raise self._lost
        deadline_s = self._monotonic() + timeout_s
        try:
            self._listen(0.0)
            while not self._coming and (wait_s := self._due(deadline_s) - self._monotonic()) > 0:
                self._listen(wait_s)
        except ReaderLostError as exc:
            self._lost = exc
            raise
        return self._tell()

    def close(self) -> None:
        """Let go of the device."""
        self._lost = self._lost or ReaderLostError(f"{self.name} was closed", is_there=True)
        self._source.close()

    def _due(self, deadline_s: float) -> float:
        return min(deadline_s, self._due_s) if self._still_lying() else deadline_s

    def _tell(self) -> Card | None:
        if self._coming:
            self._lying = self._coming.popleft()
        if self._lying is None or not self._still_lying():
            return None
        self._due_s = self._monotonic() + PACE_S
        return self._lying.card

    def _still_lying(self) -> bool:
        if self._lying is not None and self._monotonic() - self._lying.last_s >= self.gone_after_s:
            self._lying = None
        return self._lying is not None

    def _listen(self, wait_s: float) -> None:
        """Take in what comes, up to the first card that is another."""
        for _ in range(MOST_CHUNKS):
            chunk = self._source.receive(min(wait_s, self._decoder.patience_s))
            for card in self._decoder.feed(chunk, self._monotonic()):
                self._hear(card)
            if not chunk or self._coming:
                return
            wait_s = 0.0

    def _hear(self, card: Card) -> None:
        now_s = self._monotonic()
        latest = self._coming[-1] if self._coming else (self._lying if self._still_lying() else None)
        if latest is not None and latest.card == card:
            latest.last_s = now_s
        else:
            self._coming.append(_Heard(card, now_s))
