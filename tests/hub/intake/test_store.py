"""A batch is stored as a whole, whatever stands in it and whatever stands there already."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hub.database.rows_together import ROWS_AT_ONCE
from hub.database.transactions import StoreTroubleError
from hub.intake.rows import RecordRow
from hub.intake.runs import KnownRun, RunKey
from hub.intake.storing import Batch
from station.names import StationCode
from tests.databases import only_sqlite
from tests.hub.intake.bench import Bench
from tests.hub.intake.messages import EPOCH, KIOSK

MANY = 3 * ROWS_AT_ONCE + 5


def row(run: KnownRun, seq: int, token: str = "0" * 32, kind: Any = "tap") -> RecordRow:
    return RecordRow(run.id, seq, kind, 5, "synced", "b", seq, token, "arrive", None, "type2", "main", None, 7)


def write(hub: Bench, run: KnownRun, rows: list[RecordRow]) -> list[RecordRow]:
    with hub.store.storing() as storing:
        return storing.write(Batch(rows=rows, runs={run.id: run}), 7)


@pytest.fixture
def run(hub: Bench) -> KnownRun:
    known: dict[RunKey, KnownRun] = {}
    with hub.store.storing() as storing:
        storing.begin({(KIOSK, EPOCH): StationCode("S-01")}, known)
    return known[KIOSK, EPOCH]


@pytest.mark.parametrize("count", [1, ROWS_AT_ONCE - 1, ROWS_AT_ONCE, ROWS_AT_ONCE + 1, MANY])
def test_every_row_of_a_batch_is_stored_however_many_they_are(hub: Bench, run: KnownRun, count: int):
    write(hub, run, [row(run, seq) for seq in range(1, count + 1)])

    assert hub.seqs() == [(EPOCH, seq) for seq in range(1, count + 1)]


def test_among_names_that_are_there_only_other_content_is_a_conflict_and_the_rest_is_stored(hub: Bench, run: KnownRun):
    write(hub, run, [row(run, seq) for seq in range(2, MANY, 2)])
    rows = [row(run, seq, "1" * 32 if seq == 8 else "0" * 32) for seq in range(1, MANY)]

    conflicts = write(hub, run, rows)

    assert [conflict.seq for conflict in conflicts] == [8]
    assert hub.seqs() == [(EPOCH, seq) for seq in range(1, MANY)]


@pytest.mark.parametrize("place", [0, ROWS_AT_ONCE, MANY - 1])
def test_a_row_that_the_database_refuses_leaves_its_batch_unstored(hub: Bench, run: KnownRun, place: int):
    rows = [row(run, seq, kind=None if seq == place + 1 else "tap") for seq in range(1, MANY + 1)]

    with pytest.raises(StoreTroubleError):
        write(hub, run, rows)

    assert hub.seqs() == []


@only_sqlite
@pytest.mark.parametrize("gone", [Path.unlink, lambda file: file.rename(file.with_suffix(".old"))])
def test_a_database_that_is_deleted_at_work_takes_nothing_any_more(
    hub: Bench, run: KnownRun, gone: Callable[[Path], object]
):
    write(hub, run, [row(run, 1)])
    gone(hub.file)

    with pytest.raises(StoreTroubleError, match="deleted or replaced"):
        write(hub, run, [row(run, 2)])


@only_sqlite
def test_a_database_in_whose_place_another_lies_takes_nothing_any_more(hub: Bench, run: KnownRun):
    other = hub.file.with_suffix(".other")
    other.write_bytes(hub.file.read_bytes())
    other.replace(hub.file)

    with pytest.raises(StoreTroubleError, match="deleted or replaced"):
        write(hub, run, [row(run, 1)])
