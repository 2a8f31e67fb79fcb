"""`zaigang-hub serve` on a disk that takes no more: it settles nothing, says so, and goes on by itself."""

import json
import resource
import sqlite3
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hub.config import DATABASE_FILE
from hub.database.engine import open_engine
from hub.database.schema import prepare_schema
from station.names import KioskId
from station.wire import topics
from station.wire.topics import HUB_STATE
from tests.hub.cities import make_city
from tests.hub.intake.messages import EPOCH, STATION, journal, tap
from tests.hub.running import Listener, until
from tests.hub.whole.test_command import settings, start
from tests.ports import free_port

pytestmark = pytest.mark.broker
KIOSK = KioskId("K-01-1")
SETTLED = topics.settled(STATION, KIOSK)
PATIENCE_S = 60.0


class Served:
    """A hub in a process of its own, and how large its files may grow."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.data.mkdir()
        engine = open_engine(f"sqlite:///{self.data / DATABASE_FILE}")
        prepare_schema(engine)
        make_city(engine)
        engine.dispose()
        self.told: list[str] = []
        self.broker_port, self.http_port = free_port(), free_port()
        self.process: subprocess.Popen[str] = start(settings(folder, self.broker_port, self.http_port))
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith("the board is at")

    def fill_disk(self) -> None:
        """Let no file grow any more; what is there may be written still."""
        _, hard = resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE)
        largest = max(path.stat().st_size for path in self.data.iterdir())
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (largest, hard))

    def make_room(self) -> None:
        _, hard = resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (hard, hard))

    def stored(self) -> int:
        """How many records are in the database."""
        with closing(sqlite3.connect(f"file:{self.data / DATABASE_FILE}?mode=ro", uri=True)) as reader:
            return int(reader.execute("SELECT count(*) FROM record").fetchone()[0])

    def get(self, path: str) -> Any:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.http_port}{path}", timeout=PATIENCE_S) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as answer:
            with answer:
                return json.load(answer)

    def troubles(self) -> list[str]:
        """Why it does not do its work; what it told last is kept."""
        found: list[str] = self.get("/healthz")["troubles"]
        self.told = found or self.told
        return found

    def end(self) -> str:
        """Stop it; tells what it logged."""
        self.process.terminate()
        return self.process.communicate(timeout=PATIENCE_S)[1]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    yield served
    if served.process.poll() is None:
        served.end()


def messages(first: int, n: int):
    return journal(*(tap(seq, 25, person=seq) for seq in range(first, first + 100)), kiosk=KIOSK, n=n)


def told_through(kiosk: Listener) -> int:
    return max(
        (said["epochs"].get(EPOCH, {"through": 0})["through"] for said in kiosk.said.get(SETTLED, [])), default=0
    )


@pytest.mark.timeout(300)
def test_a_full_disk_settles_nothing_is_told_and_ends_by_itself_where_room_is_made(hub: Served):
    until(lambda: hub.get("/healthz")["ok"], PATIENCE_S)
    kiosk = Listener(hub.broker_port, SETTLED, HUB_STATE)
    kiosk.send(messages(1, n=1))
    until(lambda: told_through(kiosk) == 100, PATIENCE_S)

    hub.fill_disk()
    n, full_at = 1, 0
    while not full_at:  # until what is there already is written full
        n, births = n + 1, len(kiosk.said[HUB_STATE])
        kiosk.send(messages(100 * n - 99, n=n))
        until(lambda n=n: told_through(kiosk) >= 100 * n or hub.troubles(), PATIENCE_S)
        settled = told_through(kiosk)
        assert settled <= hub.stored()
        full_at = 0 if settled >= 100 * n else n
    hub.make_room()

    until(lambda: len(kiosk.said[HUB_STATE]) > births, PATIENCE_S)  # so that every kiosk sends again soon
    kiosk.send(messages(100 * full_at - 99, n=full_at + 1))
    until(lambda: told_through(kiosk) == 100 * full_at, PATIENCE_S)
    kiosk.close()
    log = hub.end()

    assert "the database cannot be written" in hub.told[0]
    assert "nothing is settled until it can" in log
    assert "the database can be written again" in log
    assert "Traceback" not in log
    assert hub.process.returncode == 0
