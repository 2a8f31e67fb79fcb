"""A day that is exported and played again is the day that the hub has."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, select

from hub.__main__ import main as hub_main
from hub.changing import corrections as asked
from hub.changing.proposal import apply
from hub.database.transactions import Database, reading, writing
from hub.ledger.queries import LEDGER_TAP, RECORD, RUN, STINT
from hub.presence.past_days import PastDays
from hub.presence.station_day import coverage_of
from hub.register.rulebook import Rulebook
from simulator.__main__ import main as sim_main
from station.amending import AMEND
from station.hours import SHANGHAI
from station.milliseconds import moment_of
from station.names import RecordName, StationCode
from station.strict import spell_moment
from tests.hub.cities import make_city, token_of
from tests.hub.ledger.bench import LedgerBench
from tests.hub.ledger.stories import BEGAN, some_days

PEOPLE = (1, 2, 4, 99)
SEEN = {token_of(person): f"p{person}" for person in PEOPLE}


@pytest.fixture
def hub(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LedgerBench:
    monkeypatch.setenv("ZAIGANG_HUB_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ZAIGANG_HUB_DATABASE", engine.url.render_as_string())
    make_city(engine, ("S-01", "S-02"))
    return LedgerBench(engine)


def exported(day: date, capsys: pytest.CaptureFixture[str], station: str = "S-01") -> dict[str, Any]:
    assert hub_main(["export-day", station, day.isoformat()]) == 0
    return json.loads(capsys.readouterr().out)


def stints_on(day: date, hub: LedgerBench, asked: str) -> list[tuple[str, str, str]]:
    """(person or ?, from, to), as the hub's own ledger has them."""
    since = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8)
    found = [
        (row["person"] if row["counted"] else "?", row["began_ms"], row["ended_ms"])
        for row in hub.rows(STINT)
        if row["station"] == "S-01" and since <= moment_of(row["began_ms"]) < since + timedelta(days=1)
    ]
    return sorted((person, spell_moment(moment_of(a)), spell_moment(moment_of(b))) for person, a, b in found)


@pytest.mark.parametrize("seed", range(6))
def test_a_day_that_is_exported_and_played_again_is_the_day_that_the_hub_has(
    hub: LedgerBench, tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    random = Random(seed)
    for kiosk, station in (("K-01-1", "S-01"), ("K-02-1", "S-02")):
        hub.take(some_days(random, kiosk, station, steps=40))
    day = BEGAN.date() + timedelta(days=1)
    case = exported(day, capsys)
    file = tmp_path / "day.json"
    file.write_text(json.dumps(case))

    assert sim_main(["replay", str(file)]) == 0

    played = json.loads(capsys.readouterr().out)
    found = sorted(
        (one["person"] if not one["person"].startswith("?") else "?", one["from"], one["to"])
        for one in played["stints"]
        if one["station"] == "S-01" and _local_day(one["from"]) == day
    )
    assert found == stints_on(day, hub, case["asked"])


WHYS = ("样本甲说的", "样本乙说的", "登记册第3页")
KINDS = ("void", "void", "retime", "confirm", "accept", "add", "add", "back")


def correct(hub: LedgerBench, random: Random, day: date, times: int) -> int:
    """Correct taps of S-01 as leads might, some of it taken back; how often the hub did so."""
    made = 0
    for n in range(times):
        taps, own = about(day, named(hub, LEDGER_TAP)), named(hub, RECORD)
        command = correction(random, taps, own)
        with writing(hub.engine) as connection:
            why, at = random.choice(WHYS), BEGAN + timedelta(days=9, minutes=n)
            made += len(apply(connection, [command], by="样本丙", at=at, zone=SHANGHAI, why=why).changes)
        hub.restart()
        hub.ledger.catch_up()
    return made


def named(hub: LedgerBench, table: Any) -> list[tuple[RecordName, Any]]:
    """The taps of S-01, or the amendments there, by name."""
    with reading(hub.engine) as connection:
        found = connection.execute(
            select(RUN.c.kiosk, RUN.c.epoch, table.c.seq, table.c.at_ms)
            .join(RUN, RUN.c.id == table.c.run)
            .where(RUN.c.station == "S-01", True if table is LEDGER_TAP else RECORD.c.kind == AMEND)
            .order_by(table.c.at_ms, table.c.seq)
        ).all()
    return [(RecordName(*row[:3]), moment_of(row.at_ms)) for row in found]


def about(day: date, taps: list[tuple[RecordName, Any]]) -> list[tuple[RecordName, Any]]:
    noon = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    return [(name, at) for name, at in taps if abs(at - noon) < timedelta(hours=20)]


def correction(random: Random, taps: list[tuple[RecordName, Any]], own: list[tuple[RecordName, Any]]) -> asked.Amending:
    name, at = random.choice(taps)
    match random.choice(KINDS):
        case "void":
            return asked.VoidTap("S-01", name)
        case "back" if own:
            return asked.VoidTap("S-01", random.choice(own)[0])
        case "retime":
            return asked.RetimeTap("S-01", name, at + timedelta(minutes=random.randint(-90, 90)))
        case "confirm":
            return asked.ConfirmTap("S-01", name, at + timedelta(minutes=random.randint(10, 600)))
        case "accept":
            return asked.ConfirmTap("S-01", name)
    evidence = random.choice(("", WHYS[2]))
    person, action = random.choice((("p1", "arrive"), ("p2", "leave"), ("p3", "arrive"), ("p3", "leave")))
    return asked.AddTap("S-01", person, action, at + timedelta(minutes=random.randint(-200, 200)), evidence)


def as_the_hub_has_it(day: date, hub: LedgerBench, at: str) -> dict[str, Any]:
    """A day of S-01 by its ledger, in the words of what is played."""
    past, book = PastDays(Database(hub.engine)), Rulebook(hub.directory())
    past.learn(book)
    known = past.look_up(StationCode("S-01"), day, datetime.fromisoformat(at))
    found = coverage_of(known, book.rules(StationCode("S-01"), day, day))
    return {
        "seconds": {duty_class.value: lasted // timedelta(seconds=1) for duty_class, lasted in found.lasting.items()},
        "partial": found.partial // timedelta(seconds=1),
        "open": found.opened // timedelta(seconds=1),
    }


@pytest.mark.parametrize("seed", [0, 1, 5])
def test_a_day_that_was_corrected_is_played_as_the_hub_has_it(
    hub: LedgerBench, tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    random = Random(seed)
    for kiosk, station in (("K-01-1", "S-01"), ("K-02-1", "S-02")):
        hub.take(some_days(random, kiosk, station, steps=60))
    day = BEGAN.date() + timedelta(days=3)
    before = as_the_hub_has_it(day, hub, exported(day, capsys)["asked"]), stints_on(day, hub, "")
    assert correct(hub, random, day, 18) > 5
    case = exported(day, capsys)
    file = tmp_path / "day.json"
    file.write_text(json.dumps(case))

    assert sim_main(["replay", str(file)]) == 0

    played = json.loads(capsys.readouterr().out)
    found = sorted(
        (one["person"] if not one["person"].startswith("?") else "?", one["from"], one["to"])
        for one in played["stints"]
        if one["station"] == "S-01" and _local_day(one["from"]) == day
    )
    after = as_the_hub_has_it(day, hub, case["asked"]), stints_on(day, hub, case["asked"])
    assert (found, before != after) == (after[1], True)
    assert {name: played["stations"]["S-01"][day.isoformat()][name] for name in after[0]} == after[0]
    assert not any(word in json.dumps(case, ensure_ascii=False) for word in (*WHYS, "样本丙"))


def _local_day(moment: str) -> date:
    return (datetime.fromisoformat(moment) + timedelta(hours=8)).date()


def test_nothing_in_the_file_tells_a_token_or_a_name(hub: LedgerBench, capsys: pytest.CaptureFixture[str]) -> None:
    hub.take(some_days(Random(3), "K-01-1", "S-01", steps=40))

    told = json.dumps(exported(BEGAN.date() + timedelta(days=1), capsys), ensure_ascii=False)

    assert not any(token in told for token in SEEN)
    assert "样本" not in told


def test_two_files_name_a_card_differently(hub: LedgerBench, capsys: pytest.CaptureFixture[str]) -> None:
    hub.take(some_days(Random(3), "K-01-1", "S-01", steps=40))
    day = BEGAN.date() + timedelta(days=1)

    one, other = exported(day, capsys), exported(day, capsys)

    assert one["cards"].keys().isdisjoint(other["cards"].keys())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["S-77", "2026-03-05"], "no station has the code 'S-77'"),
        (["S-01", "5.3."], "wanted is one as 2026-03-05"),
        (["S-01", "0001-01-01"], "a date from 1970 to 2198"),
    ],
)
def test_a_station_or_day_that_is_none_is_said(
    hub: LedgerBench, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    try:
        status = hub_main(["export-day", *arguments])
    except SystemExit as exc:
        status = int(exc.code or 0)

    assert status != 0
    assert told in capsys.readouterr().err
