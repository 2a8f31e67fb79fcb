"""After an outage: 1,000 kiosks come back with 100 records each while others tap, and one was away for a month."""

import multiprocessing
import selectors
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from random import Random
from typing import NamedTuple

from edge.config import BrokerConfig, EdgeConfig
from edge.journal import KioskJournal
from simulator.city import SimCity
from station.names import KioskId, StationCode
from tests.bench import reference
from tests.bench.brokers import mosquitto
from tests.bench.city import HUB_STARTS, KIOSKS, Kiosk, enter, kiosks, load
from tests.bench.drain_city import birth, bring_a_month, come_back, tap_on
from tests.bench.figure import Figure, percentile
from tests.bench.ingest import _emptied, _rows_like
from tests.bench.served import Hub, serving
from tests.bench.viewers import VIEWERS, open_stream, read, waits_of, want_one
from tests.whole.outage import DAYS, RECORDS, Offline

STATIONS, OTHERS = 1000, 180  # of so many stations, these did not lose their link; the last was away for a month
EACH = 100
RATE, IDLE_S, SECONDS = 100, 8, 42  # live taps a second, for so long before the drain, and in all
TAIL_S = 10  # after the last tap
AFTER_S = 5  # from the month to the city
LEAD = timedelta(seconds=2)  # from the hub's start: a tap ahead of its clock must wait
MONTH_S = 30.0
MOST_MS = 20.0  # of others' taps while the month comes in, p99
FEWEST_PEOPLE = 6  # of a kiosk that taps on: nobody taps twice within the guard
Stretch = tuple[float, float]
Told = SimpleQueue


class Screens:
    """Open pages of the whole city: what came at the first, and when all had it."""

    def __init__(self, hub: Hub, count: int) -> None:
        self._watchers = [open_stream(hub, is_read=not i) for i in range(count)]
        self._selector = selectors.DefaultSelector()
        for watcher in self._watchers:
            self._selector.register(watcher.connection, selectors.EVENT_READ, watcher)
        self.watch(3)  # the snapshots
        for watcher in self._watchers:
            watcher.begin_anew()

    def watch(self, seconds: float) -> None:
        """Read for so long."""
        read(self._selector, time.monotonic() + seconds)

    def waits(self, stations: list[str], moments: list[float]) -> list[float]:
        """Per tap, until its station's row had come at all, in ms."""
        return waits_of(self._watchers, stations, moments)

    def close(self) -> None:
        """Leave."""
        self._selector.close()
        for watcher in self._watchers:
            watcher.connection.close()


class Taps(NamedTuple):
    """When each live tap was sent, and in how many ms the board had it."""

    sent: list[float]
    waits: list[float]

    def p99(self, began: float, ended: float) -> float:
        """Of those sent in that time, in ms."""
        return percentile([w for at, w in zip(self.sent, self.waits, strict=True) if began <= at <= ended], 0.99)


def measure(folder: Path) -> list[Figure]:
    """All figures of the drain."""
    city, data = enter(folder, STATIONS)
    want_one(folder)
    away, others = _split(city, kiosks(city, data, 7, 10**6))
    month = _month_offline(folder, city, data)
    with mosquitto(folder) as port, serving(folder, data, port) as hub:
        month = replace(month, broker=BrokerConfig(port=port))
        taps, month_took, city_took = _come_back(hub, port, away, others, month)
    rows, statement = _rows_like(data / "zaigang.sqlite", KIOSKS * EACH)
    raw = reference.executemany(_emptied(folder, data, "raw-drain"), statement, rows)
    idle = taps.p99(month_took[0] - IDLE_S, month_took[0])
    month_s, city_s = (ended - began for began, ended in (month_took, city_took))
    return [
        Figure(f"{RECORDS:,} records of one kiosk, link to settled", month_s, MONTH_S, "s", 1, at_most=True),
        Figure(f"others' taps to {VIEWERS} viewers meanwhile, p99", taps.p99(*month_took), MOST_MS, "ms", 1, at_most=True),
        Figure("the same, to that of an idle hub", taps.p99(*month_took), idle, "ms", 2, at_most=True),
        Figure(f"the same in the {AFTER_S} s after it", taps.p99(month_took[1], month_took[1] + AFTER_S), MOST_MS, "ms", 1, at_most=True),
        Figure(f"{KIOSKS:,} kiosks with {EACH} records each", KIOSKS * EACH / city_s, raw, "rows/s", 0.5),
        Figure(
            "others' taps to the board meanwhile, p99, to its length",
            taps.p99(*city_took), city_s * 1000, "ms", 1, at_most=True,
        ),
    ]  # fmt: skip


def _split(city: SimCity, everyone: list[Kiosk]) -> tuple[list[Kiosk], list[Kiosk]]:
    """Those that were away, and one kiosk each of stations that were not: two could undo each other's taps.

    Where a month comes from, nobody taps: no kiosk says now what it has not said of before.
    """
    *others, one_month = [station.code for station in city.stations[-OTHERS:]]
    away = [kiosk for kiosk in everyone if kiosk.station not in {*others, one_month}][:KIOSKS]
    mains = {kiosk.station: kiosk for kiosk in reversed(everyone) if kiosk.station in set(others)}
    return away, [kiosk for kiosk in mains.values() if len(kiosk.tokens) >= FEWEST_PEOPLE]


def _come_back(
    hub: Hub, port: int, away: list[Kiosk], others: list[Kiosk], month: EdgeConfig
) -> tuple[Taps, Stretch, Stretch]:
    """One kiosk's month, then the city, while others tap; tells how these fared, and when each came back."""
    for kiosk in away:
        kiosk.n = 1  # its birth
    back = load(away, KIOSKS, EACH, HUB_STARTS - timedelta(days=1), timedelta(hours=8))
    live = load(others, RATE * SECONDS, 1, HUB_STARTS + LEAD, timedelta(seconds=SECONDS))
    births = [birth(kiosk) for kiosk in away]
    screens = Screens(hub, VIEWERS)
    with _running(screens, tap_on, port, live.messages, RATE) as sent:
        screens.watch(IDLE_S)
        with _running(screens, bring_a_month, month, hub.database, RECORDS + 1) as told:  # and that it began
            month_took = _awaited(screens, told, RECORDS + 1)
        screens.watch(AFTER_S)
        with _running(screens, come_back, port, births, back.messages) as told:
            city_took = _awaited(screens, told, KIOSKS)
        while sent.empty():
            screens.watch(0.5)
        screens.watch(TAIL_S)
        moments = sent.get()
    screens.close()
    waits = screens.waits([topic.split("/")[2] for topic, _ in live.messages], moments)
    return Taps(moments, waits), month_took, city_took


def _awaited(screens: Screens, told: Told, wanted: int) -> Stretch:
    """Watch on until all of it is settled."""
    while told.empty():
        screens.watch(0.2)
    began, ended, settled = told.get()
    assert settled >= wanted, f"{settled:.0f} of {wanted} settled"
    return began, ended


def _month_offline(folder: Path, city: SimCity, data: Path) -> EdgeConfig:
    """One kiosk and its journal."""
    station = city.stations[-1]
    config = EdgeConfig(
        station=StationCode(station.code), kiosk=KioskId(station.kiosks[0]), data_dir=folder / "month",
        site_key_file=data / "site.key", readers=(),
    )  # fmt: skip
    config.data_dir.mkdir(mode=0o700)
    with closing(KioskJournal(config.data_dir / "journal.db")) as journal:
        offline = Offline(journal, timedelta(days=DAYS) / RECORDS, HUB_STARTS - timedelta(days=DAYS), Random(30))
        for _ in range(DAYS):
            offline.run(RECORDS // DAYS)
    return config


@contextmanager
def _running(screens: Screens, task: Callable[..., None], *args: object) -> Iterator[Told]:
    """A process of its own; yields where it tells. Screens are watched while it ends, or rows would seem late."""
    context = multiprocessing.get_context("spawn")
    told: Told = context.SimpleQueue()
    process = context.Process(target=task, args=(*args, told), name=f"bench-{task.__name__}")
    process.start()
    try:
        yield told
        until = time.monotonic() + 30
        while process.is_alive() and time.monotonic() < until:
            screens.watch(0.05)
    finally:
        process.kill()
        process.join()
