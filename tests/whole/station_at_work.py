"""One station as it is run: the hub and the kiosk's agent as processes of their own, an emulated chip at the reader."""

import queue
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from simulator.children import Child
from simulator.chip.air import AirCard
from simulator.chip.cards import MifareClassic, Ntag213
from simulator.chip.pn532 import Pn532Chip
from simulator.chip.pty import PtyPort
from simulator.city import SimCity, invent
from simulator.premises import Premises, child_environ
from simulator.town import enter_city
from station.clock import Clock, boottime_s
from tests.ports import free_port

START = datetime.fromisoformat("2026-03-05T09:00:00+08:00")  # a Thursday, all stations open
AFTER_GUARD_S = 7.0  # the guard's five from when the card was last seen, and some for a machine with other work
GONE_S = 1.0  # a reader sees a card gone after a fifth of it
PATIENCE_S = 60.0
JOURNAL_FILE = "journal.db"
_OUTCOME = re.compile(r"\[(\w+)\] (.*)")


class StationAtWork:
    """What a test does to it and sees of it."""

    def __init__(self, folder: Path) -> None:
        self.city: SimCity = invent(5)
        self.station = self.city.stations[0]
        self.premises = Premises(folder, free_port(), free_port())
        clock = Clock(began_at=START, anchor_s=boottime_s())
        self.environ = child_environ({}, clock) | {"PATH": "/usr/bin:/bin"}
        self.chip = Pn532Chip()
        self._said: queue.Queue[tuple[str, str]] = queue.Queue()
        self._kiosk_data = folder / self.station.kiosks[0]
        self._children: dict[str, Child] = {}

    def card(self, place: int) -> AirCard:
        """The card of the station's volunteer in that place."""
        card = [v for v in self.city.volunteers if v.station == self.station.code and not v.spare][place].cards[0]
        return MifareClassic(card.number) if card.chip == "classic" else Ntag213(card.number)

    def start_hub(self) -> None:
        command = ["hub", "serve", "--config", str(self.premises.hub_file)]
        self._children["hub"] = Child("hub", command, self.environ, self.premises.folder / "hub.log")

    def stop_hub(self) -> None:
        self._children.pop("hub").stop()

    def start_kiosk(self, path: str) -> None:
        kiosk = self.station.kiosks[0]
        file = self.premises.write_kiosk_settings(self.station.code, kiosk, f"pn532:{path}")
        command = ["edge", "run", "--config", str(file)]
        log = self.premises.folder / "edge.log"
        self._children["kiosk"] = Child("kiosk", command, self.environ, log, self._hear)

    def stop(self) -> None:
        for child in reversed(self._children.values()):
            child.stop()

    def touch(self, card: AirCard) -> None:
        """Hold a card to the reader until the kiosk has answered."""
        with self.held(card):
            until(lambda: not self._said.empty(), "an answer of the kiosk")

    @contextmanager
    def held(self, card: AirCard) -> Iterator[None]:
        """Hold a card to the reader, and take it away until the reader has noticed."""
        self.chip.put(card)
        yield
        self.chip.take()
        time.sleep(GONE_S)

    def hears(self, word: str) -> str:
        """Wait for the kiosk's next answer, which must be that one; gives its two lines."""
        said, lines = self._said.get(timeout=PATIENCE_S)
        assert said == word, f"[{said}] {lines}; expected [{word}]"
        return lines

    def is_silent(self) -> bool:
        """Whether the kiosk said nothing that was not asked for."""
        return self._said.empty()

    def knows_its_people(self) -> bool:
        """Whether the hub's roster has come to the kiosk's disk."""
        return any(self._kiosk_data.glob("roster-*.json"))

    @contextmanager
    def journal_that_cannot_be_written(self) -> Iterator[None]:
        """Hold the journal's write lock, as a disk that takes nothing more would."""
        path = self._kiosk_data / JOURNAL_FILE
        blocker = sqlite3.connect(path, isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            blocker.execute("ROLLBACK")
            blocker.close()

    def _hear(self, line: str) -> None:
        found = _OUTCOME.match(line)
        if found:
            self._said.put((found[1], found[2]))


def until(claim: Callable[[], object], what: str) -> None:
    """Wait for a condition.

    Raises:
        AssertionError: it did not come true in time.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not claim():
        assert time.monotonic() < deadline, f"not in {PATIENCE_S:g} s: {what}"
        time.sleep(0.05)


@contextmanager
def station_at_work(folder: Path) -> Iterator[StationAtWork]:
    """A running hub and kiosk, the city entered, the reader up."""
    at_work = StationAtWork(folder)
    enter_city(at_work.city, at_work.premises, at_work.environ)
    port = PtyPort(at_work.chip)
    try:
        at_work.start_hub()
        at_work.start_kiosk(port.path)
        until(at_work.knows_its_people, "the roster at the kiosk")
        yield at_work
    finally:
        at_work.stop()
        port.close()
