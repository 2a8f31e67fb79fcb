"""The hub's place in the world: its database, the hub that runs on it, and whoever changes the city.

The database outlives a killed hub, and is put back from a copy in a restored one.
"""

from collections.abc import Callable
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, Engine

from hub.changing.commands import CityCommand
from hub.changing.proposal import apply
from hub.database.transactions import StoreTroubleError, snapshot, writing
from hub.register.directory import Directory
from hub.register.reading import read_directory
from simulator.opening import ZONE
from simulator.world.alarming import Alarming
from simulator.world.broker import Broker
from simulator.world.database import WorldDatabase
from simulator.world.hub import HubLife
from simulator.world.knowledge import Knowledge
from simulator.world.past_days import ledger_differences
from simulator.world.registry import Registry
from simulator.world.scenario import Scenario
from simulator.world.timeline import Timeline
from simulator.world.wall import Wall

AGAIN_S: Final = 30.0


class Centre:
    """The hub's place: its database, and the hub that runs now, if one does.

    Attributes:
        differences: after each change of the city, where the ledger was not as one made anew.
        alarms: what is told of the stations.
        kept: after each power cut, of each run what had been settled, and what of it is there.
    """

    def __init__(
        self,
        registry: Registry,
        timeline: Timeline,
        broker: Broker,
        database: WorldDatabase,
        *,
        scenario: Scenario,
        seed: int,
        wall: Wall,
        knowledge: Knowledge,
    ) -> None:
        self._parts = registry, timeline, broker
        self._scenario = scenario
        self._wall, self.knowledge = wall, knowledge
        self._timeline, self._database = timeline, database
        self._seed, self._starts = seed, 0
        self._twin: tuple[HubLife, WorldDatabase] | None = None
        self._twins = 0
        self.hub: HubLife | None = None
        self.alarms = Alarming(timeline, seed, scenario)
        self.differences: list[str] = []
        self.kept: list[dict[str, Any]] = []

    @property
    def engine(self) -> Engine:
        """Its database as it is now."""
        return self._database.engine

    def start(self) -> None:
        """Start the hub, where none runs."""
        if self.hub is None:
            registry, timeline, broker = self._parts
            self._starts += 1
            try:
                through = self._database.through()
                seed = f"{self._seed} hub {self._starts}"
                self.hub = HubLife(
                    registry, self.engine, timeline, broker, seed=seed, wall=self._wall, scenario=self._scenario
                )
            except StoreTroubleError:  # the disk takes nothing; the system tries again
                self._timeline.call_in(AGAIN_S, self.start)
                return
            self.hub.told, self.hub.troubled = self._note_told, self._look_at_power
            self.hub.brought = self.knowledge.bring
            self.knowledge.begin(through)
            self.alarms.begin(self.hub, self.engine, self._scenario)
            self._note_state()

    def kill(self) -> None:
        """End it as `kill -9` does."""
        hub, self.hub = self.hub, None
        if hub is not None:
            self.alarms.end()
            hub.kill()
        self._note_state()

    def start_twin(self) -> None:
        """Start a second hub beside it, by mistake, on a copy of its database."""
        if self._twin is not None or self.hub is None:
            return
        registry, timeline, broker = self._parts
        self._twins += 1
        name = f"{self._seed} twin {self._twins}"
        database = self._database.copy(f"twin-{self._twins}", Random(name))
        wall = Wall(timeline, {})
        hub = HubLife(registry, database.engine, timeline, broker, seed=name, wall=wall, scenario=self._scenario)
        self._twin = hub, database
        self._note_state()

    def end_twin(self) -> None:
        """Somebody has noticed, and ends both; the right one is to be started again."""
        twin, self._twin = self._twin, None
        if twin is not None:
            hub, database = twin
            hub.kill()
            database.close()
            self.kill()

    def fail_power(self, within_s: float) -> None:
        """Let the power fail in the middle of the next writes, or at the latest after so long."""
        self._database.cut_within_writes()
        self._timeline.call_in(within_s, self._lose_power)

    def change(self, commands: list[CityCommand], *, may_refuse: bool = False) -> bool:
        """Change the city, as somebody at the command line would; false where the database does not take it.

        Args:
            commands: to be done together.
            may_refuse: whether one may be refused; nothing changes then.
        """
        now = self._timeline.now

        def follow(connection: Connection) -> bool:
            outcome = apply(connection, commands, by="world", at=now, zone=ZONE, why="so it is")
            assert may_refuse or not outcome.refusals, outcome.refusals
            return bool(outcome.changes)

        return self.write(follow)

    def write(self, what: Callable[[Connection], object]) -> bool:
        """Do it in one transaction, as a command at the hub would; false where the database does not take it.

        A hub that runs follows it, unless `what` says by False that nothing has changed.
        """
        now = self._timeline.now
        try:
            with writing(self.engine) as connection:
                has_changed = what(connection)
        except StoreTroubleError:
            self._look_at_power()
            return False
        if has_changed is not False and self.hub is not None:
            self.hub.look_round()
            self.differences += [f"{now:%d %H:%M:%S}: {line}" for line in self._differences()]
        return True

    def directory(self) -> Directory:
        """The city as its database has it."""
        with snapshot(self.engine) as connection:
            return read_directory(connection, ZONE)

    def _differences(self) -> list[str]:
        """After a change the ledger is as one made anew, at once."""
        if self.hub is None or not self._scenario.checks_ledger:
            return []
        return [*ledger_differences(self.directory(), self.engine)]

    def fill_disk(self) -> None:
        """No byte more fits on its disk."""
        self._database.fill()
        self._note_state()

    def empty_disk(self) -> None:
        """There is room again."""
        self._database.empty()
        self._note_state()

    def back_up(self, restored_s: float) -> None:
        """Make a copy of the database, for the restore of that second."""
        self._database.back_up(restored_s)

    def put_back(self, restored_s: float) -> None:
        """Replace the database by the copy that was made for that second; the hub must not run."""
        assert self.hub is None
        self.alarms.doubt()
        self._database.put_back(restored_s)

    def close(self) -> None:
        """End."""
        self.end_twin()
        self.kill()
        self._database.close()

    def _note_state(self) -> None:
        is_hampered = self._database.is_full or self._twin is not None
        self._wall.note_hub("down" if self.hub is None else "hampered" if is_hampered else "up")

    def _note_told(self, answers: list[tuple[str, bytes]]) -> None:
        self.knowledge.settle(self._database.note_told(answers))

    def _look_at_power(self) -> None:
        if not self._database.is_powered:
            self._lose_power()

    def _lose_power(self) -> None:
        self.kill()
        self.alarms.doubt()
        self.kept += self._database.lose_power()
