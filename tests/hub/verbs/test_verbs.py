"""`zaigang-hub card|person|station|kiosk|history` as somebody at the hub's machine meets them."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from hub.__main__ import main
from hub.database.people_tables import CardRow, Holding, Loss, Volunteer
from hub.database.personal_tables import Telephone
from hub.database.tables import Kiosk, Station
from hub.importing.undoing import UndoMovedError
from hub.verbs import undo_import
from tests.hub.importing.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

NUMBER, UNKNOWN = "04000000000001", "04:00:00:00:00:00:77"


def card_of(city: Desk, number: str) -> str:
    (person,) = [row["person"] for row in city.rows(Volunteer) if row["number"] == number]
    return next(str(row["token"]) for row in city.rows(Holding) if row["person"] == person)


def test_a_lost_card_is_reported_by_whose_it_is(city: Desk, said: Any) -> None:
    status, printed = said("card", "lost", "--of", "V1")

    assert status == 0
    assert f"card lost  person p{printed.partition('person p')[2][:15]}, card {card_of(city, 'V1')[:8]}" in printed
    assert "lost: 2026-03-06 10:00" in printed
    assert [row["token"] for row in city.rows(Loss)] == [card_of(city, "V1")]
    for whose in (["--of", "V1"], [card_of(city, "V1")[:8]]):
        assert said("card", "lost", *whose) == (0, "nothing to change: it is so already\n")


def test_a_card_may_be_found_out_to_have_been_lost_earlier_than_was_said(city: Desk, said: Any) -> None:
    said("card", "lost", "--of", "V1")

    status, printed = said("card", "lost", "--of", "V1", "--since", "2026-03-01 08:00", "--why", "seen by the taps")

    assert status == 0
    assert "lost: 2026-03-06 10:00:00 -> 2026-03-01 08:00:00" in printed
    assert len(city.rows(Loss)) == 1


def test_who_has_given_the_card_back_has_none_to_lose(said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    said("card", "return", "--of", "V1")

    assert said("card", "lost", "--of", "V1")[0] == 1
    assert "has no such card; `zaigang-hub history --person` shows" in said("card", "lost", "--of", "V1")[1]
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "has no such card" not in said("card", "lost", "--of", "V1")[1]


def test_a_card_that_is_found_counts_again(city: Desk, said: Any) -> None:
    said("card", "lost", "--of", "V1", "--since", "2026-03-01", "--why", "said so on Monday")

    status, printed = said("card", "found", "--of", "V1")

    assert (status, "found: 2026-03-06" in printed) == (0, True)
    (loss,) = city.rows(Loss)
    assert loss["until_ms"] > loss["from_ms"]


def test_a_new_card_is_given_by_its_number_which_nobody_sees_again(
    city: Desk, said: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{UNKNOWN}\n"))

    status, printed = said("card", "assign", "-", "--to", "V2")

    assert status == 0
    assert UNKNOWN not in printed
    assert len(city.rows(CardRow)) == 3
    assert "since: always" in printed


def test_a_card_that_is_given_to_another_begins_a_second_holding(city: Desk, said: Any) -> None:
    token = card_of(city, "V1")

    status, _ = said("card", "assign", token[:10], "--to", "V2")

    assert status == 0
    assert len([row for row in city.rows(Holding) if row["token"] == token]) == 2


def test_who_leaves_and_comes_back(city: Desk, said: Any) -> None:
    left = said("person", "left", "V1", "--on", "2026-04-01")
    back = said("person", "back", "V1")

    assert "left on: 2026-04-01" in left[1]
    assert (left[0], back[0]) == (0, 0)
    assert {row["left_on"] for row in city.rows(Volunteer)} == {None}


def test_a_station_closes_with_its_kiosks_or_says_which_are_in_the_way(city: Desk, said: Any) -> None:
    refused = said("station", "close", "h1", "--on", "2026-04-01")
    done = said("station", "close", "h1", "--on", "2026-04-01", "--with-kiosks")

    assert refused[0] == 1
    assert "2026-04-01, and kiosk k1 in service there without an end" in refused[1]
    assert refused[1].endswith("nothing was changed\n")
    assert done[0] == 0
    assert {row["closed_on"] for row in city.rows(Station)} == {None, date(2026, 4, 1)}


def test_a_day_before_its_kiosks_began_is_refused_by_the_name_of_each(city: Desk, said: Any) -> None:
    status, printed = said("station", "close", "h1", "--on", "2026-01-01", "--with-kiosks")

    assert status == 1
    assert "found 2026-01-01, of kiosk k1; wanted is a day after 2026-01-05" in printed


def test_a_reason_that_lacks_is_asked_for_once_however_many_kiosks_go(city: Desk, said: Any) -> None:
    on = "2026-03-01"

    status, printed = said("station", "close", "h1", "--on", on, "--with-kiosks")

    wanted = "wanted is a reason for changing the past; say it with --why"
    told = f"why: found no reason, though it changes what was true from {on} on; {wanted}\nnothing was changed\n"
    assert (status, printed) == (1, told)
    assert said("station", "close", "h1", "--on", on, "--with-kiosks", "--why", "例")[0] == 0


def test_what_stands_in_the_way_is_told_in_the_terminals_language(
    city: Desk, said: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    closing = said("station", "close", "h1", "--on", "2026-04-01")
    lost = said("card", "lost", "--of", "V1", "--since", "2026-03-01")

    assert closing[1] == (
        "日期：现为 2026-04-01，而终端 k1 在那里启用，没有停用日期；应为 其终端都已停用的日期；请先停用终端\n"
        "没有更改任何内容\n"
    )
    assert lost[1].startswith(
        "理由：现为 没有填写理由，而它改变了自 2026-03-01 起的事实；应为 更改过去的理由；请用 --why 说明\n"
    )


def test_a_kiosk_is_retired_from_tomorrow_so_that_what_it_served_today_stays(city: Desk, said: Any) -> None:
    status, _ = said("kiosk", "retire", "k1")

    assert status == 0
    assert date(2026, 3, 7) in {row["in_service_to"] for row in city.rows(Kiosk)}


def test_minimum_is_set_ahead(said: Any) -> None:
    status, printed = said("station", "terms", "h1", "--minimum", "2", "--since", "2027-01-01")

    assert (status, "minimum: 1 -> 2  (from 2027-01-01)" in printed) == (0, True)


def test_a_dry_run_says_what_would_change_and_writes_nothing(city: Desk, said: Any) -> None:
    before = city.everything()

    status, printed = said("kiosk", "retire", "k1", "--dry-run")

    assert status == 0
    assert "in service to: none -> 2026-03-07" in printed
    assert printed.endswith("dry run: nothing was written\n")
    assert city.everything() == before


@pytest.mark.parametrize(
    ("words", "next_step"),
    [
        (
            ["card", "lost", "zzz"],
            "there is no card whose id begins with 'zzz'; wanted is an id as `zaigang-hub history` shows it",
        ),
        (["card", "lost"], "no card is named; wanted is its id, - to type its number, or --of PERSON"),
        (["card", "lost", "--of", "V9"], "wanted is a volunteer's number that was imported"),
        (["person", "left", "V9"], "wanted is a volunteer's number that was imported"),
        (["station", "close", "h9"], "wanted is a station that is entered"),
        (["kiosk", "retire", "k9"], "wanted is a kiosk that is entered"),
        (["kiosk", "retire", "k1", "--on", "2026-03-01"], "say it with --why"),
    ],
)
def test_what_cannot_be_done_says_the_next_step(said: Any, words: list[str], next_step: str) -> None:
    status, printed = said(*words)

    assert status == 1
    assert next_step in printed


@pytest.mark.parametrize(
    "words",
    [
        ["card", "lost", "zzz"], ["card", "lost"], ["card", "lost", "--of", "V9"],
        ["person", "left", "V9"], ["calendar", "show", "h9"], ["calendar", "hours", "h1", "8-12"],
        ["history", "--station", "nowhere"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_names_nothing_is_said_in_chinese_at_a_chinese_terminal(
    said: Any, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    status, printed = said(*words)

    assert status == 1
    assert "wanted" not in printed
    assert "there is" not in printed
    assert re.search("[一-龥]", printed)


def test_a_bad_number_is_not_repeated(said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("08A1B2C3\n"))

    status, printed = said("card", "assign", "-", "--to", "V1")

    assert status == 1
    assert "found 8 characters; wanted is a number that stays" in printed
    assert "08A1B2C3" not in printed


def test_history_tells_who_changed_what_and_why(city: Desk, said: Any) -> None:
    token = card_of(city, "V1")
    said("card", "lost", token, "--why", "left on the bus")
    said("card", "assign", token, "--to", "V2")

    status, printed = said("history", "--person", "V1", "--since", "2026-03-06")

    assert status == 0
    *_, lost, given = printed.splitlines()
    assert lost.startswith("2026-03-06 10:00:")
    assert "clerk  card lost" in lost
    assert lost.endswith("why: left on the bus")
    assert "holder: p" in given
    assert "例" not in printed.replace("例*", "")
    assert len(said("history", "--card", token[:8], "--last", "1")[1].splitlines()) == 2
    assert said("history", "--station", "nowhere") == (
        1,
        "there is no station 'nowhere'; wanted is a code that was imported\n",
    )


def test_history_is_chinese_where_the_terminal_is(said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    said("station", "terms", "h1", "--minimum", "2", "--why", "两人一岗")

    assert (
        "服务时间与在岗要求  站点 h1  最低在岗：1 -> 2  (自 2026-03-06)  理由：两人一岗"
        in said("history", "--station", "h1")[1]
    )


def test_hours_are_told_as_people_write_them(city: Desk, said: Any) -> None:
    printed = said("history", "--station", "b1")[1]

    assert "-> Mon-Fri 09:00-12:00; Sat 10:00-12:00; Sun closed" in printed


def test_without_a_database_it_says_what_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZAIGANG_HUB_DATA_DIR", str(tmp_path / "nothing"))

    status = main(["card", "lost", "--of", "V1"])

    assert status == 78
    assert "first enter the city: zaigang-hub import" in capsys.readouterr().err


def test_a_number_is_kept_of_who_agreed_and_never_printed(
    city: Desk, said: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def typed(text: str = "13800001234") -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{text}\n"))

    typed()
    assert "the day on which they agreed" in said("telephone", "set", "person", "V1")[1]
    typed()
    status, printed = said("telephone", "set", "person", "V1", "--agreed-on", "2026-03-01")
    assert status == 0
    assert "00001234" not in printed  # a person's id may well have four of its digits
    typed("123")
    assert "found 3 characters" in said("telephone", "set", "station", "h1")[1]
    typed()
    assert said("telephone", "set", "lead", "h1")[0] == 0
    assert len(city.rows(Telephone)) == 2
    assert said("telephone", "remove", "person", "V1")[0] == 0
    assert [row["whose"] for row in city.rows(Telephone)] == ["lead"]


def test_somebody_who_has_left_is_erased_for_good(city: Desk, said: Any) -> None:
    early, printed = said("person", "erase", "V1", "--why", "asked for it")
    assert (early, "who has not left" in printed) == (1, True)
    said("person", "left", "V1")

    status, printed = said("person", "erase", "V1", "--why", "asked for it")

    assert status == 0
    assert "person erased" in printed
    assert [row["full_name"] for row in city.rows(Volunteer) if row["erased_on"]] == [""]
    assert "例乙丑" not in str(city.everything())
    assert said("person", "left", "V1")[0] == 1
    assert main(["import", *map(str, city.write())]) == 1


def test_an_import_is_listed_and_undone_and_what_is_entered_is_exported(city: Desk, said: Any, tmp_path: Path) -> None:
    status, printed = said("export", str(tmp_path / "out.xlsx"))
    assert (status, "volunteers        2" in printed) == (0, True)
    assert (tmp_path / "out.xlsx").stat().st_mode & 0o777 == 0o600
    assert "0 added      0 changed" in said("import", str(tmp_path / "out.xlsx"))[1].replace("     0 added", "0 added")
    assert "     1  2026-03-06 10:00  clerk" in said("undo-import")[1]

    assert said("undo-import", "1", "--yes")[0] == 0

    assert not city.rows(Volunteer)
    assert "undone by clerk" in said("undo-import")[1]
    assert said("undo-import", "1", "--yes")[0] == said("undo-import", "1")[0] == 1


class Keys(io.StringIO):
    """Somebody at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("typed", "is_done"), [("y\n", True), ("是\n", True), ("\n", False), ("n\n", False), ("", False)]
)
def test_an_import_is_undone_once_somebody_saw_what_that_would_do(
    city: Desk, said: Any, monkeypatch: pytest.MonkeyPatch, typed: str, is_done: bool
) -> None:
    monkeypatch.setattr("sys.stdin", Keys(typed))

    status, printed = said("undo-import", "1")

    assert "  volunteers: 2 go, 0 are as before\n" in printed
    assert "take it back? [y/N]" in printed
    assert (status, bool(city.rows(Volunteer))) == ((0, False) if is_done else (1, True))
    assert ("rows are as they were before import 1" in printed) == is_done
    assert ("nothing was changed" in printed) != is_done


def test_where_nobody_can_be_asked_an_import_stays(city: Desk, said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    status, printed = said("undo-import", "1")

    assert (status, len(city.rows(Volunteer))) == (1, 2)
    assert "  志愿者：2 条删除，0 条恢复原样\n" in printed
    assert printed.endswith("没有更改任何内容；脚本请加 --yes\n")


def test_what_came_in_between_is_shown_before_it_is_undone(
    city: Desk, said: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = undo_import.undo_import, list[str]()

    def moved_once(*args: Any, **more: Any) -> Any:
        calls.append(more["seen"])
        if len(calls) == 1:
            raise UndoMovedError("it would take back something else than was shown")
        return real(*args, **more)

    monkeypatch.setattr(undo_import, "undo_import", moved_once)
    monkeypatch.setattr("sys.stdin", Keys("y\ny\n"))

    status, printed = said("undo-import", "1")

    assert (status, printed.count("take it back?"), len(calls)) == (0, 2, 2)
    assert "somebody changed the city just now" in printed


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["federation", "--district", "d1"], "it has the whole city"), (["city", "--station", "h1"], "the whole city"),
        (["county", "--district", "d1", "--station", "h1"], "takes --district"),
        (["lead", "--station", "h1", "--district", "d2"], "takes --station"),
        (["county", "--kind", "bank"], "has one district"),
    ],
)  # fmt: skip
def test_a_role_is_limited_only_by_what_makes_sense(city: Desk, said: Any, words: list[str], wanted: str) -> None:
    status, printed = said("user", "invite", "li", "--role", *words)

    assert status == 1
    assert wanted in printed
    assert city.rows(Station)
