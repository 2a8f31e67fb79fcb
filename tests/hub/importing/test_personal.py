"""Numbers that must not enter, however they are disguised. All of them are invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.hub.importing.desk import Desk

IDENTITY = "11010519491231002X"  # the example of GB 11643-1999
DISGUISES = [
    IDENTITY,
    "'" + IDENTITY,
    "110105 19491231 002X",
    "110105-19491231-002X",
    "１１０１０５１９４９１２３１００２ｘ",
    "110105\u200b19491231002X",
    f'="{IDENTITY}"',
    f"身份证{IDENTITY}",
    f"ID:{IDENTITY}",
    f"V-{IDENTITY}",
    "110105194912310000",
    "110105194912310021",
    "110105491231002",
    "13800000000",
    "138-0000-0000",
    "138 0000 0000",
    "+86 13800000000",
    "008613800000000",
    "电话13800000000",
]


@pytest.mark.parametrize("typed", DISGUISES)
@pytest.mark.parametrize(
    ("title", "column"), [("志愿者", "志愿者编号"), ("卡", "志愿者编号"), ("志愿者", "姓名"), ("站点", "负责人")]
)
def test_a_persons_own_number_is_refused_and_never_repeated(desk: Desk, title: str, column: str, typed: str) -> None:
    desk.change(title, 2, column, typed)

    faults = desk.faults()

    assert any("not kept here" in fault or "is kept here" in fault for fault in faults)
    assert not any(part in fault for fault in faults for part in (typed, "1949", "4912", "0000"))


@pytest.mark.parametrize("typed", DISGUISES)
@pytest.mark.parametrize(
    ("title", "column"), [("志愿者", "所属站点"), ("站点", "站点编号"), ("站点", "区县"), ("志愿者", "星级")]
)
def test_a_persons_own_number_in_another_cell_is_not_repeated(desk: Desk, title: str, column: str, typed: str) -> None:
    desk.change(title, 2, column, typed)

    assert not any(part in fault for fault in desk.faults() for part in ("1949", "4912", "0000"))


@pytest.mark.parametrize(
    "number", ["V0017", "007147", "140400012345", "14040012345", "20260001", "1404002026000123456"]
)
def test_a_registers_number_is_taken(desk: Desk, number: str) -> None:
    desk.sheets["志愿者"].append([number, "样甲", "", "", ""])

    assert desk.faults() == []


def test_codes_of_many_stations_are_no_persons_number(desk: Desk) -> None:
    codes = ["140401", "140402", "140403", "140404", "140405", "140406"]
    desk.sheets["站点"] += [[code, f"例城{code}学雷锋志愿服务点", "d1", "医院", "", ""] for code in codes]
    desk.change("志愿者", 2, "所属站点", " ".join(codes))

    assert desk.faults() == []
