"""A kiosk at a station that is open until two in the morning: what whoever serves the night hears, tap by tap."""

from dataclasses import replace
from datetime import datetime

import pytest

from station.hours import SHANGHAI, Span
from tests.edge.rig import Bench, card, duty, roster

WANG, LI, ZHAO = 1, 2, 3
NIGHT = (Span(0, 2 * 60), Span(18 * 60, 24 * 60))
HOLD_S = 4


@pytest.fixture
def bench(tmp_path):
    bench = Bench(tmp_path)
    bench.tell(replace(duty(), weekly=(NIGHT,) * 7))
    bench.tell(roster({WANG: "p1", LI: "p2", ZHAO: "p3"}, names={WANG: "王*芳", LI: "李*", ZHAO: "赵*"}))
    yield bench
    bench.close()


def go_to(bench, day, hhmm):
    """Let time pass until then, and the kiosk do what is due."""
    at = datetime.fromisoformat(f"2026-03-0{day}T{hhmm}").replace(tzinfo=SHANGHAI)
    while (left_s := (at - bench.hands.now()).total_seconds()) > 0:
        bench.hands.pass_s(min(left_s, 60))
        bench.kiosk.tend()


def hears(bench, who, when, for_s=0.3):
    """What somebody hears who taps then; `when` is the day and the time."""
    go_to(bench, *when.split())
    said = len(bench.beeps.said)
    bench.touch(card(who), for_s)
    return ["；".join(lines) for _, lines in bench.beeps.said[said:]]


def test_midnight_ends_nothing(bench):
    hears(bench, WANG, "5 17:55")
    hears(bench, LI, "5 18:10")

    assert hears(bench, LI, "6 00:30") == ["离岗 00:30，李*；卡不拿开为临时外出；辛苦了，再见；有误请 5 秒后再刷"]
    assert hears(bench, WANG, "6 01:00") == [
        "离岗 01:00，王*芳；卡不拿开为临时外出；您是最后一位，开放到 02:00；有误请再刷"
    ]
    assert hears(bench, WANG, "6 01:01") == ["撤销离岗 01:01，王*芳；您仍在岗；离岗请 5 秒后再刷"]


def test_the_last_one_of_the_evening_hears_how_long_it_is_open_beyond_midnight(bench):
    hears(bench, WANG, "5 18:00")

    assert "您是最后一位，开放到 02:00" in hears(bench, WANG, "5 23:59")[0]


def test_who_steps_out_before_midnight_comes_back_after_it(bench):
    hears(bench, WANG, "5 18:00")
    hears(bench, LI, "5 18:10")

    assert [said.split("，")[0] for said in hears(bench, LI, "5 23:50", HOLD_S)] == ["离岗 23:50", "临时外出 23:50"]
    assert hears(bench, LI, "6 00:04") == ["返岗 00:04，李*；欢迎回来；有误请 5 秒后再刷"]


def test_nobody_is_called_at_midnight_and_who_may_be_there_is_at_the_next_evening(bench):
    hears(bench, WANG, "5 18:00")
    go_to(bench, 6, "00:05")
    assert not [lines for _, lines in bench.beeps.said if "开放时间到" in lines[0]]

    assert hears(bench, WANG, "6 02:50") == ["补记离岗 02:50，王*芳；上次未刷卡；如您刚到，请再刷一次"]
    assert hears(bench, ZHAO, "6 03:00") == ["上岗 03:00，赵*；现在不开放；有误请 5 秒后再刷"]
    go_to(bench, 6, "18:01")
    assert [lines for _, lines in bench.beeps.said if "开放时间到" in lines[0]] == [("开放时间到，如在岗请刷卡", "赵*")]


def test_who_leaves_within_the_grace_after_the_closing_simply_leaves(bench):
    hears(bench, WANG, "5 18:00")

    assert hears(bench, WANG, "6 02:20") == ["离岗 02:20，王*芳；卡不拿开为临时外出；辛苦了，再见；有误请 5 秒后再刷"]
