"""Coverage as it is kept: from taps to figures; late records, a changed city and midnight; equal to all reckoned anew."""

from __future__ import annotations

import json
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from sqlalchemy import update
from sqlmodel import col

from hub.changing import commands as asked
from hub.changing.corrections import ConfirmTap
from hub.changing.proposal import apply
from hub.coverage.keeper import REVISION
from hub.coverage.reading import read_settled_through
from hub.coverage.reckoning import DAY
from hub.coverage.sums import MONTH, DayStretch, DaySums, days_within, sums_by_station
from hub.database.tables import Station
from hub.database.transactions import reading, writing
from hub.ledger.queries import LEDGER_RUN, LEDGER_TAP
from hub.ledger.touched import DUE, DueWhy, note_due
from station.hours import SHANGHAI
from station.names import RecordName, Seq
from station.records import Action
from tests.hub.coverage.bench import HOUR_MS, THURSDAY, CoverageBench, days_from
from tests.hub.ledger.bench import ledger_bench
from tests.hub.ledger.stories import BEGAN, MINUTE, KioskStory, a_working_day
from tests.hub.ledger.test_keeping import tap_at
from tests.hub.ledger.test_ledger import FEW, SEEDS, journals, shuffled

if TYPE_CHECKING:
    from hub.changing.commands import CityCommand
    from tests.hub.ledger.bench import LedgerBench

pytestmark = pytest.mark.usefixtures("either_database")
ARRIVE, LEAVE = Action.ARRIVE, Action.LEAVE


def a_whole_day() -> KioskStory:
    """08:00 to 11:30 and 14:30 to 16:00 by one person, watched all along."""
    story = a_working_day()
    for at, action in (("08:00", ARRIVE), ("11:30", LEAVE), ("14:30", ARRIVE), ("16:00", LEAVE)):
        watch_until(story, at)
        tap_at(story, at, action)
    watch_until(story, "23:59")
    return story


def watch_until(story: KioskStory, text: str) -> None:
    hours, minutes = map(int, text.split(":"))
    until = BEGAN + (hours * 60 + minutes) * MINUTE
    while until - story.now > 5 * MINUTE:
        story.pulse(1)


def change(hub: LedgerBench, bench: CoverageBench, *commands: CityCommand, why: str = "said so") -> None:
    with writing(hub.engine) as connection:
        outcome = apply(connection, commands, by="li", at=bench.clock.now(), zone=SHANGHAI, why=why)
    assert not outcome.refusals
    hub.ledger.learn(hub.directory())
    hub.ledger.catch_up()
    bench.catch_up()


def test_a_month_that_is_not_the_sum_of_its_days_is_found_by_a_check() -> None:
    with ledger_bench() as hub:
        bench = CoverageBench(hub, "2026-03-06 00:30")
        hub.take(a_whole_day().written)
        bench.catch_up()
        assert bench.differences() == []

        with writing(hub.engine) as connection:
            connection.execute(update(MONTH).where(MONTH.c.station == "S-01").values(met_ms=MONTH.c.met_ms + 1))

        (found,) = bench.differences()
        assert found.startswith("S-01 2026-03 coverage: met_ms: kept ")


def test_a_kiosk_whose_runs_contradict_each_other_has_told_something_all_the_same() -> None:
    with ledger_bench() as hub:
        bench = CoverageBench(hub, "2026-03-05 23:59")
        hub.take(a_whole_day().written)
        bench.catch_up()
        now = bench.clock.now()
        asked = {"K-01-1": now}, now
        with reading(hub.engine) as connection:
            settled = read_settled_through(connection, *asked)
        assert (settled.through is None, settled.behind) == (False, 0)

        with writing(hub.engine) as connection:
            connection.execute(update(LEDGER_RUN).values(is_tip=False))

        with reading(hub.engine) as connection:
            assert read_settled_through(connection, *asked) == settled
            assert read_settled_through(connection, {"K-77": now}, now) == (None, 1)


def test_a_day_is_reckoned_from_its_taps_with_its_gap() -> None:
    with ledger_bench() as hub:
        bench = CoverageBench(hub, "2026-03-06 00:30")
        hub.take(a_whole_day().written)
        bench.catch_up()

        assert bench.hours("opened", "minimum", "vacant", "unknown", "union") == [6.5, 5, 1.5, 0, 5]
        assert bench.day()["verdict"] == "kept"
        [gap] = bench.gaps()
        assert (gap["duty_class"], gap["ended_ms"] - gap["began_ms"]) == ("vacant", 1.5 * HOUR_MS)
        assert gap["before_ms"] == gap["began_ms"]
        assert json.loads(gap["watched"]) == {"K-01-1": 1.5 * HOUR_MS}
        assert bench.differences() == []


def test_a_day_that_runs_is_reckoned_as_far_as_records_tell_and_is_over_at_midnight() -> None:
    with ledger_bench() as hub:
        bench = CoverageBench(hub, "2026-03-05 12:00")
        whole = a_whole_day().written
        hub.take(one for one in whole if one.made_at < BEGAN + 9 * 60 * MINUTE)
        bench.catch_up()
        assert bench.hours("opened", "union") == [pytest.approx(1, abs=0.1), pytest.approx(1, abs=0.1)]
        assert bench.day()["verdict"] == "running"

        hub.take(one for one in whole if one.made_at >= BEGAN + 9 * 60 * MINUTE)
        bench.catch_up("2026-03-06 00:30")

        assert bench.hours("opened", "union") == [6.5, 5]


def test_a_late_record_changes_the_past_visibly() -> None:
    whole = a_whole_day().written
    (last,) = [one for one in whole if getattr(one.record, "action", "") is LEAVE and one.made_at.hour == 8]  # 16:00
    with ledger_bench() as hub:
        bench = CoverageBench(hub, "2026-03-07 12:00")
        hub.take(one for one in whole if one is not last)
        bench.catch_up()
        before = bench.day()

        hub.take([last])
        bench.catch_up()

        assert bench.day()["verdict"] == "kept"
        assert bench.day()["union_ms"] != before["union_ms"]
        [revised] = hub.rows(REVISION)
        assert (revised["station"], revised["day"], revised["why"]) == ("S-01", THURSDAY, "records")
        assert json.loads(revised["before"])["union_ms"] == before["union_ms"]
        assert json.loads(revised["after"])["union_ms"] == 5 * HOUR_MS


def test_a_changed_city_judges_past_days_anew_and_says_why() -> None:
    with ledger_bench() as hub:
        bench = CoverageBench(hub, "2026-03-08 12:00")
        hub.take(a_whole_day().written)
        bench.catch_up()

        change(hub, bench, asked.SetSpecialDay("S-01", THURSDAY, (), "停电"))

        assert (bench.day()["verdict"], bench.day()["opened_ms"]) == ("closed", 0)
        assert bench.gaps() == []
        assert [row["why"] for row in hub.rows(REVISION)][-1:] == ["city"]
        assert bench.differences() == []
        change(hub, bench, asked.RetireKiosk("K-01-1", date(2026, 3, 7)))
        assert {row["day"] for row in hub.rows(DAY) if row["station"] == "S-01"} == set(days_from(THURSDAY, 2))


def test_a_tap_that_was_accepted_waits_for_no_review_though_nothing_else_is_otherwise() -> None:
    story = a_working_day()
    for at in ("08:00", "10:00"):
        watch_until(story, at)
        tap_at(story, at, ARRIVE)
    with ledger_bench() as hub:
        hub.take(story.written)
        bench = CoverageBench(hub, "2026-03-06 08:00")
        bench.catch_up()
        (again,) = [row for row in hub.rows(LEDGER_TAP) if row["mark"] == "again"]
        name = RecordName(story.kiosk, story.epoch, Seq(again["seq"]))
        change(hub, bench, ConfirmTap("S-01", name))

        bench.catch_up("2026-03-06 09:00")

        assert json.loads(bench.day()["marks"]) == {"assumed": 1}
        assert bench.differences() == []


def test_every_day_since_the_first_record_has_a_row_also_those_on_which_nothing_came() -> None:
    with ledger_bench() as hub:
        bench = CoverageBench(hub, "2026-03-05 23:00")
        hub.take(a_whole_day().written)
        bench.catch_up()

        bench.catch_up("2026-03-09 09:00")

        days = sorted(row["day"] for row in hub.rows(DAY))
        assert days == days_from(THURSDAY, 5)  # of S-02, which never told of anything, there is nothing to reckon
        assert bench.day(date(2026, 3, 7))["verdict"] == "unproven"
        assert bench.hours("opened", "unknown", day=date(2026, 3, 7)) == [6.5, 6.5]


def test_a_day_that_changes_while_it_is_reckoned_is_due_still() -> None:
    with ledger_bench() as hub:
        bench = CoverageBench(hub, "2026-03-06 12:00")
        hub.take(a_whole_day().written)
        read = [row["number"] for row in hub.rows(DUE) if row["day"] == THURSDAY]

        with writing(hub.engine) as connection:
            note_due(connection, [("S-01", THURSDAY)], DueWhy.RECORDS)

        assert [row["number"] for row in hub.rows(DUE) if row["day"] == THURSDAY] == [read[0] + 1]
        bench.catch_up()
        assert bench.due() == 0


@FEW
@given(SEEDS)
def test_whatever_comes_when_what_is_kept_is_what_all_records_come_to(seed: int) -> None:
    random = Random(seed)
    with ledger_bench() as hub:
        bench = CoverageBench(hub, "2026-03-05 00:00")
        for piece in shuffled(random, journals(random)):
            hub.take(piece)
            bench.clock.at += timedelta(hours=random.choice((0, 1, 5)))
            if random.random() < 0.5:
                bench.keeper.work()
            if random.random() < 0.2:
                hub.restart()
                hub.ledger.catch_up()
                bench.restart()
            if random.random() < 0.2:
                day = THURSDAY + timedelta(days=random.randint(0, 3))
                change(hub, bench, asked.SetSpecialDay("S-01", day, random.choice(((), None)), "x"))

        bench.catch_up()

        assert hub.differences() == []
        assert bench.differences() == []
        for first in sorted({row["month"] for row in hub.rows(MONTH)}):
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            with reading(hub.engine) as connection:
                one_by_one = days_within(connection, DayStretch(first, last), [col(Station.code) == "S-01"])
                kept = sums_by_station(connection, DayStretch(first, last), "S-01")
            assert kept.get("S-01", DaySums()) == DaySums.of(one_by_one.values())
        for row in hub.rows(DAY):
            assert row["met_ms"] + row["minimum_ms"] + row["vacant_ms"] + row["unknown_ms"] == row["opened_ms"]
