"""What the board says, in the words that an operator reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hub.asking.catalogue import KINDS
from hub.findings import WORDS as FINDING_WORDS
from hub.presence.board_view import Cause, ExpectedOne, Reason
from hub.presence.station_day import STEMS, UNKNOWN_CARD, VOLUNTEER
from hub.web.kiosks.words import COMMAND_WORDS
from hub.web.kit.language import Language, translations
from hub.web.kit.row_words import asides, expected, missing, next_change, opens_in, short_name, todo, why
from hub.web.kit.words import day_word, duration, kind_word
from hub.web.station.words import BAR_ROLE_WORDS, FINDINGS, LETTERS, letter_word
from station.hours import SHANGHAI
from tests.hub.pages.board_source import CLOSED, MET, MINIMUM, MORNING, UNKNOWN, VACANT, ZONE, at, make_row

ZH = translations(Language.ZH).gettext
EN = translations(Language.EN).gettext

STATION = make_row("ZG-01", "站", "区", "bank", VACANT, lead="吴* 139****0000")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("人民医院学雷锋志愿服务点", "人民医院"),
        ("柳荫社区学雷锋志愿服务站", "柳荫社区"),
        ("柳荫社区志愿者服务站", "柳荫社区"),
        ("云州市北湖区新时代文明实践学雷锋志愿服务站", "云州市北湖区"),
        ("学雷锋志愿服务站", "学雷锋志愿服务站"),
        ("志愿服务驿站", "志愿服务驿站"),
    ],
)
def test_the_ending_that_all_names_share_is_left_away(name: str, short: str) -> None:
    assert short_name(replace(STATION, name=name), "") == short


@pytest.mark.parametrize(
    ("name", "given", "short"),
    [
        ("云州市北湖区人民医院学雷锋志愿服务点", "", "人民医院"),
        ("北湖区人民医院", "", "人民医院"),
        ("云州市图书馆", "", "图书馆"),
        ("北湖区", "", "北湖区"),
        ("北湖支行", "", "北湖支行"),
        ("云州市北湖区人民医院", "区医院", "区医院"),
        ("北湖区人民医院", "北湖区人民医院", "人民医院"),
    ],
)
def test_what_the_board_says_anyway_is_left_away(name: str, given: str, short: str) -> None:
    row = replace(STATION, name=name, short_name=given, district="北湖区")

    assert short_name(row, "云州市") == short


@pytest.mark.parametrize(
    ("length", "zh", "en"),
    [
        (timedelta(seconds=-5), "0 分钟", "0 min"),
        (timedelta(seconds=659), "10 分钟", "10 min"),
        (timedelta(minutes=60), "1 小时 0 分", "1 h 0 min"),
        (timedelta(hours=49, minutes=30), "2 天 1 小时", "2 d 1 h"),
    ],
)
def test_durations_are_rounded_down(length: timedelta, zh: str, en: str) -> None:
    assert duration(length, ZH) == zh
    assert duration(length, EN) == en


def test_whom_the_roster_expects_is_said_with_who_has_not_come() -> None:
    come, late = ExpectedOne("p1", "张*", has_come=True), ExpectedOne("p2", "李*", has_come=False)
    assert (expected(STATION, ZH), missing(STATION, ZH)) == ("", "")
    assert expected(replace(STATION, expected=(late, come)), ZH) == "应到 张*、李*；李* 未到"
    assert expected(replace(STATION, expected=(late, come)), EN) == "expected: 张*, 李*; 李* not here yet"
    assert expected(replace(STATION, expected=(come,)), ZH) == "应到 张*；已到齐"
    nameless = replace(STATION, lead="张*", expected=(late, come)).nameless()
    assert (expected(nameless, ZH), nameless.lead) == ("应到 2 人；1 人未到", "")


def test_the_next_change_names_the_day_only_where_it_is_another() -> None:
    assert next_change(STATION, MORNING, ZONE, ZH) == "11:30 关闭"
    closed = replace(STATION, duty_class=CLOSED, is_open=False, next_change_at=at(14, 30))
    assert next_change(closed, MORNING, ZONE, ZH) == "14:30 开放"
    assert (
        next_change(replace(closed, opens_soon=True), MORNING, ZONE, ZH)
        == "14:30 开放，现有 0\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}2"
    )
    assert next_change(replace(closed, opens_soon=True, on_duty=1), MORNING, ZONE, EN) == "opens 14:30, 1 of 2 there"
    tomorrow = replace(closed, next_change_at=at(8) + timedelta(days=1))
    assert next_change(tomorrow, MORNING, ZONE, ZH) == "周五 08:00 开放"
    assert next_change(tomorrow, MORNING, ZONE, EN) == "opens Fri 08:00"
    assert next_change(replace(closed, next_change_at=None), MORNING, ZONE, ZH) == ""


@pytest.mark.parametrize(
    ("before", "zh", "en"),
    [
        (timedelta(minutes=25), "25 分钟后开放", "opens in 25 min"),
        (timedelta(minutes=24, seconds=1), "25 分钟后开放", "opens in 25 min"),
        (timedelta(seconds=1), "1 分钟后开放", "opens in 1 min"),
        (timedelta(hours=1), "1 小时 0 分后开放", "opens in 1 h 0 min"),
    ],
)
def test_the_time_to_an_opening_is_said_in_minutes_that_have_begun(before: timedelta, zh: str, en: str) -> None:
    said = opens_in(at(14, 30), at(14, 30) - before, ZONE, ZH)
    assert said.striptags() == zh
    assert 'data-until="2026-03-05T14:30:00+08:00"' in said
    assert opens_in(at(14, 30), at(14, 30) - before, ZONE, EN).striptags() == en


def test_what_to_do_depends_on_what_is_wrong() -> None:
    assert todo(STATION, ZH) == "请联系负责人 吴* 139****0000"
    assert todo(replace(STATION, lead=""), ZH) == "请联系站点负责人"
    assert todo(replace(STATION, partial=True), ZH).startswith("部分终端未在值守，请核实")
    silent = replace(STATION, duty_class=UNKNOWN, kiosks=3, kiosks_heard=1)
    assert todo(silent, ZH).startswith("2 台终端无信号，请查电源和网络")
    assert todo(replace(STATION, duty_class=MET), ZH) == ""


def test_somebody_stepped_out_counts_for_what_is_missing() -> None:
    short = replace(STATION, duty_class=MINIMUM, target=4, on_duty=1)

    assert todo(short, ZH) == "还差 3 人达标"
    assert todo(replace(short, stepped_out=2), ZH) == "还差 2 人达标"


def test_cards_that_nobody_knows_stand_beside_the_count() -> None:
    assert asides(replace(STATION, stepped_out=1, unknown_cards=2), ZH) == ("外出 1", "未登记卡 2")


def test_kinds_are_called_as_the_notice_calls_them() -> None:
    assert kind_word("hospital", Language.ZH) == "医院"
    assert kind_word("hospital", Language.EN) == "Hospital"
    assert kind_word("lighthouse", Language.EN) == "lighthouse"


def test_a_day_is_said_as_browsers_say_it() -> None:
    assert day_word(date(2026, 3, 5), ZH) == "3月5日周四"
    assert day_word(date(2026, 12, 27), EN) == "Sun, Dec 27"


def test_what_the_hub_says_of_a_station_is_known_to_the_catalogues() -> None:
    assert set(FINDINGS) == set(FINDING_WORDS.values())
    assert set(BAR_ROLE_WORDS) == {VOLUNTEER, UNKNOWN_CARD}
    assert "".join(LETTERS) == STEMS


def test_the_eleventh_on_duty_has_the_first_letter_and_a_number() -> None:
    assert letter_word("甲2", ZH) == "甲2"
    assert letter_word("甲2", EN) == "A2"


@pytest.mark.parametrize(
    ("reason", "chinese", "english"),
    [
        (Reason(Cause.LEFT, at(9, 2), 2), "2 人 09:02 离岗", "2 left at 09:02"),
        (Reason(Cause.LEFT, at(9, 2), 1), "1 人 09:02 离岗", "1 left at 09:02"),
        (Reason(Cause.NOBODY_YET), "近 12 小时无人上岗", "nobody came in the last 12 hours"),
        (Reason(Cause.NOBODY_YET, at(8)), "08:00 开放以来无人上岗", "nobody came since it opened at 08:00"),
        (Reason(Cause.BLIND, at(9, 12), 1, "zg-a"), "读卡器 09:12 起无响应，终端正常", "reader not answering since 09:12, kiosk well"),
        (Reason(Cause.BLIND, None, 1, "zg-a"), "读卡器无响应，终端正常", "reader not answering, kiosk well"),
        (Reason(Cause.SILENT, at(9), 1, "zg-a"), "终端 zg-a 09:00 起无信号", "kiosk zg-a silent since 09:00"),
        (Reason(Cause.SILENT, at(9) - timedelta(days=1), 3, "zg-a"), "3 台终端无信号，最早 03-04 09:00 起", "3 kiosks silent, the first since 03-04 09:00"),
        (None, "", ""),
    ],
)  # fmt: skip
def test_a_row_says_why(reason, chinese, english):
    row = replace(STATION, reason=reason)

    assert why(row, at(9, 30), SHANGHAI, ZH) == chinese
    assert why(row, at(9, 30), SHANGHAI, EN) == english


def test_a_silent_kiosk_is_told_beside_who_is_recorded_there():
    silent = Reason(Cause.SILENT, at(9), 1, "zg-a")
    row = replace(STATION, duty_class=MET, on_duty=2, kiosks=2, unseen=silent)

    assert why(row, at(9, 30), SHANGHAI, ZH) == "终端 zg-a 09:00 起无信号（共 2 台终端）；按最后刷卡 2 人在岗"
    assert (
        why(row, at(9, 30), SHANGHAI, EN) == "kiosk zg-a silent since 09:00 (of 2 kiosks); 2 on duty by their last tap"
    )
    assert todo(row, ZH) == "请查电源和网络 · 请联系负责人 吴* 139****0000"
    assert asides(row, ZH) == ("按最后刷卡",)
    vacant = replace(row, duty_class=VACANT, on_duty=0, reason=Reason(Cause.LEFT, at(9, 2), 2))
    assert why(vacant, at(9, 30), SHANGHAI, ZH) == "2 人 09:02 离岗"


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_words_for_one_and_for_several(cause):
    for count in (1, 3):
        row = replace(STATION, duty_class=UNKNOWN, reason=Reason(cause, at(9), count, "zg-a"))
        for gettext in (ZH, EN):
            assert why(row, at(9, 30), SHANGHAI, gettext)
            assert todo(row, gettext)


def test_whatever_is_asked_of_a_kiosk_has_a_name_on_its_page() -> None:
    assert set(KINDS) <= set(COMMAND_WORDS)
