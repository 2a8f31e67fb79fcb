"""1,000 alarms that are due in the same second: when each is attempted at a target on this machine.

The target is a process of its own, as robots are: in the hub's it would take turns with who calls it.
"""

import multiprocessing
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from zoneinfo import ZoneInfo

from hub.alarms.acting import Actor
from hub.alarms.addresses import Sort, SoundAddress
from hub.alarms.keeper import LOOK_EVERY_S, Keeper
from hub.alarms.postman import Postman
from hub.alarms.web_hook import new_secret
from hub.database.engine import open_engine
from hub.database.schema import prepare_schema
from hub.database.transactions import writing
from hub.findings import Findings
from hub.repeating import Repeating
from hub.rights import Reach
from simulator.robot_server import robot_server
from station.alarms import AlarmTerms
from station.clock import read_clock
from station.duty import DutyClass
from tests.bench.figure import Figure, percentile
from tests.hub.cities import make_city
from tests.hub.pages.board_source import make_row

STATIONS, PATIENCE_S = 1_000, 60.0
DELAY = timedelta(seconds=3)


def measure(folder: Path) -> list[Figure]:
    """A channel a station, and one second in which all of them lack somebody for long enough."""
    engine = open_engine(f"sqlite:///{folder / 'alarms.db'}")
    prepare_schema(engine)
    codes = tuple(f"S-{i:04}" for i in range(STATIONS))
    make_city(engine, codes, people_each=3)
    clock = read_clock({})
    looked_s: list[float] = []
    with _robots() as (address, line):
        with writing(engine) as connection:
            actor = Actor(connection, "clerk", 0)
            for code in codes:
                told = SoundAddress(Sort.WEB_HOOK, f"{address}/{code}", new_secret(), ())
                actor.enter_channel(code, told, Reach(station=code), tells_short=False)
        postman = Postman(engine, clock, ZoneInfo("Asia/Shanghai"), Findings(clock))
        terms = AlarmTerms(vacant=DELAY)
        keeper = Keeper(engine, clock, wake=postman.wake, terms=terms)
        rows = tuple(
            make_row(code, code, "东样区", "hospital", DutyClass.VACANT, district_code="D-1") for code in codes
        )
        keeper.look(rows)

        def keep() -> float:
            looked_s.append(time.monotonic())
            keeper.work()
            return LOOK_EVERY_S

        keeping = Repeating("hub alarms", keep, "alarms cannot be kept")
        keeping.start()
        postman.start()
        try:
            assert line.poll(PATIENCE_S), f"not {STATIONS} within {PATIENCE_S:g} s"
            came_s: list[float] = line.recv()
        finally:
            keeping.stop()
            postman.stop()
    engine.dispose()
    due_s = looked_s[0] + DELAY.total_seconds()
    late_s = [at_s - due_s for at_s in came_s]
    name = f"{STATIONS:,} alarms due in one second, due to attempted, p99"
    return [Figure(name, percentile(late_s, 0.99), 2, "s", 1, at_most=True)]


@contextmanager
def _robots() -> Iterator[tuple[str, Connection]]:
    """Where they are called, and what tells when each was, once all were; by the clock that all processes share."""
    spawning = multiprocessing.get_context("spawn")
    line, theirs = spawning.Pipe()
    process = spawning.Process(target=_answer, args=(theirs,), name="robots")
    process.start()
    try:
        yield line.recv(), line
    finally:
        line.send(None)
        process.join()


def _answer(line: Connection) -> None:
    came_s: list[float] = []
    all_came = threading.Event()

    def note() -> None:
        came_s.append(time.monotonic())
        if len(came_s) == STATIONS:
            all_came.set()

    with robot_server(on_post=note) as server:
        line.send(server.url)
        while not all_came.wait(0.1):
            if line.poll():  # nobody waits any more
                return
        line.send(came_s)
        line.recv()
