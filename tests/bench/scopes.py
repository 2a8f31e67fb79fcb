"""A tap to bytes at all that may see it, of viewers of 40 scopes: each scope has a screen of its own to be made."""

from datetime import timedelta
from itertools import product
from pathlib import Path
from urllib.parse import quote

from tests.bench.brokers import mosquitto
from tests.bench.city import HUB_STARTS, enter, kiosks, load
from tests.bench.figure import Figure
from tests.bench.served import serving
from tests.bench.viewers import (
    BEGIN_S,
    LEAD,
    RATE,
    SECONDS,
    Watcher,
    events_of,
    figures,
    open_stream,
    want_one,
    watch,
)

SCOPES, VIEWERS = 40, 100


def measure(folder: Path) -> list[Figure]:
    """The figures: a hundred open pages, of forty scopes."""
    city, data = enter(folder)
    want_one(folder)
    seconds = SECONDS + BEGIN_S
    made = load(kiosks(city, data, 4), RATE * seconds, 1, HUB_STARTS + LEAD, timedelta(seconds=seconds))
    districts = sorted({one.district for one in city.stations})
    kinds = sorted({one.kind for one in city.stations})
    paths = [f"&district={quote(d)}" for d in districts] + [f"&kind={quote(k)}" for k in kinds]
    paths += [f"&district={quote(d)}&kind={quote(k)}" for d, k in product(districts, kinds)]
    assert len(paths) >= SCOPES, f"{len(paths)} scopes"
    with mosquitto(folder) as port, serving(folder, data, port) as hub:
        watchers = [open_stream(hub, is_read=True, scope=paths[n % SCOPES]) for n in range(VIEWERS)]
        moments = watch(watchers, port, made.messages)
    waits = _waits(watchers, [topic.split("/")[2] for topic, _ in made.messages], moments)
    name = f"tap to bytes at {VIEWERS} viewers of {SCOPES} scopes, {RATE} taps/s"
    return figures(name, waits, len(waits) * BEGIN_S // seconds, 25.0)


def _waits(watchers: list[Watcher], stations: list[str], moments: list[float]) -> list[float]:
    """Per tap that anybody may see, until the last of them had the row that it changed, in ms."""
    told = [events_of(watcher) for watcher in watchers]
    waits = []
    for station, moment in zip(stations, moments, strict=True):
        arrivals = []
        for watcher, events in zip(watchers, told, strict=True):
            later = (watcher.arrival_of(index) for index in events.get(station, ()))
            found = next((at_s for at_s in later if at_s > moment), None)
            if found is not None:
                arrivals.append(found)
        if arrivals:
            waits.append((max(arrivals) - moment) * 1000)
    return waits
