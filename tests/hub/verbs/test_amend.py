"""`zaigang-hub amend` as somebody at the hub's machine meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.hub.importing.desk import Desk


def test_a_tap_is_added_taken_back_and_told_in_history(city: Desk, said: Any) -> None:
    added = said("amend", "add", "h1", "V1", "arrive", "2026-03-05 08:00", "--why", "忘记刷卡", "--asked-by", "V1")

    assert added[0] == 0
    assert "tap added  station h1, person p" in added[1]
    assert "action: arrive; at: 2026-03-05 08:00:00; proven: no" in added[1]
    told = said("history", "--station", "h1")[1]
    assert "tap added" in told
    assert "忘记刷卡" in told


def test_what_cannot_be_is_said_and_nothing_is_changed(city: Desk, said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    status, printed = said("amend", "void", "h1", "k1/0123456789abcdef/7", "--why", "错刷")

    assert status == 1
    assert printed == "原记录：现为 k1/0123456789abcdef/7；应为 h1 的刷卡记录\n没有更改任何内容\n"


@pytest.mark.parametrize("asked", [("void",), ("confirm",), ("retime", "2026-03-05 08:00")])
def test_a_station_that_there_is_not_is_said_to_be_none(city: Desk, said: Any, asked: tuple[str, ...]) -> None:
    did, *more = asked

    status, printed = said("amend", did, "nowhere", "k1/0123456789abcdef/7", *more, "--why", "错刷")

    assert (status, printed) == (1, "there is no station 'nowhere'; wanted is a code that was imported\n")


def test_a_tap_of_before_the_station_began_is_refused(city: Desk, said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    status, printed = said("amend", "add", "h1", "V1", "arrive", "2020-03-05 08:00", "--why", "忘记刷卡")

    assert status == 1
    assert "现为 2020-03-05 08:00:00；应为 2026-01-05（该站点的第一天）或以后的日期" in printed
    assert printed.endswith("没有更改任何内容\n")


def test_the_taps_of_a_day_are_listed_by_name(city: Desk, said: Any) -> None:
    assert said("amend", "taps", "h1", "2026-03-05") == (0, "nobody tapped at this station on that day\n")
