"""The thread that keeps the ledger: it begins with what is left, and waits out trouble."""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, update

from hub.config import DATABASE_FILE
from hub.database.engine import open_engine
from hub.database.transactions import snapshot
from hub.findings import FindingKind, Findings
from hub.ledger import ledger as ledger_module
from hub.ledger.journal import LEDGER_RUN
from hub.ledger.keeper import Keeper
from hub.ledger.ledger import Ledger
from station.clock import Clock
from tests.hub.cities import token_of
from tests.hub.ledger.bench import LedgerBench, small_city
from tests.hub.ledger.test_keeping import a_morning
from tests.hub.running import until

PATIENCE_S = 60.0


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LedgerBench]:
    file = tmp_path / DATABASE_FILE
    with closing(sqlite3.connect(":memory:")) as source, closing(sqlite3.connect(file)) as target:
        source.deserialize(small_city())
        source.backup(target)
    bench = LedgerBench(open_engine(f"sqlite:///{file}", busy_timeout_s=0.05))
    yield bench
    bench.engine.dispose()


def folded(hub: LedgerBench) -> int:
    return sum(row["folded"] for row in hub.rows(LEDGER_RUN))


def test_a_snapshot_stays_as_it_was_while_others_write(hub: LedgerBench) -> None:
    hub.take(a_morning().written)
    with snapshot(hub.engine) as connection:
        before = connection.execute(select(LEDGER_RUN)).all()

        with hub.engine.begin() as other:
            other.execute(update(LEDGER_RUN).values(folded=99))

        assert connection.execute(select(LEDGER_RUN)).all() == before


def test_what_was_stored_before_the_start_is_folded(hub: LedgerBench) -> None:
    hub.store(a_morning().written)
    keeper = Keeper(Ledger(hub.engine, hub.directory()), Findings(Clock()))

    keeper.start()

    until(lambda: folded(hub) == 5, PATIENCE_S)
    keeper.stop()
    assert hub.differences() == []


def test_a_locked_database_is_waited_for(hub: LedgerBench, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    hub.store(a_morning().written)
    keeper = Keeper(Ledger(hub.engine, hub.directory()), Findings(Clock()))
    blocker = sqlite3.connect(tmp_path / DATABASE_FILE, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")

    with caplog.at_level(logging.WARNING):
        keeper.start()
        until(lambda: "the ledger waits" in caplog.text, PATIENCE_S)
        blocker.execute("ROLLBACK")
        until(lambda: folded(hub) == 5, PATIENCE_S)

    keeper.stop()
    blocker.close()
    assert caplog.text.count("the ledger waits") == 1


def test_what_cannot_be_folded_is_told_and_the_keeper_goes_on(
    hub: LedgerBench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    hub.store(a_morning().written)
    findings = Findings(Clock())
    keeper = Keeper(Ledger(hub.engine, hub.directory()), findings)
    monkeypatch.setattr(ledger_module, "place_anew", broken)
    with caplog.at_level(logging.CRITICAL):
        keeper.start()
        until(findings.all, PATIENCE_S)

    keeper.stop()

    assert [finding.kind for finding in findings.all()] == [FindingKind.FAULT]
    assert not any(thread.name == "hub ledger" for thread in threading.enumerate())


def test_rows_that_the_database_refuses_are_left_out_and_not_told_whole(
    hub: LedgerBench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write_kiosks = ledger_module.write_kiosks

    def refused(connection, change) -> None:
        change.taps = [tap._replace(action=None) for tap in change.taps]
        write_kiosks(connection, change)

    hub.store(a_morning().written)
    findings = Findings(Clock())
    keeper = Keeper(Ledger(hub.engine, hub.directory()), findings)
    monkeypatch.setattr(ledger_module, "write_kiosks", refused)
    with caplog.at_level(logging.INFO):
        keeper.start()
        until(findings.all, PATIENCE_S)

    keeper.stop()

    assert "goes on without runs [1]: NOT NULL constraint failed" in caplog.text
    assert not any(token_of(person) in caplog.text for person in (1, 2))
