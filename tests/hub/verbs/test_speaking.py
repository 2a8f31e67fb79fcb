"""What was changed, told in one language: no word of the other in it."""

from __future__ import annotations

import pytest

from hub.changing.speaking import Speaking


@pytest.mark.parametrize(
    ("is_chinese", "days", "proven"),
    [
        (True, "：2027-01-01 放假 元旦、2027-01-31 上班 春节；", "：否"),
        (False, ": 2027-01-01 off 元旦,2027-01-31 work 春节;", ": no"),
    ],
)
def test_days_off_and_yes_or_no_are_told_in_the_language_of_who_reads(is_chinese: bool, days: str, proven: str) -> None:
    after = {"holidays": ["2027-01-01 off 元旦", "2027-01-31 work 春节"], "is_proven": False}

    line = Speaking(is_chinese).line("set_holiday", {}, {}, after, "")

    assert days in line
    assert line.endswith(proven)


WEEK = [
    [0, 480, 690, ["p1"]],
    [0, 840, 1020, ["p2", "p3"]],
    [1, 480, 690, ["p1"]],
    [1, 840, 1020, ["p2", "p3"]],
    [5, 480, 690, ["p1"]],
]


@pytest.mark.parametrize(
    ("facts", "zh", "en"),
    [
        ({"shifts": WEEK}, "周一-周二 08:00-11:30 p1，14:00-17:00 p2 p3；周六 08:00-11:30 p1",
         "Mon-Tue 08:00-11:30 p1, 14:00-17:00 p2 p3; Sat 08:00-11:30 p1"),
        ({"shifts": [[480, 690, ["p1"]]]}, "08:00-11:30 p1", "08:00-11:30 p1"),
        ({"shifts": []}, "无人", "nobody"),
        ({"technology": "em4100"}, "ID 卡", "ID card, 125 kHz"),
        ({"technology": "iso14443a"}, "NFC 卡", "NFC card"),
    ],
)  # fmt: skip
def test_a_roster_and_a_card_are_told_in_words(facts: dict[str, object], zh: str, en: str) -> None:
    told = [Speaking(is_chinese).line("x", {}, {}, facts, "") for is_chinese in (True, False)]

    assert [told[0].partition("：")[2], told[1].partition(": ")[2]] == [zh, en]


def test_what_there_was_no_word_of_before_is_not_said_to_have_been_nothing() -> None:
    def told(before: dict[str, str], after: dict[str, str]) -> str:
        return Speaking(is_chinese=True).line("confirm_tap", {}, before, after, "")

    assert told({}, {"action": "arrive"}) == "认可刷卡  动作：上岗"
    assert told({"action": ""}, {"action": "arrive"}) == "认可刷卡  动作：无 -> 上岗"
    assert told({"action": "arrive"}, {}) == "认可刷卡  动作：上岗 -> 无"


def test_what_a_change_left_as_it_was_is_not_told() -> None:
    line = Speaking(is_chinese=True).line(
        "set_shift_day", {"station": "S-01"}, {"reason": ""}, {"reason": "", "shifts": []}, ""
    )

    assert line == "换班  站点 S-01  应到：无人"


@pytest.mark.parametrize(
    ("reason", "zh", "en"),
    [
        ("import 卡.csv, 站点.xlsx", "导入 卡.csv，站点.xlsx", "import 卡.csv, 站点.xlsx"),
        ("undo import 7", "撤销导入 7", "import undone 7"),
        ("负责人来电", "负责人来电", "负责人来电"),
    ],
)
def test_a_reason_that_nobody_typed_is_told_in_words(reason: str, zh: str, en: str) -> None:
    assert [Speaking(one).reason(reason) for one in (True, False)] == [zh, en]
