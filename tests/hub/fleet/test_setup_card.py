"""The field worker's printed card says what kiosk, lamp and sound really do, of what this kiosk has."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from devices.lamps import RGB, TOWER, mixed
from devices.signals import Lamp, Signal
from devices.tones import NOTES, Tone
from hub.fleet.card_signals import SIGNALS, CardSignal, lights_of, signal_told
from hub.fleet.setup_card import spell_setup_card
from hub.fleet.wiring import LAMP, SOUND, Fitted, answering_of

TOWER_URL = "tower:/dev/serial/by-id/usb-EXAMPLE"
FITTED = [
    Fitted(lamp=lamp, sound=sound) for lamp, sound in product((LAMP, TOWER_URL, ""), (SOUND, "aplay:default", ""))
]
MEANT = {
    Signal.ARRIVED: "上岗，已记录", Signal.LEFT: "离岗，已记录", Signal.WARNING: "离岗，已记录；提醒人手不够",
    Signal.UNKNOWN_CARD: "新卡，已记录", Signal.ALREADY_RECORDED: "这张卡刚才已记录", Signal.RETURNED: "返岗，已记录",
    Signal.STEPPED_OUT: "卡放久了：临时外出，已记录", Signal.REFUSED: "不是志愿者卡", Signal.TROUBLE: "没有记录",
    Signal.NEXT: "验收：请做下一步", Signal.AMISS: "验收：这一步有问题", Signal.COMMISSIONED: "验收通过",
    Signal.CARRIED: "记录已写入 U 盘（ZAIGANG-OUT）", Signal.HERE: "中心在找这台终端",
    Signal.CHIME: "站点开放了，提醒在岗的人刷卡",
}  # fmt: skip
OF_AN_OFFICE = {Signal.CARD_WANTED, Signal.CARD_READ}  # while somebody at the hub gives out a card
COUNTS = "零一两三四五六"


def line_of(signal: Signal) -> CardSignal:
    (found,) = [each for each in SIGNALS if each.means == MEANT[signal]]
    return found


def of_buzzer(beeps_ms: tuple[int, ...]) -> str:
    """How many, where all are alike; else which are long."""
    lengths = ["长" if length > 300 else "" for length in beeps_ms[::2]]
    if len(set(lengths)) > 1:
        return "响" + "".join(length or "短" for length in lengths)
    return f"响{COUNTS[len(lengths)]}{lengths[0]}声" if lengths else ""


def of_loudspeaker(notes: tuple[Tone, ...]) -> str:
    """How many, where all are alike; else which are high, and which are long."""
    words = [("长" if note.length_s > 0.3 else "") + ("高" if note.hertz > 800 else "低") for note in notes]
    if len(set(words)) == 1 and len(words[0]) == 1:
        return f"响{COUNTS[len(words)]}{words[0].removeprefix('高')}声"
    return f"响{'、'.join(words)}" if words else ""


def test_whatever_a_kiosk_can_say_is_on_it() -> None:
    assert set(MEANT) == set(Signal) - OF_AN_OFFICE
    assert sorted(MEANT.values()) == sorted(each.means for each in SIGNALS)


@pytest.mark.parametrize("signal", MEANT)
def test_each_line_is_what_the_lamp_shows_and_buzzer_and_loudspeaker_sound(signal: Signal) -> None:
    cue, line = signal.value, line_of(signal)

    assert line.colour == cue.lamp.value
    assert line.shown == (f"闪{COUNTS[cue.flashes]}下" if cue.flashes > 1 else "闪一下" if cue.flashes else "常亮")
    assert line.buzzer == of_buzzer(cue.beeps_ms)
    assert line.loudspeaker == of_loudspeaker(NOTES.get(signal, ()))


@pytest.mark.parametrize("fitted", FITTED)
def test_no_two_lines_are_alike_whatever_lamp_and_sound_there_are(fitted: Fitted) -> None:
    lines = Counter(seen for each in SIGNALS if (seen := signal_told(each, answering_of(fitted))))

    assert [seen for seen, count in lines.items() if count > 1] == []


@pytest.mark.parametrize("line", SIGNALS)
def test_of_a_tower_it_names_the_lights_that_shine_together(line: CardSignal) -> None:
    tower = answering_of(Fitted(lamp=TOWER_URL))
    pins = answering_of(Fitted(lamp="gpio:red=17,yellow=27,green=22"))

    assert set(lights_of(line, tower)) == mixed(TOWER, Lamp(line.colour))
    assert lights_of(line, answering_of(Fitted())) == (line.colour,)
    assert tower == pins
    assert (answering_of(Fitted()).colours, tower.colours) == (RGB, TOWER)


@pytest.mark.parametrize("fitted", FITTED)
def test_it_speaks_of_no_lamp_and_no_sound_that_is_not_there(fitted: Fitted) -> None:
    page = spell_setup_card("H-01-a", "样例市医院", "", "", fitted)

    assert ("蓝灯" in page) == (fitted.lamp == LAMP)
    assert ("绿灯黄灯一起" in page) == (fitted.lamp == TOWER_URL)
    assert ("绿灯常亮" in page) == bool(fitted.lamp)
    assert ("响一声" in page) == bool(fitted.sound)
    assert ("没有灯也没有声音" in page) == (not fitted.lamp and not fitted.sound)
    assert "电路板上的小绿灯一直快闪" in page


def test_lamps_are_drawn_since_browsers_print_no_backgrounds() -> None:
    page = spell_setup_card("H-01-a", "样例市医院", "", "")

    assert "background" not in page
    assert '<circle cx="8" cy="8" r="7" fill="#1560bd"/>' in page


def test_it_names_kiosk_station_and_whom_to_call_and_lets_nothing_in() -> None:
    page = spell_setup_card("H-01-a", "样例市<第一>医院", "正门", "信息科 分机 12")

    assert "样例市&lt;第一&gt;医院 正门" in page
    assert "<b>H-01-a</b>" in page
    assert "信息科 分机 12" in page
    assert "http" not in page


def test_it_draws_what_goes_on_which_pin_and_nothing_where_nothing_does() -> None:
    drawn = spell_setup_card("H-01-a", "样例市医院", "", "")
    bare = spell_setup_card("H-01-a", "样例市医院", "", "", Fitted(lamp=TOWER_URL, sound="aplay:default"))

    assert all(f">{wired}<" in drawn for wired in ("11 红灯", "13 绿灯", "15 蓝灯", "12 蜂鸣器", "9 地线（GND）"))
    assert "按右图" in drawn
    assert "接线图" not in bare
    assert "右图" not in bare
