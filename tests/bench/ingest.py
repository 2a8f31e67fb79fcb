"""Records stored and settled at the hub, one a message and a hundred a message, against the raw limits."""

import shutil
import sqlite3
import time
from pathlib import Path

from paho.mqtt import client as mqtt

from station.wire.codec import decode
from station.wire.messages import Settled
from station.wire.topics import read_address
from tests.bench import reference
from tests.bench.brokers import mosquitto
from tests.bench.city import SPAN, START, Load, enter, kiosks, load
from tests.bench.figure import Figure
from tests.bench.publisher import Publisher, packets
from tests.bench.served import Hub, serving

PATIENCE_S = 120.0
WINDOW = 8_000  # unsettled records on their way, eight a kiosk
FLOOD_OVER_S = 3.0  # then the hub has given back what the flood left
SINGLE, HUNDREDS, PRELOADED = 60_000, 2_000, 2_000_000


def stored_a_second(hub: Hub, port: int, made: Load) -> float:
    """Pour the load, wait until all of it is settled, and check what the hub holds and shows."""
    before_rows, before = hub.rows(), hub.through()
    poured = packets(made.messages)
    publisher = Publisher(port)
    began = time.monotonic()
    per_message = made.records // len(poured)
    window = max(WINDOW // per_message, 400)  # a real kiosk never has more than one message unsettled
    sent = 0
    while (settled := hub.through() - before) < made.records:
        room = window - sent + settled // per_message
        if room >= window // 4 and sent < len(poured):
            publisher.pour(poured[sent : sent + room])
            sent = min(len(poured), sent + room)
        else:
            time.sleep(0.005)
        if time.monotonic() - began > PATIENCE_S:
            raise RuntimeError(f"{settled} of {made.records} settled in {PATIENCE_S:.0f} s")
    took = time.monotonic() - began
    publisher.close()
    check(hub, port, made, hub.rows() - before_rows)
    return made.records / took


def check(hub: Hub, port: int, made: Load, rows: int) -> None:
    """Rows, settled-through and presence are what the load makes them."""
    assert rows == made.records, f"{rows} rows, {made.records} records"
    _await_settled(port, made.through)
    deadline = time.monotonic() + PATIENCE_S
    while True:
        shown = {row["code"]: row["on_duty"] for row in hub.board()["stations"]}
        differing = {code for code, count in made.on_duty.items() if shown[code] != count}
        if not differing:
            return
        assert time.monotonic() < deadline, f"presence differs at {len(differing)} of {len(made.on_duty)} stations"
        time.sleep(0.1)


def _await_settled(port: int, wanted: dict[tuple[str, str], int]) -> None:
    """Each kiosk's `settled` says so, at the latest a little after the hub has stored everything."""
    heard: dict[tuple[str, str], int] = {}
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)

    def take(_client: mqtt.Client, _told: object, message: mqtt.MQTTMessage) -> None:
        kiosk = read_address(message.topic).kiosk
        assert kiosk is not None
        heard.update({(kiosk, epoch): told.through for epoch, told in decode(message.payload, Settled).epochs.items()})

    client.on_message = take
    client.connect("127.0.0.1", port)
    client.subscribe("zaigang/v1/+/+/settled", qos=1)
    deadline = time.monotonic() + PATIENCE_S
    while wrong := [name for name, last in wanted.items() if heard.get(name) != last]:
        assert time.monotonic() < deadline, f"settled otherwise: {len(wanted)} runs, {len(wrong)} wrong"
        client.loop(0.1)
    client.disconnect()


def measure(folder: Path) -> list[Figure]:
    """All figures of the hub's intake."""
    city, data = enter(folder)
    figures = []
    with mosquitto(folder) as port, serving(folder, data, port) as hub:
        single = load(kiosks(city, data, 1), SINGLE, 1, START + SPAN * 1)
        limit = _raw_rate(folder, single)
        figures.append(
            Figure("one record a message, stored and settled", stored_a_second(hub, port, single), limit, "msg/s", 0.4)
        )
        time.sleep(FLOOD_OVER_S)
        resident = hub.resident_mb()  # after a day's worth and more: sixty taps a kiosk
        hundreds = load(kiosks(city, data, 2), HUNDREDS, 100, START + SPAN * 2)
        rate = stored_a_second(hub, port, hundreds)
    rows, statement = _rows_like(data / "zaigang.sqlite", hundreds.records)
    raw = reference.executemany(_emptied(folder, data, "raw-empty"), statement, rows)
    figures.append(Figure("100 records a message, empty database", rate, raw, "rows/s", 0.5))
    figures.append(_when_full(folder, city, data))
    figures.append(Figure("hub resident, 1,000 kiosks", resident, 150.0, "MB", 1.0, at_most=True))
    return figures


def _raw_rate(folder: Path, made: Load) -> float:
    with mosquitto(folder) as port:
        return reference.broker_to_subscriber(port, packets(made.messages))


def _when_full(folder: Path, city, data: Path) -> Figure:
    """The same with two million rows there already, for the hub and for the raw insert."""
    _fill(data / "zaigang.sqlite", PRELOADED)
    hundreds = load(kiosks(city, data, 3), HUNDREDS, 100, START + SPAN * 3)
    raw_copy = folder / "raw-full.sqlite"
    shutil.copy(data / "zaigang.sqlite", raw_copy)
    with mosquitto(folder) as port, serving(folder, data, port) as hub:
        rate = stored_a_second(hub, port, hundreds)
    rows, statement = _rows_like(data / "zaigang.sqlite", hundreds.records)
    raw = reference.executemany(raw_copy, statement, rows)
    return Figure(f"100 records a message, {PRELOADED // 1_000_000} million rows there", rate, raw, "rows/s", 0.5)


def _rows_like(database: Path, count: int) -> tuple[list[tuple[object, ...]], str]:
    """The newest rows that the hub stored, to be stored again by the raw insert in the order of their coming."""
    connection = sqlite3.connect(database)
    newest = connection.execute("SELECT max(stored_ms) FROM record").fetchone()[0]
    rows = connection.execute(
        "SELECT * FROM record WHERE stored_ms > ? - 600000 ORDER BY at_ms DESC LIMIT ?", (newest, count)
    ).fetchall()
    marks = ", ".join("?" * len(rows[0]))
    connection.close()
    rows.reverse()
    return rows, f"INSERT OR IGNORE INTO record VALUES ({marks})"


def _emptied(folder: Path, data: Path, name: str) -> Path:
    """A copy of the hub's database without its records: the same table and indexes, empty."""
    target = folder / f"{name}.sqlite"
    shutil.copy(data / "zaigang.sqlite", target)
    connection = sqlite3.connect(target)
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("DELETE FROM record")
    connection.commit()
    connection.execute("VACUUM")
    connection.close()
    return target


def _fill(database: Path, count: int) -> None:
    """Old records of a thousand runs, as a city leaves behind."""
    connection = sqlite3.connect(database)
    width = len(connection.execute("SELECT * FROM record LIMIT 0").description)
    (first,) = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM run").fetchone()
    kiosks_there = [row[0] for row in connection.execute("SELECT DISTINCT kiosk FROM run LIMIT 1000")]
    each = count // len(kiosks_there)
    connection.executemany(
        "INSERT INTO run (id, kiosk, epoch, station, kept_from, through, last_at_ms)"
        " SELECT ?, kiosk, ?, station, 1, ?, 0 FROM run WHERE kiosk = ? LIMIT 1",
        [(first + i, f"{0xFFFF:04x}{i:012x}", each, kiosk) for i, kiosk in enumerate(kiosks_there)],
    )
    columns = [part[0] for part in connection.execute("SELECT * FROM record LIMIT 0").description]
    sample = connection.execute("SELECT * FROM record LIMIT 1").fetchone()
    old = dict(zip(columns, sample, strict=True))
    old.update(kind="pulse", token=None, action=None, card_kind=None, reader=None, at_ms=old["at_ms"] - 90 * 86_400_000)
    old["stored_ms"] = old["at_ms"]
    marks = ", ".join("?" * width)

    def rows():
        for i in range(len(kiosks_there)):
            for seq in range(1, each + 1):
                yield tuple({**old, "run": first + i, "seq": seq}[column] for column in columns)

    connection.executemany(f"INSERT INTO record VALUES ({marks})", rows())
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
