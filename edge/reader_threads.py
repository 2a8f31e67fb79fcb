"""A thread for each reader of a kiosk: polls it, and tells whoever answers the people what it sees.

They never wait for the network. A reader that fails is a state, told like any other; a fault at one tap ends nothing.
"""

import logging
import threading
import time
from collections.abc import Callable
from random import Random
from typing import Final, Protocol

from devices.attended import AttendedReader
from devices.card import Card
from devices.reader import CardReader
from edge.config import ReaderConfig
from station.records import ReaderState

_log = logging.getLogger(__name__)
POLL_S: Final = 0.25  # a reader that sees nothing gives the thread back so often, for the kiosk's own rounds
OCCUPIED_POLL_S: Final = 0.06  # three empty polls mean gone: a card taken away and held again is a tap of its own
AFTER_FAULT_S: Final = 1.0
_JOIN_S: Final = 5.0


class Attendant(Protocol):
    """Whoever answers the people; called from all the readers' threads."""

    def look(self, reader: str, card: Card | None) -> None:
        """Take in one answered poll of that reader."""

    def is_occupied(self, reader: str) -> bool:
        """Whether a card lies on that reader."""
        ...

    def reader_is(self, reader: str, state: ReaderState, reason: str) -> None:
        """Take in how a reader is."""

    def tend(self) -> None:
        """Do what is due without a tap."""


class ReaderThreads:
    """All readers of one kiosk, from `start` to `stop`."""

    def __init__(
        self,
        readers: tuple[ReaderConfig, ...],
        attendant: Attendant,
        *,
        open_reader: Callable[[str], CardReader],
        rng: Random,
    ) -> None:
        self._attendant = attendant
        self._open_reader = open_reader
        self._rng = rng
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._read, args=(reader,), name=f"reader {reader.name}", daemon=True)
            for reader in readers
        ]

    def start(self) -> None:
        """Open the readers, and see."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let go of the readers."""
        self._stopping.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(_JOIN_S)

    def _read(self, config: ReaderConfig) -> None:
        reader = AttendedReader(
            config.url, open_reader=self._open_reader, monotonic=time.monotonic, sleep=self._stopping.wait,
            rng=self._rng,
        )  # fmt: skip
        try:
            while not self._stopping.is_set():
                self._poll_safely(config.name, reader)
        finally:
            reader.close()

    def _poll_safely(self, name: str, reader: AttendedReader) -> None:
        try:
            self._poll(name, reader)
        except Exception:  # noqa: BLE001 -- the supervisor of this thread: a fault at one tap must not end the kiosk
            _log.exception("a look at reader %s failed", name)
            self._stopping.wait(AFTER_FAULT_S)

    def _poll(self, name: str, reader: AttendedReader) -> None:
        card = reader.poll(OCCUPIED_POLL_S if self._attendant.is_occupied(name) else POLL_S)
        health = reader.health
        self._attendant.reader_is(name, ReaderState(health.state), health.reason)
        if health.state == "up":
            self._attendant.look(name, card)
        self._attendant.tend()
