"""`zaigang-hub copy`: a hub moves from one database to the other, and back, with everything in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlmodel import SQLModel

from hub.__main__ import main
from hub.database.engine import open_engine
from hub.database.schema import prepare_schema
from hub.database.sole_hub import sole_hub
from hub.findings import FindingKind
from hub.intake.aside import Aside, put_aside
from hub.ledger.queries import RECORD
from station.names import Epoch
from station.records import Action
from station.settings import EXIT_CONFIG
from tests.databases import file_url
from tests.hub.cities import make_city
from tests.hub.intake.bench import Bench
from tests.hub.intake.messages import EPOCH, journal, tap
from tests.hub.ledger.bench import LedgerBench
from tests.hub.ledger.test_keeping import a_morning, tap_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.databases import PostgresServer


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LedgerBench]:
    """A hub on SQLite with a morning in it."""
    engine = open_engine(file_url(tmp_path))
    prepare_schema(engine)
    make_city(engine, ("S-01", "S-02"))
    bench = LedgerBench(engine)
    story = a_morning()
    tap_at(story, "10:45", Action.ARRIVE, person=99)
    bench.take(story.written)
    found = Aside(why=FindingKind.UNREADABLE, topic="t", reason="r", found="乱码 \\t \x7f", digest="d")
    with engine.begin() as connection:
        put_aside(connection, [found], 5)
    monkeypatch.setenv("ZAIGANG_HUB_DATABASE", engine.url.render_as_string())
    yield bench
    engine.dispose()


@pytest.fixture
def empty(postgres: PostgresServer) -> Iterator[Engine]:
    name = postgres.make()
    engine = open_engine(postgres.url(name))
    yield engine
    engine.dispose()
    postgres.drop(name)


def everything(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
            for table in SQLModel.metadata.sorted_tables
        }


def test_all_of_it_is_there_and_the_check_says_the_same_on_both_sides(
    source: LedgerBench, empty: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert main(["rebuild", "--check"]) == 0
    before = capsys.readouterr().out

    status = main(["copy", "--to", empty.url.render_as_string()])
    told = capsys.readouterr()
    monkeypatch.setenv("ZAIGANG_HUB_DATABASE", empty.url.render_as_string())

    assert (status, told.err) == (0, "")
    assert everything(empty) == everything(source.engine)
    assert main(["rebuild", "--check"]) == 0
    assert capsys.readouterr().out == before
    assert f"{sum(map(len, everything(empty).values()))} rows are in {empty.url.render_as_string()}" in told.out


def test_what_was_moved_is_gone_on_with(source: LedgerBench, empty: Engine):
    assert main(["copy", "--to", empty.url.render_as_string()]) == 0
    hub = Bench(empty)

    assert hub.through(journal(tap(1), epoch=Epoch("f" * 16))) == {Epoch("f" * 16): 1}
    assert len(hub.seqs()) == len(source.rows(RECORD)) + 1


def test_it_moves_back(source: LedgerBench, empty: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    back = f"sqlite:///{tmp_path / 'somewhere' / 'back.sqlite'}"
    assert main(["copy", "--to", empty.url.render_as_string()]) == 0
    monkeypatch.setenv("ZAIGANG_HUB_DATABASE", empty.url.render_as_string())

    assert main(["copy", "--to", back]) == 0

    engine = open_engine(back)
    assert everything(engine) == everything(source.engine)
    engine.dispose()


@pytest.mark.parametrize("served", ["source", "target"])
def test_a_hub_that_serves_is_not_copied_from_nor_over(
    source: LedgerBench, empty: Engine, served: str, capsys: pytest.CaptureFixture[str]
):
    prepare_schema(empty)
    before = everything(empty)

    with sole_hub(source.engine if served == "source" else empty):
        status = main(["copy", "--to", empty.url.render_as_string()])

    assert status == 1
    assert "serves" in capsys.readouterr().err
    assert everything(empty) == before


def test_a_database_that_is_not_empty_is_left_as_it_is(
    source: LedgerBench, empty: Engine, capsys: pytest.CaptureFixture[str]
):
    prepare_schema(empty)
    Bench(empty).take(journal(tap(1), epoch=EPOCH))
    before = everything(empty)

    status = main(["copy", "--to", empty.url.render_as_string()])

    assert status == 1
    assert "is not empty: there are rows of origin; wanted is a new database" in capsys.readouterr().err
    assert everything(empty) == before


def test_a_row_that_is_not_taken_is_told_by_its_table_and_nothing_is_copied(
    source: LedgerBench, empty: Engine, capsys: pytest.CaptureFixture[str]
):
    with source.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE run SET station = ?", ("x" * 99,))

    status = main(["copy", "--to", empty.url.render_as_string()])

    assert status == 1
    assert "a row of run is not taken there: value too long" in capsys.readouterr().err
    assert not any(everything(empty).values())


def test_the_hubs_own_database_is_no_other(source: LedgerBench, capsys: pytest.CaptureFixture[str]):
    assert main(["copy", "--to", source.engine.url.render_as_string()]) == 1
    assert "is the hub's own database" in capsys.readouterr().err


def test_where_no_hub_has_run_there_is_nothing_to_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("ZAIGANG_HUB_DATABASE", file_url(tmp_path))

    assert main(["copy", "--to", f"sqlite:///{tmp_path / 'other'}"]) == EXIT_CONFIG
    assert "there is no database at" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
