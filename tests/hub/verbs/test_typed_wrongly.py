"""What somebody types wrongly, or too early, is answered with a sentence in their language; nothing is half done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.database.tables import Kiosk
from tests.hub.importing.desk import Desk
from tests.hub.test_holidays import NOTICE_2027

if TYPE_CHECKING:
    from pathlib import Path


def test_no_kiosk_is_ended_for_another_that_cannot_be_made(city: Desk, said: Any, tmp_path: Path) -> None:
    kiosks = city.rows(Kiosk)

    status, printed = said("kiosk", "replace", "k1", "k1-b", "--out", str(tmp_path / "new"))

    assert (status, "zaigang-hub ca issue-broker NAME" in printed) == (1, True)
    assert city.rows(Kiosk) == kiosks


def test_a_kiosk_is_not_replaced_by_itself(city: Desk, said: Any, tmp_path: Path) -> None:
    kiosks = city.rows(Kiosk)

    status, printed = said("kiosk", "replace", "k1", "k1", "--out", str(tmp_path / "new"))

    assert (status, "wanted is a new id" in printed) == (1, True)
    assert city.rows(Kiosk) == kiosks


@pytest.mark.parametrize(
    "words",
    [
        ("holidays", "paste", "FILE"), ("channel", "add", "a", "--from-file", "FILE"),
        ("kiosk", "config", "k1", "--file", "FILE"), ("import-journal", "FILE"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_said_in_chinese(
    words: tuple[str, ...], city: Desk, said: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    missing, folder, noise = city.folder / "无.txt", city.folder, city.folder / "noise.bin"
    noise.write_bytes(b"\xff\x00\x81\xff")

    assert said(*(str(missing) if word == "FILE" else word for word in words)) == (
        1, f"{missing}：没有这个文件或文件夹\n",
    )  # fmt: skip
    assert said(*(str(folder) if word == "FILE" else word for word in words)) == (
        1,
        f"{folder}：这是文件夹，不是文件\n",
    )
    assert said(*(str(noise) if word == "FILE" else word for word in words))[0] == 1


def test_a_notice_is_read_as_the_editor_here_saves_it(city: Desk, said: Any) -> None:
    file = city.folder / "通知.txt"
    file.write_bytes(NOTICE_2027.encode("gb18030"))

    status, printed = said("holidays", "paste", str(file), "--dry-run")

    assert (status, "2027-01-01" in printed) == (0, True), printed


def test_an_export_names_the_file_that_was_asked_for(city: Desk, said: Any) -> None:
    nowhere = city.folder / "nowhere" / "资料.xlsx"

    assert said("export", str(nowhere)) == (1, f"{nowhere}: No such file or directory\n")


def test_an_export_is_a_workbook_by_its_name(city: Desk, said: Any) -> None:
    file = city.folder / "资料.csv"

    status, printed = said("export", str(file))

    assert (status, file.exists(), ".xlsx" in printed) == (1, False, True)


@pytest.mark.parametrize(
    "words",
    [
        ("amend", "taps", "nowhere", "2026-03-05"), ("kiosk", "commands", "nowhere"), ("history", "--station", "nowhere"),
        ("calendar", "show", "nowhere"), ("export-day", "nowhere", "2026-03-05"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_shown_as_empty(words: tuple[str, ...], city: Desk, said: Any) -> None:
    status, printed = said(*words)

    assert (status, "nowhere" in printed) == (1, True)


@pytest.mark.parametrize(
    "words", [("amend", "taps", "h1", "2026-03-05"), ("kiosk", "commands", "k1"), ("user", "list"), ("alarm", "list")]
)
def test_an_empty_list_says_so(words: tuple[str, ...], city: Desk, said: Any) -> None:
    status, printed = said(*words)

    assert (status, bool(printed.strip())) == (0, True)


def test_nothing_is_halted_that_is_not_offered(city: Desk, said: Any) -> None:
    assert said("update", "halt") == (1, "nothing is offered yet; first: zaigang-hub update offer BUNDLE\n")
