"""However much is to be reckoned, nobody who stands at a kiosk waits for it: it is written a little at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.coverage import keeper as keeper_module
from hub.coverage.reckoning import DAY, reckon
from station.records import Action
from tests.hub.coverage.bench import THURSDAY, CoverageBench, days_from
from tests.hub.coverage.test_keeping import a_whole_day
from tests.hub.ledger.bench import LedgerBench, ledger_bench
from tests.hub.ledger.stories import a_working_day
from tests.hub.short_writing import written_at_once

pytestmark = pytest.mark.usefixtures("either_database")
A_LONG_TIME = 700  # days
SHORT = 600  # rows, some 6 ms


def years_later(hub: LedgerBench) -> CoverageBench:
    """A day of records, looked at for the first time years after it."""
    hub.take(a_whole_day().written)
    bench = CoverageBench(hub, "2026-03-06 00:30")
    bench.clock.at += timedelta(days=A_LONG_TIME - 2)
    return bench


def test_years_that_are_due_at_once_are_noted_and_reckoned_a_little_at_a_time() -> None:
    with ledger_bench() as hub:
        bench = years_later(hub)

        with written_at_once(hub.engine) as written:
            bench.catch_up()

        assert bench.due() == 0
        assert max(written) <= SHORT


def test_a_hub_that_is_killed_while_it_notes_what_is_due_forgets_no_day_of_it() -> None:
    with ledger_bench() as hub:
        bench = years_later(hub)
        bench.keeper.work()
        assert 1 < bench.due() < A_LONG_TIME

        bench.restart()
        bench.catch_up()

        assert [row["day"] for row in hub.rows(DAY)] == days_from(THURSDAY, A_LONG_TIME)


def test_days_on_which_very_many_came_are_reckoned_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kiosk was away for long: whoever taps meanwhile waits for each piece."""
    monkeypatch.setattr(keeper_module, "_STINT_BEFORE", keeper_module._STINT_BEFORE.offset(2))
    reckoned: list[int] = []

    def reckon_some(connection, book, station, days, now, **more):
        reckoned.append(len(days))
        return reckon(connection, book, station, days, now, **more)

    monkeypatch.setattr(keeper_module, "reckon", reckon_some)
    story = a_working_day()
    for _ in range(5):
        for _ in range(3):
            for action in (Action.ARRIVE, Action.LEAVE):
                story.now += timedelta(hours=4)
                story.tap(1, action)
    with ledger_bench() as hub:
        hub.take(story.written)
        bench = CoverageBench(hub, "2026-03-10 12:00")

        bench.catch_up()

        assert bench.due() == 0
        assert max(reckoned) == 1
        assert len(reckoned) >= 5
        assert bench.differences() == []
