"""A PostgreSQL server that goes and comes back, is a standby, or promises less than a disk keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from psycopg.errors import DiskFull
from sqlalchemy.exc import OperationalError

from hub.database.dialect import dialect_of
from hub.database.engine import open_engine
from hub.database.schema import SchemaError, prepare_schema
from hub.database.sole_hub import TakenError, is_served, sole_hub
from hub.database.transactions import StoreTroubleError, trouble_said
from hub.examining.looks import examine
from station.clock import Clock
from station.errors import ConfigError
from station.wire import topics
from tests.databases import TEMPLATE, PostgresServer, binaries, postgres_server
from tests.hub.cities import make_city
from tests.hub.intake.bench import Bench
from tests.hub.intake.messages import EPOCH, journal, tap
from tests.hub.running import Listener, hub_config, running_hub, until
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """One that may be stopped."""
    if binaries() is None:
        pytest.skip("PostgreSQL is not installed; wanted is the package postgresql")
    with postgres_server() as made:
        yield made


@pytest.fixture
def engine(server: PostgresServer) -> Iterator[Engine]:
    made = open_engine(server.url(server.make(TEMPLATE)), busy_timeout_s=0.5)
    yield made
    made.dispose()


def test_while_it_is_gone_nothing_is_settled_and_afterwards_all_is_as_before(server: PostgresServer, engine: Engine):
    hub = Bench(engine)
    hub.take(journal(tap(1)))
    server.stop()
    try:
        with pytest.raises(StoreTroubleError, match=r"No such file or directory|Connection refused|terminating|closed"):
            hub.take(journal(tap(2), n=2))
        with pytest.raises(StoreTroubleError, match=r"No such file or directory|Connection refused"):
            hub.intake.probe()
    finally:
        server.start()

    hub.intake.probe()
    assert hub.through(journal(tap(2), n=3)) == {EPOCH: 2}


def test_what_is_read_meanwhile_is_answered_503_in_a_sentence_and_told_once(
    server: PostgresServer, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server.url(server.make(TEMPLATE))
    engine = open_engine(url)
    make_city(engine)
    engine.dispose()
    monkeypatch.setattr("hub.alarms.postman.LOOK_EVERY_S", 0.01)
    caplog.set_level("INFO", "hub.alarms.postman")
    config = replace(hub_config(tmp_path, free_port(), embedded=True), database=url)
    with running_hub(config, Clock()) as hub:
        server.stop()
        try:
            until(lambda: any("messages wait" in line for line in caplog.messages))
            said = hub.get("/api/v1/stations/S-01")
            doctor = [found.line(is_chinese=False) for found in examine(config, Clock().now(), None)]
        finally:
            server.start()
        until(lambda: "messages go out again" in caplog.messages)

    assert said == {"detail": "the database cannot be used now; try again soon"}
    assert not any(line.exc_info for line in caplog.records)
    [waits] = [line for line in caplog.messages if "messages wait" in line]
    assert "systemctl status postgresql" in waits or "is shutting down" in waits  # it may be asked while it ends
    assert not any("site key: connection" in line or "no kiosk is entered" in line for line in doctor)


def test_a_connection_that_was_cut_while_nothing_came_costs_nobody_an_answer(server: PostgresServer, engine: Engine):
    hub = Bench(engine)
    hub.take(journal(tap(1)))
    server.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{engine.url.database}'")

    assert hub.through(journal(tap(2), n=2)) == {EPOCH: 2}


def test_a_standby_is_refused_at_a_start_and_settles_nothing_until_it_is_the_primary(
    server: PostgresServer, engine: Engine
):
    hub = Bench(engine)
    hub.take(journal(tap(1)))
    engine.dispose()
    with server.as_standby():
        with pytest.raises(SchemaError, match="is a standby, which may only be read; wanted is the address of its"):
            prepare_schema(engine)
        with pytest.raises(StoreTroubleError, match="may only be read now, as a standby is"):
            hub.take(journal(tap(2), n=2))

    engine.dispose()
    assert hub.through(journal(tap(2), n=3)) == {EPOCH: 2}


def test_who_serves_takes_the_database_again_when_its_server_is_back(server: PostgresServer, engine: Engine):
    with sole_hub(engine) as who_else:
        server.stop()
        meanwhile = who_else()
        server.start()
        before = is_served(engine)
        again = who_else()

        assert (meanwhile, before, again, is_served(engine)) == (None, False, None, True)
        with pytest.raises(TakenError, match="process"), sole_hub(engine):
            pass


def test_who_lost_the_database_to_another_is_told_by_whom(server: PostgresServer, engine: Engine):
    with sole_hub(engine) as who_else:
        server.stop()
        server.start()
        with sole_hub(engine):
            holder = who_else()

        assert holder is not None
        assert holder.startswith("process ")
        assert who_else() is None


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql+psycopg://hub@/nothing?host={folder}", 'FATAL:  database "nothing" does not exist'),
        ("postgresql+psycopg://nobody_here@/{name}?host={folder}", 'FATAL:  role "nobody_here" does not exist'),
        ("postgresql+psycopg://crowd@/{name}?host={folder}", 'FATAL:  too many connections for role "crowd"'),
        ("postgresql+psycopg://hub:hush-hush@127.0.0.1:99999/{name}", 'invalid port number: "99999"'),
    ],
)
def test_a_server_that_refuses_is_not_asked_for_whether_it_runs(
    server: PostgresServer, engine: Engine, address: str, said: str
) -> None:
    if not server.run("SELECT 1 FROM pg_roles WHERE rolname = 'crowd'"):
        server.run("CREATE ROLE crowd LOGIN CONNECTION LIMIT 0")
    refused = open_engine(address.format(folder=server.folder, name=engine.url.database))

    with pytest.raises(SchemaError) as told:
        prepare_schema(refused)

    refused.dispose()
    assert str(told.value).endswith(said)
    assert "hush" not in str(told.value)


def test_a_server_without_room_says_so() -> None:
    full = OperationalError(None, None, DiskFull('could not extend file "base/5/16384": No space left on device'))

    assert trouble_said(full) == "the server's disk is full; wanted is room on it: df -h"


def test_a_port_that_is_no_number_is_a_fault_of_the_settings() -> None:
    with pytest.raises(ConfigError, match=r"database: its port is no number; wanted is sqlite:///PATH or postgresql"):
        open_engine("postgresql+psycopg://hub:hush-hush@127.0.0.1:abc/hub")


def test_a_server_that_syncs_nothing_is_told_of(engine: Engine):
    assert dialect_of(engine).weaknesses(engine) == [
        f"the database server has {name} = off; wanted is on, or a power failure loses what was settled"
        for name in ("fsync", "full_page_writes")
    ]


def test_a_commit_waits_for_the_disk_whatever_the_server_says_of_others(server: PostgresServer, engine: Engine):
    server.run(f"ALTER DATABASE {engine.url.database} SET synchronous_commit = off")

    with engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


def test_a_database_that_cannot_hold_everybodys_name_is_refused(server: PostgresServer):
    server.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    latin = open_engine(server.url("latin"))

    with pytest.raises(SchemaError, match="keeps text as LATIN1; wanted is a database made with ENCODING 'UTF8'"):
        prepare_schema(latin)

    latin.dispose()


@pytest.mark.broker
def test_a_serving_hub_tells_of_it_and_goes_on_by_itself(server: PostgresServer, engine: Engine, tmp_path: Path):
    make_city(engine)
    port = free_port()
    config = replace(hub_config(tmp_path, port, embedded=True), database=engine.url.render_as_string())
    sent = journal(tap(1), kiosk="K-01-1", station="S-01")
    with running_hub(config, Clock()) as hub:
        kiosk = Listener(port, topics.settled("S-01", "K-01-1"), topics.HUB_STATE)
        server.stop()
        kiosk.send(sent)
        until(lambda: any("cannot be written" in text for text in hub.get("/healthz")["troubles"]))
        before = dict(kiosk.said)
        server.start()
        until(lambda: not any("cannot be written" in text for text in hub.get("/healthz")["troubles"]))
        kiosk.send(journal(tap(1), n=2, kiosk="K-01-1", station="S-01"))
        settled = kiosk.wait(topics.settled("S-01", "K-01-1"))
        until(lambda: is_served(engine))
        kiosk.close()

    assert topics.settled("S-01", "K-01-1") not in before
    assert settled["epochs"] == {EPOCH: {"through": 1}}
