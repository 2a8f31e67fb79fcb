"""The agent in one kiosk: readers, tap path and uplink wired together, each with its thread.

The reader's threads and the network's thread never wait for each other: they meet only at the journal. With
`readers=()` in its config an agent has no reader threads; whoever made it then calls `look`, `reader_is` and `tend` of
its kiosk, so that one process can hold hundreds.
"""

import logging
import threading
import time
from collections.abc import Callable
from random import Random
from typing import Final

from devices.attended import AttendedReader
from devices.catalogue import open_reader
from devices.reader import CardReader
from devices.signals import Annunciator
from edge.call import Broker
from edge.config import EdgeConfig, ReaderConfig
from edge.kiosk import Kiosk
from edge.liaison import Liaison
from edge.link import Link
from edge.seams import Seams
from station.records import ReaderState

_log = logging.getLogger(__name__)
POLL_S: Final = 0.25  # a reader that sees nothing gives the thread back so often, for the kiosk's own rounds
OCCUPIED_POLL_S: Final = 0.06  # three empty polls mean gone: a card taken away and held again is a tap of its own
AFTER_FAULT_S: Final = 1.0
_JOIN_S: Final = 5.0


class Agent:
    """One kiosk at work, from `start` to `stop`."""

    def __init__(
        self,
        config: EdgeConfig,
        *,
        site_key: bytes,
        annunciator: Annunciator,
        seams: Seams,
        rng: Random,
        reader_factory: Callable[[str], CardReader] = open_reader,
        version: str = "0",
    ) -> None:
        """Begin a run in the kiosk's journal; nothing is read or sent before `start`.

        Args:
            config: the kiosk's settings.
            site_key: what turns card numbers into tokens.
            annunciator: answers people; stays the caller's to close.
            seams: clock, boot, sync, entropy and the journal's disk.
            rng: jitter of backoffs and heartbeats.
            reader_factory: opens a reader by its URL; called again whenever it was lost.
            version: the agent's, as records and messages tell it.

        Raises:
            DataHeldError: another agent holds the data directory.
            JournalError: no run can be begun there.
            OSError: the data directory cannot be used.
        """
        self.kiosk = Kiosk(config, site_key=site_key, annunciator=annunciator, seams=seams, version=version)
        self._reader_factory = reader_factory
        self._rng = rng
        self._stopping = threading.Event()
        liaison = Liaison(self.kiosk, seams=seams, rng=rng, version=version)
        broker = config.broker
        self.link = Link(
            Broker(broker.host, broker.port, broker.username, broker.password_file), config.kiosk,
            liaison.uplink, keep_house=liaison.keep_house, now_s=seams.clock.boot_s, entropy=seams.entropy, rng=rng,
        )  # fmt: skip
        self.kiosk.store.journal.on_append = self.link.wake
        self._threads = [
            threading.Thread(target=self._read, args=(reader,), name=f"reader {reader.name}", daemon=True)
            for reader in config.readers
        ]

    def start(self) -> None:
        """Read cards and talk to the hub."""
        self.link.start()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End in order: the hub is told, and the journal marked clean."""
        self._stop_readers()
        self.link.stop()
        self.kiosk.close()

    def kill(self) -> None:
        """End as a power cut would: no farewell, no clean mark."""
        self._stop_readers()
        self.link.kill()
        self.kiosk.store.close()

    def _stop_readers(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(_JOIN_S)

    def _read(self, config: ReaderConfig) -> None:
        reader = AttendedReader(
            config.url, open_reader=self._reader_factory, monotonic=time.monotonic, sleep=self._stopping.wait,
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
        card = reader.poll(OCCUPIED_POLL_S if self.kiosk.is_occupied(name) else POLL_S)
        health = reader.health
        self.kiosk.reader_is(name, ReaderState(health.state), health.reason)
        if health.state == "up":
            self.kiosk.look(name, card)
        self.kiosk.tend()
