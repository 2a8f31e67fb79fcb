"""A tap to bytes at all of 100 open pages, the commit on the way, at 500 taps a second.

All viewers of one face get the same bytes after their snapshot, so one of them is read and the others are counted.
"""

import multiprocessing
import re
import selectors
import socket
import subprocess
import sys
import time
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tests.bench.brokers import mosquitto
from tests.bench.city import HUB_STARTS, enter, kiosks, load
from tests.bench.figure import Figure, percentile
from tests.bench.publisher import Publisher, publish_packet
from tests.bench.served import Hub, serving

VIEWERS, RATE, SECONDS = 100, 500, 12
BEGIN_S = 5  # in the first two all 1,000 kiosks begin a run, as after a power cut; what the ledger owes takes some more
LEAD = timedelta(seconds=2)  # from the hub's start; its first tap comes later, for a tap ahead of the clock must wait
PATH = "/live?lang=zh"
EVENT = b"event: row"
_STATION = re.compile(rb'event: row\r?\ndata: [^\n]*?<li id="s-([^"]+)"')


@dataclass
class Watcher:
    """One open stream: how many row events had come at which moment; of the first also the bytes."""

    connection: socket.socket
    is_read: bool
    seen: int = 0
    tail: bytes = b""
    whole: bytearray = field(default_factory=bytearray)
    arrivals: list[tuple[float, int]] = field(default_factory=list)

    def begin_anew(self) -> None:
        """Forget what came until now."""
        self.seen, self.tail = 0, b""
        self.whole.clear()
        self.arrivals.clear()

    def take(self, chunk: bytes, at_s: float) -> None:
        """Count what came; an event may be cut in two."""
        joined = self.tail + chunk
        self.tail = joined[-len(EVENT) + 1 :]
        found = joined.count(EVENT)
        if found:
            self.seen += found
            self.arrivals.append((at_s, self.seen))
        if self.is_read:
            self.whole += chunk

    def arrival_of(self, index: int) -> float:
        """When the event of that index (from 0) had come."""
        return self.arrivals[bisect_right(self.arrivals, index, key=lambda arrival: arrival[1])][0]


def measure(folder: Path) -> list[Figure]:
    """The figure of the way to the screen."""
    city, data = enter(folder)
    want_one(folder)
    seconds = SECONDS + BEGIN_S
    made = load(kiosks(city, data, 4), RATE * seconds, 1, HUB_STARTS + LEAD, timedelta(seconds=seconds))
    with mosquitto(folder) as port, serving(folder, data, port) as hub:
        watchers = [open_stream(hub, is_read=not i) for i in range(VIEWERS)]
        moments = watch(watchers, port, made.messages)
    waits = waits_of(watchers, [topic.split("/")[2] for topic, _ in made.messages], moments)
    return figures(f"tap to bytes at all of {VIEWERS} viewers, {RATE} taps/s", waits, RATE * BEGIN_S, 20.0)


def figures(name: str, waits: list[float], beginning: int, most_ms: float) -> list[Figure]:
    """Of steady taps, and apart from them of as many as came while all kiosks began a run."""
    begin, steady = waits[:beginning], waits[beginning:]
    return [
        Figure(f"{name}, p50", percentile(steady, 0.5), most_ms, "ms", 1, at_most=True),
        Figure(f"{name}, p99", percentile(steady, 0.99), most_ms, "ms", 1, at_most=True),
        Figure(
            f"the same, 1,000 runs begin in 2 s, p99 of {BEGIN_S} s",
            percentile(begin, 0.99),
            most_ms,
            "ms",
            1,
            at_most=True,
        ),
    ]


def want_one(folder: Path) -> None:
    """Let one be enough everywhere: a fall from the target to the minimum is told to pages only when it has lasted."""
    sheet = folder / "sheets" / "站点.csv"
    head, *lines = sheet.read_text(encoding="utf-8-sig").splitlines()
    sheet.write_text(
        "\n".join([f"{head},应在岗,生效日期", *(f"{line},1,2026-01-01" for line in lines)]), encoding="utf-8"
    )
    command = [sys.executable, "-m", "hub", "import", "--config", str(folder / "import.toml"), str(sheet)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def open_stream(hub: Hub, *, is_read: bool, scope: str = "") -> Watcher:
    """A page that is open, of the whole city or of a part that the address names."""
    connection = socket.create_connection(("127.0.0.1", hub.http_port))
    connection.sendall(f"GET {PATH}{scope} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n".encode())
    return Watcher(connection, is_read)


def watch(watchers: list[Watcher], port: int, messages: list[tuple[str, bytes]]) -> list[float]:
    """Read all streams while the taps are published; gives the moment at which each tap was sent."""
    with selectors.DefaultSelector() as selector:
        for watcher in watchers:
            selector.register(watcher.connection, selectors.EVENT_READ, watcher)
        read(selector, until_s=time.monotonic() + 3)  # the snapshots
        for watcher in watchers:
            watcher.begin_anew()
        context = multiprocessing.get_context("spawn")
        sent = context.SimpleQueue()
        process = context.Process(target=publish, args=(port, messages, sent), name="bench-taps")
        process.start()
        read(selector, until_s=time.monotonic() + SECONDS + BEGIN_S + 5)
        moments: list[float] = sent.get()
        process.join()
    for watcher in watchers:
        watcher.connection.close()
    return moments


def publish(port: int, messages: list[tuple[str, bytes]], sent: "multiprocessing.SimpleQueue[list[float]]") -> None:
    """Publish at the rate, in a process of its own."""
    packets = [publish_packet(topic, payload, i % 60_000 + 1) for i, (topic, payload) in enumerate(messages)]
    publisher, moments = Publisher(port), []
    began = time.monotonic()
    for i, packet in enumerate(packets):
        ahead = began + i / RATE - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
        moments.append(time.monotonic())
        publisher.pour([packet])
    sent.put(moments)
    publisher.close()


def read(selector: selectors.BaseSelector, until_s: float) -> None:
    """Read all that is registered, until then."""
    while (left := until_s - time.monotonic()) > 0:
        for key, _ in selector.select(left):
            chunk = key.fileobj.recv(1 << 18)  # type: ignore[union-attr]  # sockets alone are registered
            if not chunk:
                raise RuntimeError("the hub let a viewer go")
            key.data.take(chunk, time.monotonic())


def waits_of(watchers: list[Watcher], stations: list[str], moments: list[float]) -> list[float]:
    """Per tap, until the last viewer had the row that it changed, in ms."""
    told = events_of(watchers[0])
    events = sum(map(len, told.values()))
    last_at = [max(watcher.arrival_of(index) for watcher in watchers) for index in range(events)]
    waits = []
    for station, moment in zip(stations, moments, strict=True):
        index = next((index for index in told[station] if last_at[index] > moment), None)
        assert index is not None, f"a tap at {station} was never shown"
        waits.append((last_at[index] - moment) * 1000)
    return waits


def events_of(watcher: Watcher) -> dict[str, list[int]]:
    """By station, the indices of its row events in a stream that was read."""
    told: dict[str, list[int]] = {}
    for index, found in enumerate(_STATION.finditer(bytes(watcher.whole))):
        told.setdefault(found[1].decode(), []).append(index)
    events = sum(map(len, told.values()))
    assert events == watcher.seen, f"{events} of {watcher.seen} row events could be read"
    return told
