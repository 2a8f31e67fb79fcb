"""A year of coverage of 1,000 stations, rows alone: its pages, the API, and a month of one station reckoned anew.

The city of `city`; every day has a row and some gaps. Pages are timed as a browser gets them, by the middle one of three.
"""

import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import Engine, insert

from hub.accounts.reception import Reception
from hub.coverage.reckoning import DAY, GAP, reckon
from hub.coverage.sums import MONTH, DaySums, sums_of_day
from hub.database.engine import open_engine
from hub.database.schema import prepare_schema
from hub.database.transactions import reading, snapshot, writing
from hub.register.reading import read_directory
from hub.register.rulebook import Rulebook
from hub.web.desk.desk import Desk
from hub.web.live.broadcast import Broadcast
from hub.web.site import make_site
from station.hours import SHANGHAI
from station.names import StationCode
from station.records import Action
from tests.bench.figure import Figure
from tests.databases import PostgresServer, binaries
from tests.hub.cities import make_city
from tests.hub.coverage.bench import HandClock
from tests.hub.desks.coverage_days import a_day, a_gap
from tests.hub.ledger.bench import LedgerBench
from tests.hub.ledger.stories import KioskStory, a_working_day
from tests.hub.pages.board_source import FakeBoardSource

STATIONS = 1_000
AT_ONCE = 50
YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
LIMIT_S = 1.0
MONTH_S = 0.1
PAGES = (
    ("a year of the city", "/coverage?span=year&date=2026-12-31"),
    ("a month of the city", "/coverage?span=month&date=2026-12-31"),
    ("a day of the city", "/coverage?span=day&date=2026-12-31"),
    ("a year of a station", "/coverage/stations/S-0001?span=year&date=2026-12-31"),
    ("a month of a station", "/coverage/stations/S-0001?span=month&date=2026-12-31"),
    ("a year as XLSX", "/coverage/sheets/stations.xlsx?span=year&date=2026-12-31"),
    ("API, a year of the city", "/api/v1/coverage?from=2026-01-01&to=2026-12-31"),
    ("API, 364 days of the city", "/api/v1/coverage?from=2026-01-02&to=2026-12-31"),
    ("API, a month of a station", "/api/v1/stations/S-0001/coverage?from=2026-12-01&to=2026-12-31"),
)


def measure(folder: Path) -> list[Figure]:
    """Make the year, and time what people ask of it, on SQLite and on PostgreSQL where it is installed."""
    figures = [*_measured("", f"sqlite:///{folder / 'year.sqlite'}")]
    if binaries() is None:
        sys.stderr.write("PostgreSQL is not installed: coverage is measured on SQLite alone\n")
        return figures
    server = PostgresServer()
    try:
        return [*figures, *_measured("PostgreSQL: ", server.url(server.make()))]
    finally:
        server.close()


def _measured(name: str, url: str) -> Iterator[Figure]:
    engine = open_engine(url)
    prepare_schema(engine)
    make_city(engine, [f"S-{n:04}" for n in range(1, STATIONS + 1)], people_each=1)
    _fill(engine)
    scan_s = _slowest(lambda: _scan(engine), 3)
    client = _client(engine)
    for what, address in PAGES:
        took_s = asyncio.run(_ask(client, address))
        yield Figure(f"{name}{what} (full scan {scan_s:.2f} s)", took_s, LIMIT_S, "s", 1.0, at_most=True)
    yield Figure(f"{name}a station's month reckoned anew", _month_s(), MONTH_S, "s", 1.0, at_most=True)
    engine.dispose()


def _fill(engine: Engine) -> None:
    """The year, its months added up here: 36,000 statements would take longer than all that is measured."""
    for first in range(1, STATIONS + 1, AT_ONCE):
        numbers = range(first, first + AT_ONCE)
        days = [
            a_day(f"S-{n:04}", day, *((2.5, "short") if (day.toordinal() + n) % 7 == 0 else (0, "kept")))
            for n in numbers
            for day in YEAR
        ]
        months: dict[tuple[str, date], list[DaySums]] = defaultdict(list)
        for row in days:
            months[row["station"], row["day"].replace(day=1)].append(sums_of_day(row))
        with writing(engine) as connection:
            connection.execute(insert(DAY), days)
            connection.execute(
                insert(GAP), [a_gap(f"S-{n:04}", day, "09:00", "10:00") for n in numbers for day in YEAR[::7]]
            )
            connection.execute(
                insert(MONTH),
                [
                    {"month": month, "station": code, **DaySums.of(found)._asdict()}
                    for (code, month), found in months.items()
                ],
            )


def _scan(engine: Engine) -> None:
    with reading(engine) as connection:
        for _ in connection.execute(DAY.select()):
            pass


def _client(engine: Engine) -> Any:
    source = FakeBoardSource()
    clock: Any = HandClock(datetime(2026, 12, 31, 18, tzinfo=SHANGHAI))
    desk = Desk(engine, clock, SHANGHAI)
    return make_site(
        source, Broadcast(source), SHANGHAI, source.findings, reception=Reception(engine, is_local=True), desk=desk
    )


async def _ask(site: Any, address: str) -> float:
    """The middle of three, after a first for what is made once."""
    took = []
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=site), base_url="http://127.0.0.1") as client:
        for _ in range(4):
            began_s = time.perf_counter()
            answer = await client.get(address)
            took.append(time.perf_counter() - began_s)
            assert answer.status_code == 200, (address, answer.status_code, answer.text[:200])
    return sorted(took[1:])[1]


def _month_s() -> float:
    """From the ledger: a month in which two people come each day, and a kiosk watches all along."""
    bench = LedgerBench()
    story = a_working_day()
    for _ in range(31):
        _day(story)
    bench.take(story.written)
    with reading(bench.engine) as connection:
        book = Rulebook(read_directory(connection, SHANGHAI))
    days = [date(2026, 3, 5) + timedelta(days=n) for n in range(31)]
    now = datetime(2026, 4, 20, tzinfo=SHANGHAI)

    def month() -> None:
        with snapshot(bench.engine) as connection:
            found = reckon(connection, book, StationCode("S-01"), days, now)
        assert len(found) == len(days)

    return _slowest(month, 5)


def _day(story: KioskStory) -> None:
    """Twenty-four hours, in which two people are there for some."""
    for _ in range(288 // 4):
        story.pulse(1)
    for person, action in ((1, Action.ARRIVE), (2, Action.ARRIVE), (1, Action.LEAVE), (2, Action.LEAVE)):
        story.pulse(54)
        story.tap(person, action)


def _slowest(work: Callable[[], None], times: int) -> float:
    took = []
    for _ in range(times):
        began_s = time.perf_counter()
        work()
        took.append(time.perf_counter() - began_s)
    return max(took)
