"""A day that is exported and played again is the day that the hub has."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine

from hub.__main__ import main as hub_main
from hub.intake.rows import moment_of
from hub.ledger.queries import STINT
from simulator.__main__ import main as sim_main
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
    [(["S-77", "2026-03-05"], "no station has the code 'S-77'"), (["S-01", "5.3."], "wanted is one as 2026-03-05")],
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
