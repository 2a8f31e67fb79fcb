"""One kiosk's machine: its power, its disk, its clock, and the plug of its reader.

What runs on it is `booth`'s. When the power fails, what was not synced is lost, wholly or in pieces.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

from edge.journal import KioskJournal
from edge.seams import Seams
from simulator.disk.cuts import Cut, after_cut
from simulator.disk.medium import Disk
from simulator.disk.vfs import NAME, forgetting_layer
from simulator.world.hands import Hands
from simulator.world.scenario import Scenario
from simulator.world.timeline import Timeline
from station.wire.messages import KioskFigures

CUT_WITHIN: Final = 20  # steps of the disk: a commit takes about ten


class _Patient(sqlite3.Connection):
    """While it gathers, what would be many transactions is one: that which it began with."""

    gathers = False

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        if self.gathers and sql in {"BEGIN IMMEDIATE", "COMMIT"}:
            return self.cursor()
        return super().execute(sql, *args)


class _Eager(_Patient):
    """The control: a commit that returns before it is on the medium."""

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        return super().execute(sql.replace("synchronous = FULL", "synchronous = NORMAL"), *args)


class Image(NamedTuple):
    """What somebody has copied of a machine: its disk, and the files beside its database."""

    disk: Disk
    files: dict[str, bytes]


class Machine:
    """What an agent runs on.

    Attributes:
        hands: its clock.
        has_reader: whether its reader is plugged in.
        was_right: whether its clock was, at any moment of this boot that is on record.
        rng: what chance decides there.
    """

    def __init__(self, scenario: Scenario, timeline: Timeline, home: Path, rng: Random) -> None:
        self.hands = Hands(timeline, booted_s=-60.0, stretch=scenario.heartbeat_s / 30.0)
        self.has_reader, self.was_right = True, False
        self.rng = rng
        self._timeline = timeline
        self._home = home
        self._factory = _Eager if scenario.beeps_early else _Patient
        self._boot = "boot-1"
        self._disk = Disk()
        forgetting_layer().mount(home, self._disk)

    @property
    def is_powered(self) -> bool:
        """Whether it still runs."""
        return self._disk.is_powered

    @property
    def is_full(self) -> bool:
        """Whether its disk takes no more."""
        return self._disk.capacity_bytes is not None

    @property
    def is_doomed(self) -> bool:
        """Whether its power fails over one of the next writes."""
        return self._disk.cut_at is not None

    @property
    def boot(self) -> str:
        """What names this boot."""
        return self._boot

    def seams(self) -> Seams:
        """The world as an agent on it sees it."""
        return Seams(
            clock=self.hands.clock(), boot=self._boot, is_synced=lambda: self.hands.is_synced,
            entropy=self.rng.randbytes, connect=self._connect, read_machine=lambda _: KioskFigures(),
        )  # fmt: skip

    def end_agent(self) -> None:
        """The agent is no more: what it has open is dead."""
        forgetting_layer().kill(self._home)

    def start_again(self) -> None:
        """The power was gone, and is back: another boot, with what the cut left on the disk."""
        self._disk = after_cut(self._disk, self.rng.choice(list(Cut)), self.rng)
        forgetting_layer().mount(self._home, self._disk)
        self._boot = f"boot-{self.rng.randrange(2, 10**9)}"
        self.hands.booted_s = self._timeline.now_s
        self.was_right = False

    def image(self) -> Image:
        """All that is on it, as it is synced."""
        files = {path.name: path.read_bytes() for path in self._home.iterdir() if path.is_file()}
        return Image(after_cut(self._disk, Cut.CLEAN, self.rng), files)

    def put_back(self, image: Image) -> None:
        """Another boot, with what is on that image and nothing else."""
        for path in self._home.iterdir():
            if path.is_file():
                path.unlink()
        for name, content in image.files.items():
            (self._home / name).write_bytes(content)
        self._disk = image.disk
        self.start_again()

    @contextmanager
    def in_one_commit(self, journal: KioskJournal) -> Iterator[None]:
        """Let what is stored within be committed together: the power does not fail meanwhile, so it makes no odds."""
        with journal.transaction() as database:
            assert isinstance(database, _Patient)
            database.gathers = True
            try:
                yield
            finally:
                database.gathers = False

    def cut_within_writes(self) -> None:
        """Let the power fail in the middle of the next writes."""
        self._disk.cut_at = self._disk.position + self.rng.randrange(CUT_WITHIN)

    def fill_disk(self, *, is_full: bool) -> None:
        """No byte more fits, or there is room again."""
        self._disk.capacity_bytes = self._disk.used_bytes if is_full else None

    def close(self) -> None:
        """Give back what it lent."""
        forgetting_layer().unmount(self._home)

    def _connect(self, path: Path) -> sqlite3.Connection:
        return sqlite3.connect(
            f"file:{path}?vfs={NAME}&psow=0", uri=True, isolation_level=None, check_same_thread=False,
            factory=self._factory,
        )  # fmt: skip
