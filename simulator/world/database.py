"""The hub's database, on a disk that forgets: power cuts, a full disk, and copies that are put back.

It is opened as the product opens its own. How much was settled is asked of it when the power is back.
"""

import json
from pathlib import Path
from random import Random
from typing import Any, Final

from sqlalchemy import Engine, event

from hub.database.engine import open_engine
from simulator.disk.cuts import Cut, after_cut
from simulator.disk.medium import Disk
from simulator.disk.vfs import NAME, forgetting_layer

CUT_WITHIN: Final = 12  # steps of the disk: a commit of the hub takes about so many
CUTS: Final = (Cut.CLEAN, Cut.RAGGED)  # a server's disk harms nothing beside what it writes


class WorldDatabase:
    """The database and the disk under it.

    Args:
        home: where it lies.
        content: what is in it at first.

    Attributes:
        engine: to be asked for anew after every start.
    """

    def __init__(self, home: Path, rng: Random, content: bytes, *, settles_early: bool) -> None:
        self._home, self._rng, self._settles_early = home, rng, settles_early
        self._name = str(home / "hub.db")
        self._backups: dict[float, bytes] = {}
        self._told: dict[str, int] = {}
        self._mount(self._disk_with(content))

    @property
    def is_powered(self) -> bool:
        """Whether its machine still runs."""
        return self._disk.is_powered

    @property
    def is_full(self) -> bool:
        """Whether it takes no more."""
        return self._disk.capacity_bytes is not None

    def note_told(self, answers: list[tuple[str, bytes]]) -> dict[str, int]:
        """The hub has said that so much is settled; returns it, by run."""
        told = {
            epoch: said["through"] for _, payload in answers for epoch, said in json.loads(payload)["epochs"].items()
        }
        self._told |= told
        return told

    def through(self) -> dict[str, int]:
        """How much of each run is there without a gap."""
        with self.engine.connect() as connection:
            runs = connection.exec_driver_sql("SELECT epoch, through FROM run").all()
        return {run.epoch: run.through for run in runs}

    def cut_within_writes(self) -> None:
        """Let the power fail in the middle of the next writes."""
        self._disk.cut_at = self._disk.position + self._rng.randrange(CUT_WITHIN)

    def lose_power(self) -> list[dict[str, Any]]:
        """The power was gone, and is back; tells of each run what was settled, and what of it is there."""
        self._close()
        self._mount(after_cut(self._disk, self._rng.choice(CUTS), self._rng))
        held = self.through()
        told, self._told = self._told, {}
        return [{"epoch": epoch, "told": through, "held": held.get(epoch, 0)} for epoch, through in told.items()]

    def fill(self) -> None:
        """No byte more fits."""
        self._disk.capacity_bytes = self._disk.used_bytes

    def empty(self) -> None:
        """There is room again."""
        self._disk.capacity_bytes = None

    def back_up(self, restored_s: float) -> None:
        """Make a copy, for the restore of that second."""
        with self.engine.connect() as connection:
            self._backups[restored_s] = driver_of(connection).serialize()

    def copy(self, name: str, rng: Random) -> "WorldDatabase":
        """A second database beside this one, put back from a copy made now."""
        with self.engine.connect() as connection:
            content = driver_of(connection).serialize()
        made = WorldDatabase(self._home.with_name(name), rng, content, settles_early=False)
        made.say_it_is_a_copy()
        return made

    def put_back(self, restored_s: float) -> None:
        """Replace all by the copy that was made for that second; the hub must not run."""
        self._close()
        self._mount(self._disk_with(self._backups.pop(restored_s)))
        self._told.clear()
        self.say_it_is_a_copy()

    def say_it_is_a_copy(self) -> None:
        """As a backup says of itself."""
        with self.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE origin SET is_copy = 1")

    def close(self) -> None:
        """Give back what it lent."""
        self._close()
        forgetting_layer().unmount(self._home)

    def _disk_with(self, content: bytes) -> Disk:
        disk = Disk()
        file = disk.create(self._name)
        disk.write(file, 0, content)
        disk.sync(file)
        disk.sync_directory(str(self._home))
        return disk

    def _close(self) -> None:
        forgetting_layer().kill(self._home)
        self.engine.dispose()

    def _mount(self, disk: Disk) -> None:
        self._disk = disk
        forgetting_layer().mount(self._home, disk)
        self.engine: Engine = open_engine(f"sqlite:///file:{self._name}?vfs={NAME}&uri=true")
        if self._settles_early:
            event.listen(self.engine, "connect", _be_careless)


def _be_careless(connection: Any, _: object) -> None:
    """The control: a commit that returns before it is on the medium."""
    connection.execute("PRAGMA synchronous = NORMAL")


def driver_of(connection: Any) -> Any:
    """Python's own connection to the database, for rows by the million."""
    return connection.connection.driver_connection
