"""The field worker's printed card says what kiosk and lamp really do."""

from __future__ import annotations

import pytest

from devices.signals import Lamp, Signal
from hub.fleet.setup_card import SIGNALS, spell_card
from hub.fleet.wiring import Fitted, wires_of

COLOURS = {Lamp.GREEN: "绿", Lamp.BLUE: "蓝", Lamp.YELLOW: "黄", Lamp.RED: "红", Lamp.CYAN: "青"}
COUNTS = ["不响", "响一声", "响两声", "响三声"]


@pytest.mark.parametrize(
    ("signal", "means"),
    [
        (Signal.ARRIVED, "上岗，已记录"),
        (Signal.LEFT, "离岗，已记录"),
        (Signal.WARNING, "离岗，已记录；提醒人手不够"),
        (Signal.UNKNOWN_CARD, "新卡，已记录"),
        (Signal.REFUSED, "不是志愿者卡"),
        (Signal.TROUBLE, "没有记录"),
    ],
)
def test_each_line_is_what_the_lamp_shows_and_the_buzzer_sounds(signal: Signal, means: str) -> None:
    cue = signal.value
    light = f"{COLOURS[cue.lamp]}灯" + (f"闪{'零一二三'[cue.flashes]}下" if cue.flashes else "常亮")

    assert [line[1] for line in SIGNALS if line[2] == means] == [f"{light}，{COUNTS[(len(cue.beeps_ms) + 1) // 2]}"]


@pytest.mark.parametrize(
    ("signal", "means"),
    [
        (Signal.NEXT, "验收：请做下一步"),
        (Signal.AMISS, "验收：这一步有问题"),
        (Signal.COMMISSIONED, "验收通过"),
        (Signal.CARRIED, "记录已写入 U 盘（ZAIGANG-OUT）"),
    ],
)
def test_so_is_each_line_for_who_puts_it_up(signal: Signal, means: str) -> None:
    cue = signal.value
    light = f"{COLOURS[cue.lamp]}灯" + (f"闪{'零一两三四'[cue.flashes]}下" if cue.flashes else "常亮")
    heard = ["长" if length > 300 else "短" for length in cue.beeps_ms[::2]]
    told = f"一{heard[0]}一{heard[1]}" if len(heard) == 2 else "".join(heard)

    assert [line[1] for line in SIGNALS if line[2] == means] == [f"{light}，响{told}"]


def test_it_names_kiosk_station_and_whom_to_call_and_lets_nothing_in() -> None:
    page = spell_card("H-01-a", "样例市<第一>医院", "正门", "信息科 分机 12")

    assert "样例市&lt;第一&gt;医院 正门" in page
    assert "<b>H-01-a</b>" in page
    assert "信息科 分机 12" in page
    assert "http" not in page


def test_it_draws_what_goes_on_which_pin_and_nothing_where_nothing_does() -> None:
    drawn = spell_card("H-01-a", "样例市医院", "", "", wires_of(Fitted()))
    bare = spell_card("H-01-a", "样例市医院", "", "")

    assert all(f">{wired}<" in drawn for wired in ("11 红灯", "13 绿灯", "15 蓝灯", "12 蜂鸣器", "9 地线（GND）"))
    assert "按右图" in drawn
    assert "接线图" not in bare
    assert "右图" not in bare
