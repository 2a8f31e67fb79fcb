"""A kiosk's agent in this process, with a scripted reader, on the clock and the broker of a hub that serves."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Self

from devices.signals import Signal
from edge.agent import Agent
from edge.config import BrokerConfig, EdgeConfig, ReaderConfig
from edge.seams import Seams
from simulator.scripted_reader import ScriptedReader
from station.names import KioskId, StationCode
from tests.edge.rig import SITE_KEY, Beeps, card
from tests.patience import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from station.clock import Clock

STATION, KIOSK = StationCode("S-01"), KioskId("K-01-1")


class WiredKiosk:
    """One kiosk, from `start` to `stop`, and again; as a context it is stopped in the end, whatever a test did."""

    def __init__(self, folder: Path, port: int | BrokerConfig, clock: Clock) -> None:
        self.reader, self.beeps = ScriptedReader(), Beeps()
        broker = BrokerConfig(port=port) if isinstance(port, int) else port
        self.config = EdgeConfig(
            station=STATION, kiosk=KIOSK, data_dir=folder / "kiosk", site_key_file=folder / "key",
            readers=(ReaderConfig("door", "scripted:"),), broker=broker,
        )  # fmt: skip
        self._seams = Seams(clock=clock, boot="boot-1", is_synced=lambda: True)
        self._is_at_work = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_at_work:
            self.stop()

    def start(self) -> None:
        self.agent = Agent(
            self.config, site_key=SITE_KEY, annunciator=self.beeps, seams=self._seams, rng=Random(1),
            reader_factory=lambda _: self.reader, version="1.2.3",
        )  # fmt: skip
        self._is_at_work = True
        self.agent.start()
        assert self.agent.link.connected.wait(60)

    def stop(self) -> None:
        self._is_at_work = False
        self.agent.stop()

    def kill(self) -> None:
        self._is_at_work = False
        self.agent.kill()

    def touch(self, number: int) -> Signal:
        """Hold a card there until it is answered; what was said."""
        said = len(self.beeps.said)
        self.reader.put(card(number))
        assert eventually(lambda: any(signal.promises_record for signal in self.beeps.signals[said:]))
        self.reader.take()
        return next(signal for signal in self.beeps.signals[said:] if signal.promises_record)
