"""A hub starts, and goes on, whatever it has stored: what it fails over is left out and found."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, insert, update

from hub.core import HubCore
from hub.database.journal_tables import JournalRecord, Run
from hub.database.transactions import table_of, writing
from hub.findings import FindingKind
from hub.intake.rows import row_of
from hub.ledger.pending import PartOfWriting, Pending
from station.clock import Clock
from station.hours import SHANGHAI
from station.milliseconds import ms_of
from station.names import StationCode
from station.records import Action
from tests.hub.board.town import at, tap
from tests.hub.ledger.bench import in_memory, small_city

RECORD = table_of(JournalRecord)
NOW = at("09:00")
S_01 = StationCode("S-01")


@pytest.fixture
def engine() -> Iterator[Engine]:
    """Three people arrived in the last hour, each in a run of their own."""
    made = in_memory(small_city())
    with writing(made) as connection:
        for person in (1, 2, 3):
            run = Run(id=person, kiosk="K-01-1", epoch=f"{person:016x}", station="S-01", through=1)
            connection.execute(table_of(Run).insert(), run.model_dump())
            row = row_of(tap(1, at("08:10"), Action.ARRIVE, person), person, ms_of(NOW))
            connection.execute(insert(RECORD), [row._asdict()])
    yield made
    made.dispose()


def spoil(engine: Engine, **nonsense: object) -> None:
    """The second person's record becomes nonsense."""
    with writing(engine) as connection:
        connection.execute(update(RECORD).where(RECORD.c.run == 2).values(nonsense))


def begun(engine: Engine) -> HubCore:
    """A hub that has started."""
    core = HubCore(engine, Clock(began_at=NOW, anchor_s=0.0, boot_s=lambda: 0.0), SHANGHAI)
    core.begin()
    return core


def on_duty(core: HubCore) -> int:
    return next(row.on_duty for row in core.city.board.view().rows if row.code == "S-01")


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
    spoil(engine, **nonsense)

    core = begun(engine)
    core.city.pass_time(NOW + timedelta(days=1))
    core.learn(core.city.directory)
    while core.fold():
        pass
    core.write()

    assert on_duty(core) >= 2
    assert {finding.kind for finding in core.findings.all()} <= {FindingKind.FAULT}


def test_what_is_left_out_is_found(engine: Engine) -> None:
    spoil(engine, action="dance")

    core = begun(engine)

    assert [finding.subject for finding in core.findings.all()] == ["ledger"]


@pytest.mark.parametrize("spoilt", [{2}, {3}, {1, 3}])
def test_rows_that_the_database_refuses_keep_no_hub_from_starting(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, spoilt: set[int]
) -> None:
    made_ready = Pending.made_ready

    def refused(pending: Pending) -> list[PartOfWriting]:
        pending.taps = {
            name: tap._replace(action=None) if tap.run in spoilt else tap  # type: ignore[arg-type]
            for name, tap in pending.taps.items()
        }
        return made_ready(pending)

    monkeypatch.setattr(Pending, "made_ready", refused)

    core = begun(engine)

    assert on_duty(core) == 3 - len(spoilt)
    assert [finding.subject for finding in core.findings.all()] == ["ledger"]
