"""Kills `zaigang-hub serve` with SIGKILL at random moments while kiosks pour, and tells what of the settled it lost.

`python -m tests.hub.whole.killed 500 --seed 7` does it so often and prints the counts as JSON. One thread: each life of
the hub is a fork of this process, the broker another one. Kiosks go by `settled` alone.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import hub.verbs.serve  # noqa: F401 -- loaded before the forks, or each life would begin with a second of imports
from hub.__main__ import main as zaigang_hub
from hub.config import DATABASE_FILE
from hub.database.backup import PATTERN
from hub.database.engine import open_engine
from hub.database.schema import prepare_schema
from hub.intake.store import Store
from hub.intake.storing import Storing
from station.names import Epoch, KioskId
from tests.edge.brokers import BrokerProcess
from tests.hub.cities import make_city, token_of
from tests.hub.whole.pouring import KIOSKS, Field, PlayedKiosk, person_of
from tests.ports import free_port

MOST_ANSWERS = 40  # of a life, before it is killed
LONGEST_S = 0.004  # after the last of them: a batch takes about as long
TRIES = 5
BACKUPS = "backups"


def settle_first() -> None:
    """The control: let each batch be committed only when the next one comes, so that it is settled before."""
    storing, waiting = Store.storing, []

    @contextmanager
    def commit_later(self: Store) -> Iterator[Storing]:
        if waiting:
            waiting.pop().__exit__(None, None, None)
        transaction = storing(self)
        yield transaction.__enter__()
        waiting.append(transaction)

    Store.storing = commit_later


@dataclass
class Life:
    """The hub's place: one data directory, and a process that serves it, once alive after the other."""

    home: Path
    broker_port: int
    settles_first: bool
    child: int = 0

    def begin(self) -> None:
        self.child = os.fork()
        if self.child:
            return
        try:
            self._serve()
        finally:
            os._exit(1)

    def is_over(self) -> bool:
        """Whether the hub ended by itself."""
        return os.waitpid(self.child, os.WNOHANG)[0] == self.child

    def end(self, by: signal.Signals) -> None:
        os.kill(self.child, by)
        os.waitpid(self.child, 0)

    def _serve(self) -> None:
        os.environ.update(
            ZAIGANG_HUB_DATA_DIR=str(self.home), ZAIGANG_HUB_BROKER__PORT=str(self.broker_port),
            ZAIGANG_HUB_HTTP__PORT=str(free_port()), ZAIGANG_HUB_BACKUP__DIRECTORY=str(self.home.parent / BACKUPS),
            ZAIGANG_HUB_BACKUP__EVERY_H="0.0001", ZAIGANG_HUB_BACKUP__KEEP="3",
        )  # fmt: skip
        with Path(f"{self.home}.log").open("a") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        if self.settles_first:
            settle_first()
        zaigang_hub(["serve"])


def live_until(life: Life, field_: Field, is_so: Callable[[], bool]) -> None:
    """Let a hub serve until something is so; another one, should somebody have taken its port just before it did."""
    for _ in range(TRIES):
        life.begin()
        field_.pass_until(lambda: is_so() or life.is_over())
        if is_so():
            return
    raise AssertionError("the hub does not start:\n" + Path(f"{life.home}.log").read_text())


Name = tuple[str, str, int]


def stored_in(database: Path) -> list[tuple[Name, str]]:
    """The name and the token of every record."""
    with closing(sqlite3.connect(database)) as opened:
        assert opened.execute("PRAGMA quick_check(1)").fetchone() == ("ok",), database
        rows = opened.execute("SELECT kiosk, epoch, seq, token FROM record JOIN run ON run.id = run").fetchall()
    return [((kiosk, epoch, seq), token) for kiosk, epoch, seq, token in rows]


def lacking(promised: dict[KioskId, dict[Epoch, int]], stored: list[tuple[Name, str]]) -> int:
    """How many of the records that are promised up to some seq are not there."""
    names = {name for name, _ in stored}
    return sum(
        (kiosk, epoch, seq) not in names
        for kiosk, epochs in promised.items() for epoch, last in epochs.items() for seq in range(1, last + 1)
    )  # fmt: skip


def broken_promises(home: Path, kiosks: dict[KioskId, PlayedKiosk]) -> tuple[int, int]:
    """How many settled records the files lack, and the newest backup of the backed; how many are twice or otherwise there."""
    with tempfile.TemporaryDirectory() as folder:  # a copy: whoever opens the files also mends them
        for path in home.glob(f"{DATABASE_FILE}*"):
            shutil.copy(path, folder)
        stored = stored_in(Path(folder) / DATABASE_FILE)
    missing = lacking({kiosk.id: kiosk.settled for kiosk in kiosks.values()}, stored)
    backups = [stored_in(path) for path in sorted((home.parent / BACKUPS).glob(PATTERN + ".sqlite"))]
    missing += lacking({kiosk.id: kiosk.backed for kiosk in kiosks.values()}, backups[-1] if backups else [])
    wrong = sum(token != token_of(person_of(KioskId(name[0]), Epoch(name[1]), name[2])) for name, token in stored)
    return missing, wrong + len(stored) - len({token for _, token in stored})


def kill_often(folder: Path, times: int, rng: Random, *, settles_first: bool = False) -> dict[str, int]:
    """Kill one hub many times, on one data directory, and look after each death what it had promised."""
    home = folder / "data"
    home.mkdir()
    (folder / BACKUPS).mkdir()
    engine = open_engine(f"sqlite:///{home / DATABASE_FILE}")
    prepare_schema(engine)
    make_city(engine, kiosks_each=KIOSKS)
    engine.dispose()
    broker = BrokerProcess("embedded", folder)
    field_ = Field(broker.port, rng)
    lost = doubled = 0
    life = Life(home, broker.port, settles_first)
    try:
        for _ in range(times):
            wanted = field_.answers + rng.randint(1, MOST_ANSWERS)
            live_until(life, field_, lambda wanted=wanted: field_.answers >= wanted)
            until_s = time.perf_counter() + rng.uniform(0, LONGEST_S)
            while time.perf_counter() < until_s:
                pass
            life.end(signal.SIGKILL)
            field_.drain()
            missing, twice = broken_promises(home, field_.kiosks)
            lost, doubled = lost + missing, doubled + twice
        life.settles_first = False
        field_.come_to_an_end()
        live_until(life, field_, lambda: not any(kiosk.unsettled for kiosk in field_.kiosks.values()))
        life.end(signal.SIGTERM)
        missing, twice = broken_promises(home, field_.kiosks)
        lost, doubled = lost + missing, doubled + twice
    finally:
        field_.close()
        broker.kill()
    settled = sum(sum(kiosk.settled.values()) for kiosk in field_.kiosks.values())
    sent = sum(sum(kiosk.sent.values()) for kiosk in field_.kiosks.values())
    backed = sum(sum(kiosk.backed.values()) for kiosk in field_.kiosks.values())
    return {"kills": times, "sent": sent, "settled": settled, "backed": backed, "lost": lost, "doubled": doubled}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="example: python -m tests.hub.whole.killed 500 --seed 7"
    )
    parser.add_argument("times", type=int, help="how often")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--settles-first", action="store_true", help="the control: it settles before it commits")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = kill_often(Path(folder), args.times, Random(args.seed), settles_first=args.settles_first)
    sys.stdout.write(json.dumps({"seed": args.seed, **found}) + "\n")
    return 0 if found["lost"] == found["doubled"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
