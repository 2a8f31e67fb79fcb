"""What a hub does while something that it needs is gone, and when it comes back."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlmodel import Session

from hub import running
from hub.database.engine import open_engine
from hub.intake.pump import Pump
from hub.intake.storing import Storing
from hub.link.broker import embedded_broker
from station.clock import Clock
from station.names import KioskId, StationCode
from station.wire import topics
from station.wire.topics import HUB_STATE
from tests.hub.cities import raise_edition, station_rows
from tests.hub.intake.messages import EPOCH, STATION, journal, state, tap
from tests.hub.running import Listener, RunningHub, hub_config, running_hub, until
from tests.patience import PATIENCE_S
from tests.ports import free_port

pytestmark = pytest.mark.broker
KIOSK = KioskId("K-01-1")
SETTLED = topics.settled(STATION, KIOSK)


def test_a_locked_database_settles_nothing_and_recovers_by_itself(hub: RunningHub, broker_port: int):
    kiosk = Listener(broker_port, SETTLED, HUB_STATE)
    with held_by_another(hub.config.database_url):
        kiosk.send(journal(tap(1, 25), kiosk=KIOSK, n=1))
        until(lambda: hub.figures()["zaigang_journal_messages_total"] == 1)
        until(lambda: hub.get("/healthz")["troubles"])
        settled = kiosk.said.get(SETTLED)  # afterwards it may rightly be, if what was told of failed before it came
        births = len(kiosk.said.get(HUB_STATE, []))

    until(lambda: hub.get("/healthz")["ok"])
    until(lambda: len(kiosk.said[HUB_STATE]) > births)  # so that every kiosk sends again soon
    kiosk.send(journal(tap(1, 25), kiosk=KIOSK, n=2))
    assert kiosk.wait(SETTLED, lambda said: said["n"] == 2)["epochs"][EPOCH]["through"] == 1
    assert settled is None
    kiosk.close()


@contextmanager
def held_by_another(database_url: str) -> Iterator[None]:
    """Somebody else writes to the database for as long as the block lasts."""
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        yield
        blocker.execute("ROLLBACK")


def test_a_broker_that_forgot_everything_is_told_everything_again(folder: Path, clock: Clock):
    port = free_port()
    retained = [HUB_STATE, *topics.told(STATION, KIOSK).values()]
    with running_hub_beside_broker(folder, port, clock) as hub, embedded_broker(port):
        until(lambda: hub.figures()["zaigang_broker_connected"])

        listener = Listener(port, *retained)

        for topic in retained:
            listener.wait(topic)
        listener.close()


def running_hub_beside_broker(folder: Path, port: int, clock: Clock):
    """A running hub that has lost its broker."""

    @contextmanager
    def running():
        with embedded_broker(port):
            context = running_hub(hub_config(folder, port), clock)
            hub = context.__enter__()
        until(lambda: hub.get("/healthz")["troubles"])
        try:
            yield hub
        finally:
            context.__exit__(None, None, None)

    return running()


def test_an_import_is_noticed_while_the_hub_serves(hub: RunningHub, broker_port: int):
    kiosk = Listener(broker_port, "zaigang/v1/S-02/K-02-1/settled")
    there = {"kiosk": KioskId("K-02-1"), "station": StationCode("S-02")}
    kiosk.send(journal(tap(1, 25), **there))
    engine = open_engine(hub.config.database_url)

    with Session(engine) as session:
        session.add_all(station_rows("S-02", 1, range(50, 52)))
        session.commit()
    raise_edition(engine)
    engine.dispose()

    until(lambda: len(hub.get("/api/v1/board")["stations"]) == 2)
    kiosk.send(state(n=2, **there))
    assert kiosk.wait("zaigang/v1/S-02/K-02-1/settled")["n"] == 2
    kiosk.close()


def test_junk_on_the_topics_is_counted_and_stops_nothing(hub: RunningHub, broker_port: int):
    kiosk = Listener(broker_port, SETTLED)
    for payload in (b"", b"\x00", b"{}", b"[1,2", b"x" * 200_000):
        kiosk.client.publish(topics.journal(STATION, KIOSK), payload, qos=1)
        kiosk.client.publish("zaigang/v1/hub/state", payload, qos=0)

    kiosk.send(journal(tap(1, 25), kiosk=KIOSK))

    assert kiosk.wait(SETTLED)["epochs"][EPOCH]["through"] == 1
    until(lambda: hub.figures()["zaigang_messages_unreadable_total"] == 10)  # between two topics there is no order
    kiosk.close()


def test_a_disk_that_hangs_is_said_where_an_operator_looks_and_measured(
    hub: RunningHub, broker_port: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(running, "HANGS_AFTER_S", 0.2)
    is_over = threading.Event()
    write = Storing.write

    def hang(*args: object) -> object:
        assert is_over.wait(PATIENCE_S)
        return write(*args)

    kiosk = Listener(broker_port, SETTLED)
    with monkeypatch.context() as slow:
        slow.setattr(Storing, "write", hang)
        try:
            kiosk.send(journal(tap(1, 25), kiosk=KIOSK))
            until(lambda: any("does the disk hang?" in said for said in hub.get("/healthz")["troubles"]))
            assert hub.figures()["zaigang_oldest_uncommitted_seconds"] > 0.2
            assert SETTLED not in kiosk.said
        finally:
            is_over.set()
        assert kiosk.wait(SETTLED)["epochs"][EPOCH]["through"] == 1
    monkeypatch.setattr(running, "HANGS_AFTER_S", PATIENCE_S)
    until(lambda: hub.get("/healthz")["ok"])
    kiosk.close()


def test_a_thread_that_has_ended_is_said_where_an_operator_looks(
    hub: RunningHub, broker_port: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Pump, "_take", lambda _: ([], True))  # as when it is told to end

    until(lambda: not hub.get("/healthz")["ok"])

    assert hub.get("/healthz")["troubles"] == ["the thread 'hub intake' has ended; see the log, start the hub again"]
