"""An agent without readers, whose records a test writes, and what it holds of them."""

from pathlib import Path
from random import Random
from typing import Self

from edge.agent import Agent
from edge.config import BrokerConfig, EdgeConfig
from edge.seams import Seams
from station.clock import Clock
from station.records import Pulse
from tests.edge.hub_in_memory import KIOSK, STATION
from tests.edge.rig import SITE_KEY, Beeps


class OfflineAgent:
    """One kiosk; `agent.start` links it, over whatever listens there. As a context it is stopped in the end."""

    def __init__(self, folder: Path, broker: int | BrokerConfig) -> None:
        config = EdgeConfig(
            station=STATION, kiosk=KIOSK, data_dir=folder, site_key_file=folder / "key", readers=(),
            broker=BrokerConfig(port=broker) if isinstance(broker, int) else broker,
        )  # fmt: skip
        seams = Seams(clock=Clock(), boot="boot-1", is_synced=lambda: True)
        self.agent = Agent(config, site_key=SITE_KEY, annunciator=Beeps(), seams=seams, rng=Random(1))
        self.epoch = self.agent.kiosk.epoch

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.agent.stop()

    def record(self, count: int) -> None:
        """Make so many records more; the run began with one."""
        for _ in range(count):
            assert self.agent.kiosk.rounds.write(self.agent.kiosk.keeper.stamp(), Pulse)

    def names(self) -> list[tuple[str, int]]:
        """What the disk holds, as names."""
        backlog = self.agent.kiosk.store.backlog
        return [(epoch, record.seq) for epoch in backlog.kept() for record in backlog.read(epoch, 0, 10**6)]
