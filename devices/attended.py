"""The reader that a kiosk runs: opened, watched, and opened again for as long as the agent lives.

`poll` never raises: a reader that fails is a state (`health`), which the agent records and shows at the hub. Backoff
with jitter starts at once and is capped, so that a reader put back is found again within seconds.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from devices.card import Card
from devices.errors import CardLeftError, DeviceError, ReaderLostError
from devices.reader import CardReader

_log = logging.getLogger(__name__)

FIRST_PAUSE_S: Final = 0.25
LONGEST_PAUSE_S: Final = 10.0  # a person who replugs the reader watches it; 60 s is the promise


@dataclass(frozen=True, slots=True)
class ReaderHealth:
    """Whether taps can be seen.

    Attributes:
        state: up; down: the device is not there; blind: it is there, but does not answer or may not be used.
        reason: a sentence for the operator; empty while up.
    """

    state: Literal["up", "down", "blind"]
    reason: str = ""


class AttendedReader:
    """A `CardReader` that outlives its device. `health` may be read from any thread."""

    def __init__(
        self,
        url: str,
        *,
        open_reader: Callable[[str], CardReader],
        monotonic: Callable[[], float],
        sleep: Callable[[float], object],
        rng: Random,
    ) -> None:
        self._url = url
        self._open_reader = open_reader
        self._monotonic = monotonic
        self._sleep = sleep
        self._rng = rng
        self._reader: CardReader | None = None
        self._pause_s = 0.0
        self._next_try_s = monotonic()
        self._logged_state = ""
        self.health = ReaderHealth("down", "not opened yet")

    @property
    def name(self) -> str:
        """The reader's URL."""
        return self._url

    def poll(self, timeout_s: float) -> Card | None:
        """As `CardReader.poll`, but never raises. Where the reader is lost it waits, and tries it again when due.

        None while `health.state` is not "up" says nothing about the plate. Trying a silent reader takes about 2 s.
        """
        deadline_s = self._monotonic() + timeout_s
        reader = self._reader or self._reopen(deadline_s)
        if reader is None:
            return None
        try:
            card = reader.poll(max(0.0, deadline_s - self._monotonic()))
        except CardLeftError:
            card = None
        except DeviceError as exc:
            self._lose(exc)
            return None
        self._believe()
        return card

    def close(self) -> None:
        """Let go of the device; the next poll would open it again."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _reopen(self, deadline_s: float) -> CardReader | None:
        wait_s = self._next_try_s - self._monotonic()
        if wait_s > 0:
            self._sleep(max(0.0, min(wait_s, deadline_s - self._monotonic())))
        if self._monotonic() < self._next_try_s:
            return None
        try:
            self._reader = self._open_reader(self._url)
        except DeviceError as exc:
            self._lose(exc)
            return None
        return self._reader

    def _believe(self) -> None:
        # Only an answered poll ends the backoff: a chip that opens and then fails must not be tried in a tight loop.
        if self.health.state != "up":
            _log.info("reader %s is up", self._url)
            self.health = ReaderHealth("up")
            self._logged_state = "up"
            self._pause_s = 0.0

    def _lose(self, exc: DeviceError) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        is_there = exc.is_there if isinstance(exc, ReaderLostError) else True
        health = ReaderHealth("blind" if is_there else "down", str(exc))
        if health.state != self._logged_state:
            self._logged_state = health.state
            _log.warning("reader %s is %s: %s", self._url, health.state, health.reason)
        self.health = health
        pause_s = self._pause_s * self._rng.uniform(0.5, 1.0)
        self._next_try_s = self._monotonic() + pause_s
        self._pause_s = min(max(FIRST_PAUSE_S, self._pause_s * 2), LONGEST_PAUSE_S)
