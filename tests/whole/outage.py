"""A kiosk that was offline for a month: its journal, its agent, and what of it the wire saw and the hub holds."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import paho.mqtt.client as mqtt
import pytest

from edge.agent import Agent
from edge.config import BrokerConfig, EdgeConfig
from edge.journal import KioskJournal
from edge.seams import Seams
from simulator import town
from simulator.board_watch import BoardError, ask_board
from simulator.premises import HOST
from station.clock import Clock, boottime_s
from station.names import Epoch, KioskId, Seq, StationCode, Token
from station.records import Action, ClockState, Pulse, Started, Tap
from station.wire import topics
from station.wire.codec import decode_journal
from tests.edge.brokers import eventually
from tests.edge.rig import SITE_KEY, Beeps
from tests.whole.station_at_work import JOURNAL_FILE, START, StationAtWork

DAYS, TAPS_A_DAY, PULSES_A_DAY = 30, 500, 300  # pulses: day and night, as of a kiosk that was told no hours
RECORDS = DAYS * (TAPS_A_DAY + PULSES_A_DAY)
PATIENCE_S = 200.0  # a month takes seconds; how many is measured in tests.bench, where nobody else works
BOOT = "6f1c2d4e-0000-4000-8000-00000000000a"


class Held(NamedTuple):
    """A record as both ends can tell it."""

    epoch: str
    seq: int
    kind: str
    at_ms: int
    token: str | None


@dataclass
class Offline:
    """Writes records as a kiosk would have, on a clock that runs through the outage."""

    journal: KioskJournal
    step: timedelta
    at: datetime
    rng: Random
    made: int = 0

    def __post_init__(self) -> None:
        self.tokens = [Token(self.rng.randbytes(16).hex()) for _ in range(40)]

    def run(self, records: int) -> None:
        """One run of the agent, with so many records."""
        self.journal.begin(Epoch(self.rng.randbytes(8).hex()), BOOT, self._started)
        for _ in range(records - 1):
            self.at += self.step
            self.made += 1
            is_tap = self.made * TAPS_A_DAY % (TAPS_A_DAY + PULSES_A_DAY) < TAPS_A_DAY
            self.journal.append(self._tap if is_tap else self._pulse)

    def _started(self, seq: Seq) -> Started:
        return Started(seq=seq, at=self.at, clock=ClockState.SYNCED, boot=BOOT, mono_ms=self._mono_ms, version="1")

    def _tap(self, seq: Seq) -> Tap:
        action = Action.LEAVE if self.made % 2 else Action.ARRIVE
        return Tap(
            seq=seq, at=self.at, clock=ClockState.SYNCED, boot=BOOT, mono_ms=self._mono_ms, action=action,
            token=self.tokens[self.made % len(self.tokens)], card_kind="classic", reader="door",
        )  # fmt: skip

    def _pulse(self, seq: Seq) -> Pulse:
        return Pulse(seq=seq, at=self.at, clock=ClockState.SYNCED, boot=BOOT, mono_ms=self._mono_ms)

    @property
    def _mono_ms(self) -> int:
        return 1_000_000_000 + self.made * 108_000


class OfflineKiosk:
    """One kiosk of a hub that runs: `pile_up` first, then `link` it.

    Attributes:
        folder: its data directory.
    """

    def __init__(self, at_work: StationAtWork, folder: Path, place: int = 0) -> None:
        self._at_work = at_work
        self.folder = folder
        self.station = StationCode(at_work.city.stations[place].code)
        self.id = KioskId(at_work.city.stations[place].kiosks[0])

    def pile_up(self, records: int, runs: int) -> None:
        """Make a journal of so many records in so many runs, the last of them just before `START`."""
        self.folder.mkdir(mode=0o700, parents=True)
        journal = KioskJournal(self.folder / JOURNAL_FILE)
        journal._database.execute("PRAGMA synchronous = OFF")  # no power is cut here, and 24,000 syncs take their time
        try:
            offline = Offline(
                journal, timedelta(days=DAYS) / RECORDS, START - timedelta(days=DAYS) * records / RECORDS,
                Random(self.id),
            )  # fmt: skip
            for _ in range(runs):
                offline.run(records // runs)
        finally:
            journal.close()

    @contextmanager
    def linked(self, port: int) -> Iterator[Agent]:
        """Its agent at work, over that port; its readers are the test's."""
        config = EdgeConfig(
            station=self.station, kiosk=self.id, data_dir=self.folder, site_key_file=self._at_work.premises.site_key,
            readers=(), broker=BrokerConfig(port=port),
        )  # fmt: skip
        seams = Seams(clock=Clock(began_at=START, anchor_s=boottime_s()), boot="boot-2", is_synced=lambda: True)
        agent = Agent(config, site_key=SITE_KEY, annunciator=Beeps(), seams=seams, rng=Random(1))
        agent.start()
        try:
            yield agent
        finally:
            agent.stop()

    def held(self) -> list[Held]:
        """All that is in its journal, in its order."""
        with closing(sqlite3.connect(self.folder / JOURNAL_FILE)) as database:
            rows = database.execute(
                "SELECT epoch, seq, kind, at, json_extract(body, '$.token') FROM records JOIN epochs USING (ord)"
                " ORDER BY ord, seq"
            ).fetchall()
        return [Held(epoch, seq, kind, _ms(at), token) for epoch, seq, kind, at, token in rows]

    def held_by_hub(self) -> list[Held]:
        """All that the hub has of it, the runs in the order in which they came."""
        rows = self._ask_hub(
            "SELECT epoch, seq, kind, at_ms, token FROM record JOIN run ON run.id = record.run WHERE kiosk = ?"
            " ORDER BY run.id, seq"
        )
        return [Held(*row) for row in rows]

    def settled(self) -> int:
        """How many of its records are settled at the hub."""
        return int(self._ask_hub("SELECT coalesce(sum(through), 0) FROM run WHERE kiosk = ?")[0][0])

    def conflicts(self) -> int:
        """How many of its records came again with other content."""
        question = "SELECT count(*) FROM quarantine JOIN run ON topic = 'run ' || run.id WHERE kiosk = ?"
        return int(self._ask_hub(question)[0][0])

    def _ask_hub(self, question: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self._at_work.premises.database}?mode=ro", uri=True)) as database:
            return database.execute(question, (self.id,)).fetchall()


def but_pulses(held: list[Held]) -> list[Held]:
    """All others; the hub may fold settled pulses into what it knows of the watch, and drop them."""
    return [one for one in held if one.kind != "pulse"]


@contextmanager
def hub_of_one_city(folder: Path) -> Iterator[StationAtWork]:
    """The hub as a process of its own, with its own broker, the city entered; no kiosk runs."""
    at_work = StationAtWork(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(town, "IMPORT_S", PATIENCE_S)  # a second where nobody else works, and fifty on a busy machine
        town.enter_city(at_work.city, at_work.premises, at_work.environ)
    try:
        at_work.start_hub()
        assert eventually(lambda: _answers(at_work), PATIENCE_S)
        yield at_work
    finally:
        at_work.stop()


def _answers(at_work: StationAtWork) -> bool:
    try:
        ask_board(HOST, at_work.premises.http_port)
    except BoardError:
        return False
    return True


class Said(NamedTuple):
    """A journal message as it went over the broker."""

    epoch: str
    first: int
    count: int


class Spy:
    """Hears what one kiosk sends."""

    def __init__(self, port: int, kiosk: OfflineKiosk) -> None:
        self.said: list[Said] = []
        self._subscribed = threading.Event()
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self._client.on_message = self._hear
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.connect("127.0.0.1", port)
        self._client.subscribe(topics.journal(kiosk.station, kiosk.id), qos=1)
        self._client.loop_start()
        assert self._subscribed.wait(60)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _hear(self, client: mqtt.Client, told: object, message: mqtt.MQTTMessage) -> None:
        journal = decode_journal(message.payload)
        self.said.append(Said(journal.epoch, journal.first, len(journal.records)))


def _ms(at: str) -> int:
    return round(datetime.fromisoformat(at).timestamp() * 1000)
