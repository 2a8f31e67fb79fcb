"""A hub that starts again shows what it showed before, taps by clocks that were wrong among them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from hub.database.engine import open_engine
from hub.database.journal_tables import JournalRecord, Run
from hub.database.schema import prepare_schema
from hub.database.transactions import table_of, writing
from hub.intake.rows import Row, moment_of
from hub.presence.presences import LOOK_BACK, Presences
from hub.presence.recall import records_since
from station.names import Epoch
from station.records import ClockState
from station.stints import Stint
from tests.hub.board.test_retiming import HOLDERS, KIOSKS, RULES, STATION, row_of, stints_of
from tests.station.kiosk_life import BEGAN_MS, DAY_MS, MINUTE_MS, Made, lives

LOOK_BACK_MS = LOOK_BACK // timedelta(milliseconds=1)


@contextmanager
def stored(made: list[Made]) -> Iterator[Engine]:
    """A journal that holds these, each stored a second after it was made."""
    rows: dict[str, list[tuple[Any, ...]]] = {}
    for one in made:
        run = [*rows].index(one.epoch) + 1 if one.epoch in rows else len(rows) + 1
        rows.setdefault(one.epoch, []).append(row_of(run, one, one.true_ms + 1000))
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'hub.sqlite'}")
        prepare_schema(engine)
        with writing(engine) as connection:
            for epoch, theirs in rows.items():
                run_row = Run(
                    id=theirs[0][0], kiosk=KIOSKS[0], epoch=epoch, station=STATION, through=theirs[-1][1],
                    last_at_ms=max(row[3] for row in theirs),
                )  # fmt: skip
                connection.execute(table_of(Run).insert(), run_row.model_dump())
                connection.execute(table_of(JournalRecord).insert(), [Row(*row)._asdict() for row in theirs])
        try:
            yield engine
        finally:
            engine.dispose()


def recalled(engine: Engine, since_ms: int) -> dict[str, list[Stint]]:
    return shown(records_since(engine, since_ms), since_ms)


def shown(batches: Any, since_ms: int) -> dict[str, list[Stint]]:
    """What there is once a new day has let go of what is older."""
    presences = Presences(RULES, HOLDERS)
    for run, rows in batches:
        presences.take(run, rows, 0)
    presences.fold()
    presences.learn(RULES, HOLDERS, moment_of(since_ms))
    return stints_of(presences)


@settings(max_examples=60)
@given(lives(), st.integers(0, 48 * 60))
def test_what_a_hub_reads_back_is_what_it_knew(made: list[Made], minutes_later: int) -> None:
    since_ms = made[-1].true_ms + minutes_later * MINUTE_MS - LOOK_BACK_MS
    with stored(made) as engine:
        everything = shown(records_since(engine, 0), since_ms)

        found = recalled(engine, since_ms)

    assert found == everything


def test_a_clock_that_was_right_days_ago_in_the_run_before_is_read_back_with_what_hangs_on_it() -> None:
    first, second = Epoch("a" * 16), Epoch("b" * 16)
    began_ms, later_ms, wrong_ms = BEGAN_MS, BEGAN_MS + 5 * DAY_MS, BEGAN_MS + 2 * DAY_MS
    made = [
        Made(first, None, 1, began_ms, ClockState.SYNCED, "boot", 1, is_sync=False, true_ms=began_ms),
        Made(second, first, 1, wrong_ms, ClockState.ESTIMATED, "boot", 5 * DAY_MS, is_sync=False, true_ms=later_ms),
        Made(second, first, 9, wrong_ms, ClockState.ESTIMATED, "boot", 5 * DAY_MS + 1, is_sync=False, true_ms=later_ms),
    ]

    with stored(made) as engine:
        (stint,) = recalled(engine, BEGAN_MS + 4 * DAY_MS)["p0"]

    assert (stint.began_at, stint.uncertain) == (moment_of(later_ms), True)


def test_who_tapped_by_a_clock_that_is_still_in_1970_is_there_after_a_restart() -> None:
    run, true_ms = Epoch("a" * 16), BEGAN_MS + 60 * MINUTE_MS
    made = [
        Made(run, None, seq, ms, ClockState.UNSET, "boot", ms, is_sync=False, true_ms=true_ms)
        for seq, ms in ((1, 1000), (9, 5000))
    ]

    with stored(made) as engine:
        (stint,) = recalled(engine, BEGAN_MS)["p0"]

    assert (stint.began_at, stint.uncertain) == (moment_of(true_ms + 1000), True)
