"""The physical limits that the product is measured against, on this very machine, in this very run."""

import sqlite3
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.publisher import Publisher


def broker_to_subscriber(port: int, made: list[bytes]) -> float:
    """Messages a second from Mosquitto to mosquitto_sub, which counts them and exits."""
    command = [
        "mosquitto_sub",
        "-p",
        str(port),
        "-q",
        "1",
        "-t",
        "zaigang/v1/+/+/journal",
        "-C",
        str(len(made)),
        "-F",
        "%l",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as subscriber:
        time.sleep(0.3)  # it says nothing when it has subscribed
        publisher = Publisher(port)
        began = time.monotonic()
        publisher.pour(made)
        assert subscriber.stdout is not None
        lines = subscriber.stdout.read().count(b"\n")
        took = time.monotonic() - began
        publisher.close()
    assert lines == len(made), f"{lines} of {len(made)} came"
    return len(made) / took


def publisher_alone(port: int, made: list[bytes]) -> float:
    """Messages a second that the publisher gets acknowledged where nobody subscribed."""
    publisher = Publisher(port)
    began = time.monotonic()
    publisher.pour(made)
    while publisher.acknowledged < len(made):
        time.sleep(0.005)
    took = time.monotonic() - began
    publisher.close()
    return len(made) / took


def executemany(database: Path, statement: str, rows: Sequence[tuple[object, ...]], per_commit: int = 100) -> float:
    """Rows a second that raw sqlite3 stores durably, `per_commit` rows a commit."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    began = time.monotonic()
    for start in range(0, len(rows), per_commit):
        connection.execute("BEGIN")
        connection.executemany(statement, rows[start : start + per_commit])
        connection.execute("COMMIT")
    took = time.monotonic() - began
    connection.close()
    return len(rows) / took


def bare_commits(folder: Path, count: int) -> list[float]:
    """How long one-row FULL commits take, in ms each."""
    connection = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE bare (seq INTEGER PRIMARY KEY, body TEXT)")
    took = []
    for seq in range(count):
        began = time.perf_counter()
        connection.execute("INSERT INTO bare VALUES (?, ?)", (seq, "x" * 200))
        took.append((time.perf_counter() - began) * 1000)
    connection.close()
    return took
