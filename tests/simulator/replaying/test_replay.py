"""Days that were worked out by hand from the rules come out so, in whatever order their records come."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.__main__ import main

CASES = sorted((Path(__file__).parents[2] / "golden" / "replay").glob("*.json"))
LATER = {"five_hours", "credited"}  # what comes with the ledger of hours
WAYS = {
    "as it came": [],
    "with restarts": ["--restart-every", "7"],
    "in another order": ["--shuffle", "3"],
    "twice, in another order, with restarts": ["--double", "--shuffle", "5", "--restart-every", "11"],
}


def otherwise(wanted: Any, found: Any, where: str = "") -> Iterator[str]:
    """Where what was found lacks, or says otherwise, what is wanted."""
    if isinstance(wanted, dict):
        for key in wanted.keys() - LATER:
            if not isinstance(found, dict) or key not in found:
                yield f"{where}.{key} is missing"
            else:
                yield from otherwise(wanted[key], found[key], f"{where}.{key}")
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for number, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from otherwise(one, other, f"{where}[{number}]")
    elif wanted != found:
        yield f"{where}: {found}, wanted {wanted}"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_day_is_as_it_was_worked_out_by_hand(case: Path, way: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(case), *WAYS[way]]) == 0

    found = json.loads(capsys.readouterr().out)
    assert list(otherwise(json.loads(case.read_text())["expect"], found)) == []


def test_a_row_of_the_board_is_told_for_each_moment_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = json.loads(CASES[0].read_text())
    case["ask"] = ["2026-03-05T01:05:00.000Z", "2026-03-05T02:00:00.000Z", "2026-03-05T06:40:00.000Z"]
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case))

    main(["replay", str(file)])

    board = json.loads(capsys.readouterr().out)["board"]
    rows = [board[at]["S-01"] for at in case["ask"]]
    assert [(row["class"], row["on_duty"], row["stepped_out"]) for row in rows] == [
        ("met", 1, 1),
        ("met", 2, 0),
        ("vacant", 0, 0),
    ]
    assert {row["since"] for row in rows[:2]} == {"2026-03-05T00:00:00.000Z"}  # stepping out began no new met


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda case: case.pop("kiosks"), "'kiosks' is missing"),
        (lambda case: case["kiosks"]["A"].update(station="S-9"), "station 'S-9' is not among the stations"),
        (lambda case: case["records"][0].update(kiosk="Z"), "records[0].kiosk: 'Z' is not among the kiosks"),
        (lambda case: case["records"][0].update(received_at="yesterday"), "wanted is a moment with its offset"),
        (lambda case: case["stations"]["S-01"].update(minimum=3), "wanted is 1 <= minimum <= target"),
        (lambda case: case["stations"]["S-01"].update(limits={"grace": "long"}), "wanted is a number of seconds"),
        (lambda case: case.update(zone="Moon"), "wanted is a zone like Asia/Shanghai"),
    ],
)
def test_a_file_that_is_no_case_is_refused_with_what_is_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: Any, told: str
) -> None:
    case = json.loads(CASES[0].read_text())
    change(case)
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case))

    status = main(["replay", str(file)])

    assert status == 78
    assert told in capsys.readouterr().err
