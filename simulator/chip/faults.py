"""What a bad line does to frames; seeded, so that a failure can be seen again."""

from random import Random


class TornFrames:
    """Cuts a share of all frames off somewhere before their end; for `Pn532Chip(garble=...)`."""

    def __init__(self, share: float, rng: Random) -> None:
        self._share = share
        self._rng = rng

    def __call__(self, frame: bytes) -> bytes:
        """Give back what arrives of the frame."""
        if self._rng.random() >= self._share:
            return frame
        return frame[: self._rng.randrange(1, len(frame))]


class LostFrames:
    """Loses a share of all frames whole; for `Pn532Chip(garble=...)`."""

    def __init__(self, share: float, rng: Random) -> None:
        self._share = share
        self._rng = rng

    def __call__(self, frame: bytes) -> bytes:
        """Give back what arrives of the frame."""
        return frame if self._rng.random() >= self._share else b""
