"""Each line of the printed 安装卡, as the real kiosk lights it: what happens, and what lamp and sound then do.

The card's lines are the hub's (`hub.fleet.card_signals`). That a line says what its signal does is a test beside them;
here it is seen that the kiosk gives that signal for what the line says.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from devices.signals import Signal
from edge.beacon import Identify
from edge.commands import Commands
from edge.order_book import OrderBook
from edge.stick import MARK
from hub.fleet.card_signals import SIGNALS, CardSignal
from station.records import Tap
from station.wire.messages import Command
from tests.edge.rig import PHONE, THURSDAY, card, duty, roster
from tests.edge.test_commissioning import TryOut, try_all
from tests.hub.fleet.test_setup_card import COUNTS, of_buzzer

A, B, STRANGER = card(1), card(2), card(9)


def arrive(kiosk: TryOut) -> None:
    kiosk.bench.touch(A)


def leave(kiosk: TryOut) -> None:
    for one in (A, B):
        kiosk.bench.touch(one)
    kiosk.bench.hands.pass_s(60)
    kiosk.bench.touch(A)


def leave_nobody(kiosk: TryOut) -> None:
    leave(kiosk)
    kiosk.bench.touch(B)


def tap_as_a_stranger(kiosk: TryOut) -> None:
    kiosk.bench.touch(STRANGER)


def tap_twice(kiosk: TryOut) -> None:
    kiosk.bench.touch(A)
    kiosk.bench.touch(A)


def step_out(kiosk: TryOut) -> None:
    for one in (A, B):
        kiosk.bench.touch(one)
    kiosk.bench.hands.pass_s(60)
    kiosk.bench.touch(A, for_s=4)


def come_back(kiosk: TryOut) -> None:
    step_out(kiosk)
    kiosk.bench.hands.pass_s(300)
    kiosk.bench.touch(A)


def tap_a_telephone(kiosk: TryOut) -> None:
    kiosk.bench.touch(PHONE)


def tap_where_nothing_can_be_stored(kiosk: TryOut) -> None:
    kiosk.bench.kiosk.store.journal._database.execute("PRAGMA query_only = ON")
    kiosk.bench.touch(A)


def begin_a_commissioning(kiosk: TryOut) -> None:
    kiosk.bench.kiosk.commission.start("安装员")
    kiosk.stand_by()


def commission_without_a_hub(kiosk: TryOut) -> None:
    kiosk.hub_answers = False
    begin_a_commissioning(kiosk)
    kiosk.tap()
    kiosk.stand_by(62)


def commission_all(kiosk: TryOut) -> None:
    try_all(kiosk)


def write_to_a_stick(kiosk: TryOut) -> None:
    (kiosk.bench.path / MARK).touch()  # as `deploy/kiosk/units/carry` does
    kiosk.stand_by(1)


def be_looked_for(kiosk: TryOut) -> None:
    core = kiosk.bench.kiosk
    Commands({"identify": Identify(core.beacon)}, OrderBook(kiosk.bench.path)).obey(
        Command("c-1", THURSDAY + timedelta(minutes=5), "identify"), core.health().stamp
    )
    kiosk.stand_by(1)


def open_with_somebody_there(kiosk: TryOut) -> None:
    kiosk.bench.touch(A)
    for moment in ("14:29", "14:31"):
        kiosk.bench.hands.go_to(moment)
        kiosk.bench.kiosk.tend()


SITUATIONS: dict[str, Callable[[TryOut], None]] = {
    "上岗，已记录": arrive,
    "离岗，已记录": leave,
    "离岗，已记录；提醒人手不够": leave_nobody,
    "新卡，已记录": tap_as_a_stranger,
    "这张卡刚才已记录": tap_twice,
    "卡放久了：临时外出，已记录": step_out,
    "返岗，已记录": come_back,
    "不是志愿者卡": tap_a_telephone,
    "没有记录": tap_where_nothing_can_be_stored,
    "验收：请做下一步": begin_a_commissioning,
    "验收：这一步有问题": commission_without_a_hub,
    "验收通过": commission_all,
    "记录已写入 U 盘（ZAIGANG-OUT）": write_to_a_stick,
    "中心在找这台终端": be_looked_for,
    "站点开放了，提醒在岗的人刷卡": open_with_somebody_there,
}


@pytest.fixture
def kiosk(tmp_path: Path):
    made = TryOut(tmp_path / "data")
    made.bench.tell(duty(version=2), roster({number: f"p-{number}" for number in range(1, 9)}, version=2))
    yield made
    made.bench.close()


def shown(signal: Signal) -> tuple[str, str, str]:
    """Colour, flashes and beeps of it, in the card's words."""
    cue = signal.value
    flashes = f"闪{COUNTS[cue.flashes]}下" if cue.flashes > 1 else "闪一下" if cue.flashes else "常亮"
    return cue.lamp.value, flashes, of_buzzer(cue.beeps_ms)


def test_no_line_of_the_card_is_without_something_that_lights_it() -> None:
    assert set(SITUATIONS) == {line.means for line in SIGNALS}


@pytest.mark.parametrize("line", SIGNALS, ids=[line.means for line in SIGNALS])
def test_the_kiosk_lights_what_the_line_says(kiosk: TryOut, line: CardSignal) -> None:
    said = len(kiosk.bench.beeps.said)

    SITUATIONS[line.means](kiosk)

    signals = kiosk.bench.beeps.signals[said:]
    assert signals
    assert shown(signals[-1]) == (line.colour, line.shown, line.buzzer), signals
    taps = sum(isinstance(record, Tap) for record in kiosk.bench.records())
    if line.means.endswith("已记录") or "已记录；" in line.means:
        assert taps
    if line.means in {"不是志愿者卡", "没有记录"}:
        assert not taps
