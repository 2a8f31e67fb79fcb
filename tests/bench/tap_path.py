"""Card seen to beep called, with at least 30,000 unsettled records in the journal and the uplink draining them."""

import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from devices.card import Card
from devices.catalogue import open_reader
from devices.signals import Lines, Signal
from edge.agent import Agent
from edge.config import BrokerConfig, EdgeConfig
from edge.program import SWITCH_S
from edge.seams import machine_seams
from simulator.chip.cards import Ntag213
from simulator.chip.pn532 import Pn532Chip
from simulator.chip.pty import PtyPort
from station.clock import Clock
from station.names import KioskId, StationCode
from station.records import ClockState, Pulse
from tests.bench import reference
from tests.bench.brokers import mosquitto
from tests.bench.city import enter
from tests.bench.figure import Figure, percentile
from tests.bench.served import serving

UNSETTLED, TAPS = 60_000, 400  # half of it is left at the last tap
PAUSE_S = 0.002  # all taps come while the uplink drains
PUTS = 60


class Beeps:
    """Takes the moment of every answer."""

    def __init__(self) -> None:
        self.at_s: list[float] = []
        self.heard = threading.Event()

    def show(self, signal: Signal, lines: Lines) -> None:
        assert signal.promises_record, (signal, lines)
        self.at_s.append(time.perf_counter())

    def close(self) -> None:
        pass


def measure(folder: Path) -> list[Figure]:
    """Figures of the tap path."""
    sys.setswitchinterval(SWITCH_S)  # as `zaigang-edge run` does; here the agent shares the bench's process
    city, data = enter(folder)
    station = city.stations[0]
    with mosquitto(folder) as port, serving(folder, data, port) as hub:
        config = EdgeConfig(
            station=StationCode(station.code), kiosk=KioskId(station.kiosks[0]), data_dir=folder / "kiosk",
            site_key_file=data / "site.key", readers=(), broker=BrokerConfig(port=port),
        )  # fmt: skip
        beeps = Beeps()
        agent = Agent(config, site_key=bytes(32), annunciator=beeps, seams=machine_seams(Clock()), rng=Random(1))
        try:
            _pile_up(agent)
            agent.link.start()
            while not hub.through():
                time.sleep(0.001)
            took = _tap(agent, beeps)
            settled = hub.through()
        finally:
            agent.stop()
    assert settled < UNSETTLED, "the uplink had drained everything before the last tap"
    bare = reference.bare_commits(folder, TAPS)
    middle, slow = percentile(bare, 0.5), percentile(bare, 0.99)
    draining = f"{settled:,} of {UNSETTLED:,} drained meanwhile"
    return [
        Figure(f"seen to beep, median; {draining}", percentile(took, 0.5), 2 * middle + 1, "ms", 1, at_most=True),
        Figure(
            "seen to beep, p99, of 3 bare commits + 1 ms", percentile(took, 0.99), 3 * slow + 1, "ms", 1, at_most=True
        ),
        Figure("card put to card seen, p95", put_to_seen(), 120.0, "ms", 1, at_most=True),
    ]


def _pile_up(agent: Agent) -> None:
    journal, now = agent.kiosk.store.journal, datetime.now(UTC)
    for _ in range(UNSETTLED):
        journal.append(lambda seq: Pulse(seq=seq, at=now, clock=ClockState.SYNCED, boot="b", mono_ms=1))


def _tap(agent: Agent, beeps: Beeps) -> list[float]:
    """Tap and measure while the link drains; the times in ms."""
    took: list[float] = []
    for i in range(TAPS):
        card = Card("iso14443a", bytes.fromhex(f"04BE{i:010X}"), "type2")
        for _ in range(3):
            agent.kiosk.look("bench", None)
        began = time.perf_counter()
        agent.kiosk.look("bench", card)
        took.append((beeps.at_s[-1] - began) * 1000)
        time.sleep(PAUSE_S)
    assert len(beeps.at_s) == TAPS
    return took


def put_to_seen() -> float:
    """Card put on the emulated chip to card seen through the real driver, p95 in ms."""
    chip = Pn532Chip()
    port = PtyPort(chip)
    reader = open_reader(f"pn532:{port.path}")
    took, rng = [], Random(3)
    try:
        for i in range(PUTS):
            time.sleep(rng.uniform(0.02, 0.12))
            put_at = time.perf_counter()
            threading.Timer(0.0, chip.put, [Ntag213(bytes.fromhex(f"04BE{i:010X}"), "bench")]).start()
            while reader.poll(0.5) is None:
                pass
            took.append((time.perf_counter() - put_at) * 1000)
            chip.take()
            while reader.poll(0.0) is not None:
                pass
    finally:
        reader.close()
        port.close()
    return percentile(took, 0.95)
