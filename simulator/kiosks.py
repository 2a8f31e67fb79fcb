"""Many kiosks in one process: each the real agent, from the `CardReader` seam up to the broker.

What differs from a kiosk in the field is the reader, which simulated people hold cards to, and the buzzer, which they
hear.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Final

from edge.agent import Agent
from edge.config import BrokerConfig, EdgeConfig, ReaderConfig
from edge.seams import machine_seams
from edge.site_key import read_site_key
from simulator.antennas import SeamAntenna
from simulator.ear import Ear
from simulator.scripted_reader import ScriptedReader
from station.clock import Clock
from station.names import KioskId, StationCode

READER: Final = "door"
AT_ONCE: Final = 16  # that many are begun or ended side by side: each waits for its disk


class Kiosks:
    """All of them, running until `close`."""

    def __init__(
        self,
        stations: Mapping[str, str],
        folder: Path,
        *,
        broker: tuple[str, int],
        site_key_file: Path,
        clock: Clock,
        ear: Ear,
        seed: int,
    ) -> None:
        """Start them.

        Args:
            stations: of each kiosk.
            folder: where each gets a data directory of its own, kept if it is there already.
            broker: its host and port.
            site_key_file: what all of them read the site key from.
            clock: theirs.
            ear: where their beeps go.
            seed: of jitter, and of telephones' numbers.
        """
        self.antennas: dict[str, SeamAntenna] = {}
        self._agents: list[Agent] = []
        site_key = read_site_key(site_key_file)
        for kiosk, station in stations.items():
            reader = ScriptedReader()
            self.antennas[kiosk] = SeamAntenna(reader, Random(f"{seed} telephones at {kiosk}"))
            config = EdgeConfig(
                station=StationCode(station),
                kiosk=KioskId(kiosk),
                data_dir=folder / kiosk,
                site_key_file=site_key_file,
                readers=(ReaderConfig(READER, reader.name),),
                broker=BrokerConfig(*broker),
            )
            self._agents.append(
                Agent(
                    config,
                    site_key=site_key,
                    annunciator=ear.annunciator(kiosk),
                    seams=machine_seams(clock),
                    rng=Random(f"{seed} {kiosk}"),
                    reader_factory=partial(_give, reader),
                    version=version("zaigang"),
                )
            )
        with ThreadPoolExecutor(AT_ONCE, "kiosks begin") as pool:
            list(pool.map(Agent.start, self._agents))

    def close(self) -> None:
        """End them in order."""
        with ThreadPoolExecutor(AT_ONCE, "kiosks end") as pool:
            list(pool.map(Agent.stop, self._agents))
        self._agents.clear()


def told(folder: Path, kiosks: Iterable[str]) -> int:
    """How many keep their station's hours and cards: before, they would take everybody for a stranger."""
    homes = [folder / kiosk for kiosk in kiosks]
    return sum((home / "duty.json").exists() and any(home.glob("roster-*.json")) for home in homes)


def _give(reader: ScriptedReader, _: str) -> ScriptedReader:
    return reader
