"""A hub starts, and goes on, whatever it has stored: what it fails over is left out and found."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, update

from hub.database.engine import open_engine
from hub.database.journal_tables import JournalRecord, Run
from hub.database.schema import prepare_schema
from hub.database.transactions import snapshot, table_of, writing
from hub.findings import FindingKind, Findings
from hub.intake.rows import ms_of, row_of
from hub.presence.city import City
from hub.register.reading import read_directory
from station.clock import Clock
from station.hours import SHANGHAI
from station.records import Action
from tests.hub.board.town import at, tap
from tests.hub.cities import make_city

RECORD = table_of(JournalRecord)
NOW = at("09:00")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Three people arrived in the last hour, each in a run of their own."""
    made = open_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    prepare_schema(made)
    make_city(made)
    with writing(made) as connection:
        for person in (1, 2, 3):
            run = Run(id=person, kiosk="K-01-1", epoch=f"{person:016x}", station="S-01", through=1)
            connection.execute(table_of(Run).insert(), run.model_dump())
            row = row_of(tap(1, at("08:10"), Action.ARRIVE, person), person, ms_of(NOW))
            connection.execute(insert(RECORD), [row._asdict()])
    yield made
    made.dispose()


@pytest.mark.parametrize(
    "nonsense",
    [
        {"at_ms": -62135596800000},  # the year 1
        {"at_ms": -62135596800000, "clock": "unset", "mono_ms": -(2**63) + 1},
        {"at_ms": 2**62},
        {"clock": "estimated", "mono_ms": 2**63 - 1},
        {"action": "dance"},
    ],
)
def test_a_record_that_is_nonsense_keeps_no_hub_from_starting(engine: Engine, nonsense: dict[str, object]) -> None:
    with writing(engine) as connection:
        connection.execute(update(RECORD).where(RECORD.c.run == 2).values(nonsense))
    clock = Clock(began_at=NOW, anchor_s=0.0, boot_s=lambda: 0.0)
    findings = Findings(clock)
    with snapshot(engine) as connection:
        city = City(read_directory(connection, SHANGHAI), SHANGHAI, clock, findings)

    city.recall(engine)
    city.begin_day(NOW + timedelta(days=1))
    city.learn(city.directory)

    (row,) = city.board.view().rows
    assert row.on_duty >= 2
    assert {finding.kind for finding in findings.all()} <= {FindingKind.FAULT}


def test_what_is_left_out_is_found(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(update(RECORD).where(RECORD.c.run == 2).values(action="dance"))
    clock = Clock(began_at=NOW, anchor_s=0.0, boot_s=lambda: 0.0)
    findings = Findings(clock)
    with snapshot(engine) as connection:
        city = City(read_directory(connection, SHANGHAI), SHANGHAI, clock, findings)
        assert len(connection.execute(select(RECORD)).all()) == 3

    city.recall(engine)

    assert [finding.subject for finding in findings.all()] == ["board"]
