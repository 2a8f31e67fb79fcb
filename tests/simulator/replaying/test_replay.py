"""Days that were worked out by hand from the rules come out so, in whatever order their records come."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from simulator.__main__ import main
from simulator.replaying.case import read_case
from simulator.replaying.shape import CaseError

CASES = sorted((Path(__file__).parents[2] / "golden" / "replay").glob("*.json"))
WAYS = {
    "as it came": [],
    "with restarts": ["--restart-every", "7"],
    "in another order": ["--shuffle", "3"],
    "twice, in another order, with restarts": ["--double", "--shuffle", "5", "--restart-every", "11"],
}


def otherwise(wanted: Any, found: Any, where: str = "") -> Iterator[str]:
    """Where what was found lacks, or says otherwise, what is wanted."""
    if isinstance(wanted, dict):
        for key in wanted:
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


def test_a_row_is_of_its_very_moment_and_tells_since_when_it_has_been_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = json.loads(CASES[3].read_text())  # 21:00 to 24:00 and 00:00 to 02:00, somebody there from 20:50 to 02:10
    shown = {
        "2026-03-05T12:59:59.999Z": ("closed", "2026-03-04T18:00:00.000Z"),
        "2026-03-05T13:00:00.000Z": ("minimum", "2026-03-05T13:00:00.000Z"),
        "2026-03-05T17:00:00.000Z": ("minimum", "2026-03-05T13:00:00.000Z"),  # 01:00 of the next day
        "2026-03-05T18:00:00.000Z": ("closed", "2026-03-05T18:00:00.000Z"),
    }
    file = tmp_path / "case.json"
    file.write_text(json.dumps({**case, "ask": list(shown)}))

    assert main(["replay", str(file)]) == 0

    board = json.loads(capsys.readouterr().out)["board"]
    assert {at: (rows["S-01"]["class"], rows["S-01"]["since"]) for at, rows in board.items()} == shown


def test_a_record_that_the_hub_cannot_read_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = json.loads(CASES[0].read_text())
    tap = next(entry for entry in case["records"] if entry["record"].get("action") == "arrive")
    del tap["record"]["card_kind"]
    file = tmp_path / "case.json"

    for way in WAYS.values():
        file.write_text(json.dumps(case))
        assert main(["replay", str(file), *way]) == 0
        assert json.loads(capsys.readouterr().out)["unread"] == [[tap["kiosk"], tap["epoch"], tap["record"]["seq"]]]


def test_a_day_that_runs_needs_what_the_whole_of_it_asks_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = json.loads(CASES[0].read_text())
    file = tmp_path / "case.json"
    file.write_text(json.dumps({**case, "asked": "2026-03-05T04:00:00.000Z"}))  # noon: open for 3.5 h so far, of 6.5 h

    assert main(["replay", str(file)]) == 0

    day = json.loads(capsys.readouterr().out)["stations"]["S-01"]["2026-03-05"]
    assert day["open"] == 12600
    assert day["five_hours"] == {"union": 12600, "needed": 17400, "verdict": "running"}


def test_who_came_before_the_opening_and_waits_for_it_is_off_hours_until_then(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = json.loads(CASES[0].read_text())
    tap = next(entry for entry in case["records"] if entry["record"].get("action") == "arrive")
    tap["record"]["at"] = tap["received_at"] = "2026-03-04T22:30:00.000Z"  # 06:30, for 08:00
    case["records"] = [*case["records"][:2], {**tap, "record": {**tap["record"], "seq": 3}}]
    file = tmp_path / "case.json"
    kinds = []

    for asked in ("2026-03-04T23:59:59.000Z", "2026-03-05T00:00:00.000Z"):
        file.write_text(json.dumps({**case, "asked": asked}))
        assert main(["replay", str(file)]) == 0
        kinds += [stint["kind"] for stint in json.loads(capsys.readouterr().out)["stints"]]

    assert kinds == ["off_hours", "duty"]


AFTERNOON = {
    "station": "S-01", "change": "add", "person": "p-a", "made_at": "2026-03-06T02:00:00+08:00", "evidence": "第1页第2行",
}  # fmt: skip
CORRECTED = [
    {**AFTERNOON, "action": "arrive", "at": "2026-03-05T14:30:00+08:00"},
    {**AFTERNOON, "action": "leave", "at": "2026-03-05T17:30:00+08:00"},
]


@pytest.mark.parametrize("way", WAYS)
def test_what_leads_corrected_counts_in_whatever_order_records_come(
    way: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = json.loads(CASES[0].read_text())
    file = tmp_path / "case.json"
    file.write_text(json.dumps({**case, "corrections": CORRECTED}))

    assert main(["replay", str(file), *WAYS[way]]) == 0

    day = json.loads(capsys.readouterr().out)["stations"]["S-01"]["2026-03-05"]
    assert case["expect"]["stations"]["S-01"]["2026-03-05"]["seconds"]["vacant"] == 3 * 3600
    assert (day["seconds"]["minimum"], day["seconds"]["vacant"]) == (1800 + 3 * 3600, 0)


def test_a_tap_that_a_kiosk_wrote_is_taken_out_and_put_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = json.loads(CASES[0].read_text())
    tap = next(entry for entry in case["records"] if entry["record"].get("action") == "arrive")
    out = {"station": "S-01", "change": "void", "made_at": AFTERNOON["made_at"]}
    out |= {"of": [tap["kiosk"], tap["epoch"], tap["record"]["seq"]]}
    back = {**out, "of": 0}
    file = tmp_path / "case.json"
    found = []

    for corrections in ([], [out], [out, back]):
        file.write_text(json.dumps({**case, "corrections": corrections}))
        assert main(["replay", str(file)]) == 0
        found.append(json.loads(capsys.readouterr().out)["stints"])

    assert found[1] != found[0]
    assert found[2] == found[0]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"change": "bend"}, "wanted is one of void, retime, confirm, add"),
        ({"made_at": "2026-03-06T02:00:00"}, "wanted is a moment with its offset"),
        ({"person": "p z"}, "corrections[0].person: 'p z'; wanted is 1 to 32 letters"),
        ({"station": "S-77"}, "corrections[0]."),
        ({"change": "void", "of": 3}, "of: 3; wanted is the number of one that was made before it"),
        ({"at": "2027-03-05T17:30:00+08:00"}, "wanted is a moment that has been"),
        ({"change": "void", "of": ["A", "f" * 16, 9]}, "corrections[0]."),
    ],
)
def test_a_correction_that_cannot_be_made_is_refused_with_the_reason(
    wrong: dict[str, Any], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps({**json.loads(CASES[0].read_text()), "corrections": [{**CORRECTED[0], **wrong}]}))

    assert main(["replay", str(file)]) == 78

    said = capsys.readouterr().err
    assert said.startswith(f"{file}: ")
    assert told in said


CLAIMED = next(case for case in CASES if case.stem == "51-claimed-and-confirmed")


@pytest.mark.parametrize(
    "spell", [list, lambda of: dict(zip(("kiosk", "epoch", "seq"), of, strict=True)), "{0[0]}/{0[1]}/{0[2]}".format]
)
def test_what_a_lead_accepted_is_named_in_any_of_three_ways(
    spell: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = json.loads(CLAIMED.read_text())
    file = tmp_path / "case.json"
    verdicts = []

    for confirmed in ([], [spell(of) for of in case["confirmed"]]):
        file.write_text(json.dumps({**case, "confirmed": confirmed}))
        assert main(["replay", str(file)]) == 0
        verdicts.append(json.loads(capsys.readouterr().out)["stations"]["S-01"]["2026-03-05"]["five_hours"]["verdict"])

    assert verdicts == ["missing", "supplemented"]


@pytest.mark.parametrize(
    "of",
    [
        7,
        "A",
        "A/x",
        "Z/a1a1a1a1a1a1a1a1/2",
        [],
        ["A", "a1" * 8],
        ["A", "a1" * 8, 999],
        ["A", 7, 2],
        [["A"], 1, 2],
        {"kiosk": "A"},
    ],
)
def test_what_was_accepted_and_is_no_tap_is_refused_with_its_place(
    of: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps({**json.loads(CLAIMED.read_text()), "confirmed": [of]}))

    assert main(["replay", str(file)]) == 78

    said = capsys.readouterr().err
    assert said.startswith(f"{file}: confirmed[0]")
    assert "wanted is" in said
    assert said.count("\n") == 1


HELD = {"person": "p-a", "from": "2026-03-05T00:00:00Z", "until": None}


def hours(case: dict[str, Any]) -> list[Any]:
    return case["stations"]["S-01"]["calendar"]["2026-03-05"]


def card(case: dict[str, Any]) -> dict[str, Any]:
    return next(iter(case["cards"].values()))


NO_CASE = pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda case: case.pop("kiosks"), "'kiosks' is missing"),
        (lambda case: case["kiosks"]["A"].update(station="S-9"), "station 'S-9' is not among the stations"),
        (lambda case: case["records"][0].update(kiosk="Z"), "records[0].kiosk: 'Z' is not among the kiosks"),
        (lambda case: case["records"][0].update(received_at="yesterday"), "wanted is a moment with its offset"),
        (lambda case: case["stations"]["S-01"].update(minimum=3), "wanted is 1 <= minimum <= target"),
        (lambda case: case["stations"]["S-01"].update(limits={"grace": "long"}), "wanted is a number of seconds"),
        (lambda case: case.update(zone="Moon"), "wanted is a zone like Asia/Shanghai"),
        (lambda case: case.update(cards=None), "cards: None; wanted is an object, by name"),
        (
            lambda case: case["stations"]["S-01"].update(target="2"),
            "stations.S-01.target: '2'; wanted is a whole number",
        ),
        (lambda case: case["stations"]["S-01"].update(limits={"grace": 1e300}), "wanted is a number of seconds"),
        (lambda case: case["stations"]["S-01"]["calendar"].update({"9999-01-01": []}), "wanted is a day in the years"),
        (lambda case: hours(case).append(["11:00", "12:00"]), "calendar.2026-03-05: [['08:00', '11:30']"),
        (lambda case: hours(case).append(["11:00", "12:00"]), "two of them overlap, wanted are periods apart"),
        (lambda case: card(case).update(holdings=[HELD, {**HELD, "person": "p-b"}]), ".holdings: two of them overlap"),
        (lambda case: card(case).update(lost=[{"from": None}, {"from": "2026-03-05"}]), ".lost: two of them overlap"),
        (
            lambda case: case["stations"]["S-01"].update(terms=[{"from": "2026-03-05"}] * 2),
            "2026-03-05 stands there twice",
        ),
        (
            lambda case: case["kiosks"]["A"].update(in_service_from="soon"),
            "kiosks.A.in_service_from: 'soon'; wanted is a day",
        ),
        (
            lambda case: case["kiosks"]["A"].update(in_service_from="2026-03-05", in_service_to="2026-03-05"),
            "kiosks.A: in",
        ),
        (lambda case: case["records"][1]["record"].update(reason="\ud800"), "records[1].record: "),
        (lambda case: case["records"][1]["record"].update(mono_ms=float("nan")), "records[1].record: "),
        (
            lambda case: case["records"][1]["record"].update(seq=10**30),
            "; wanted is a record with its seq",
        ),
        (
            lambda case: case.update(corrections=[{**CORRECTED[0], "evidence": True}]),
            "corrections[0].evidence: True; wanted",
        ),
        (
            lambda case: case.update(corrections=[{**CORRECTED[0], "action": [1]}]),
            "corrections[0].action: [1]; wanted is",
        ),
        (lambda case: case["kiosks"]["A"].update(station="S 9"), "kiosks.A: 'S 9'; wanted is 1 to 32 letters"),
        (lambda case: case.update(corrections=[{**CORRECTED[0], "change": "bend"}]), "wanted is one of void"),
        (lambda case: case.update(corrections=[{**CORRECTED[0], "station": "S-77"}]), "corrections[0]."),
        (lambda case: case.update(corrections=[{**CORRECTED[0], "change": "void", "of": 3}]), "of: 3; wanted is"),
        (lambda case: case.update(corrections=[{**CORRECTED[0], "change": "void"}]), "'of' is missing"),
        (lambda case: case.update(confirmed=[7]), "confirmed[0]: 7; wanted is"),
    ],
)


@NO_CASE
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


@NO_CASE
def test_a_file_that_is_no_case_is_refused_in_chinese_where_the_terminal_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, change: Any, told: str
) -> None:
    del told  # of English
    case = json.loads(CASES[0].read_text())
    change(case)
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case))
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    assert main(["replay", str(file)]) == 78

    said = capsys.readouterr().err.removeprefix(f"{file}：")
    assert re.search(r"应|不重叠|每天只", said)
    assert re.search(r"\b(is|are|wanted|a|the|one|of [a-z]+)\b", said) is None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "从第 1 行第 2 列起不是 JSON；应为 zaigang-hub export-day 写出的案例文件\n"),
        (b"\xff", "不是 UTF-8 文本；应为 zaigang-hub export-day 写出的案例文件\n"),
        (b"[" * 100_000, "嵌套太深，或有过长的数字；应为 zaigang-hub export-day 写出的案例文件\n"),
    ],
)
def test_a_file_that_is_hardly_json_is_refused_in_chinese_where_the_terminal_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, content: bytes, told: str
) -> None:
    file = tmp_path / "case.json"
    file.write_bytes(content)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    assert main(["replay", str(file)]) == 78

    assert capsys.readouterr().err == f"{file}：{told}"


WRONG = [
    None,
    True,
    -1,
    1e300,
    float("nan"),
    float("inf"),
    10**30,
    "",
    "x",
    "\ud800",
    "9999-12-31T23:59:59Z",
    [],
    {},
    [[]],
    {"a": 1},
]


def places(part: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a case, of lists their first."""
    yield where
    for key in part if isinstance(part, dict) else range(min(len(part), 1)) if isinstance(part, list) else ():
        yield from places(part[key], (*where, key))


def test_whatever_is_wrong_at_whatever_place_is_read_or_refused(tmp_path: Path) -> None:
    case = json.loads(CASES[0].read_text()) | {"records": json.loads(CASES[0].read_text())["records"][:2]}
    case |= {"ask": ["2026-03-05T01:00:00Z"], "corrections": CORRECTED}
    card(case).update(holdings=[HELD], lost=[{"from": "2026-03-06", "until": None}])
    case["stations"]["S-01"].update(limits={"grace_min": 20}, terms=[{"from": "2026-03-05", "target": 1}])
    case.pop("expect")
    file = tmp_path / "case.json"

    for where in list(places(case)):
        for wrong in WRONG:
            changed: Any = {"": json.loads(json.dumps(case))}
            part, key = changed, ""
            for step in where:
                part, key = part[key], step
            part[key] = wrong
            file.write_text(json.dumps(changed[""]))
            with suppress(CaseError):  # anything else is a fault of who reads it
                read_case(file)


def test_a_file_that_is_not_there_is_told_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "nowhere.json"

    assert main(["replay", str(file)]) == 78

    assert capsys.readouterr().err.startswith(f"{file}: it cannot be read: No such file")


def test_a_file_that_is_hardly_json_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "case.json"

    for content in (b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"zone":' + b"9" * 5000 + b"}"):
        file.write_bytes(content)
        with pytest.raises(CaseError):
            read_case(file)
