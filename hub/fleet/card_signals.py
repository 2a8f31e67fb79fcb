"""What a kiosk shows and sounds, as the printed 安装卡 says it for the lamp and the sound that it has. Pure.

The hub knows no hardware: what the signals are is the kiosk's to say (`devices.signals`, `devices.lamps`,
`devices.tones`), and a test holds the two together.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from hub.fleet.wiring import RGB, TOWER, FittedAnswers, Sounding


class CardSignal(NamedTuple):
    """One line of the card.

    Attributes:
        colour: the kiosk's word for it.
        shown: what the lamp does.
        buzzer: what is heard of a buzzer; empty for nothing.
        loudspeaker: and of a loudspeaker.
    """

    colour: str
    shown: str
    buzzer: str
    loudspeaker: str
    means: str
    do: str


ARRIVED: Final = CardSignal("green", "常亮", "响一声", "响一声", "上岗，已记录", "装好了")
LEFT: Final = CardSignal("blue", "常亮", "响两声", "响高、低", "离岗，已记录", "装好了")
WARNING: Final = CardSignal(
    "red", "闪一下", "响三长声", "响高、低、高、低、高、低", "离岗，已记录；提醒人手不够", "装好了"
)
NEXT: Final = CardSignal("cyan", "闪一下", "响短长", "响低、长高", "验收：请做下一步", "按第 6 步的顺序做")
SIGNALS: Final = (
    ARRIVED,
    LEFT,
    WARNING,
    CardSignal("yellow", "常亮", "响三声", "响三低声", "新卡，已记录", "装好了；请站长登记这张卡"),
    CardSignal("white", "常亮", "响一长声", "响一低声", "这张卡刚才已记录", "装好了；要离岗，等 5 秒再刷"),
    CardSignal("cyan", "闪两下", "响短短长", "响高、低、长低", "卡放久了：临时外出，已记录", "装好了；再刷一次就返岗"),
    CardSignal("green", "闪两下", "响长短", "响长低、高", "返岗，已记录", "装好了"),
    CardSignal("yellow", "闪三下", "", "", "不是志愿者卡", "换一张卡再刷"),
    CardSignal("red", "闪三下", "", "", "没有记录", "断电，等十秒，再通电；不行就打电话"),
    NEXT,
    CardSignal("red", "闪两下", "响长短长", "响长低、长低", "验收：这一步有问题", "查读卡器和网线的插头；不行就打电话"),
    CardSignal("green", "闪三下", "响短长短", "响低、高、长高", "验收通过", "可以走了"),
    CardSignal("blue", "闪四下", "响长长短", "响长高、低", "记录已写入 U 盘（ZAIGANG-OUT）", "拔下 U 盘，带到中心"),
    CardSignal("white", "闪五下", "响五声", "响五声", "中心在找这台终端", "告诉中心：找到了"),
    CardSignal("white", "闪一下", "响两长声", "响长高、长低", "站点开放了，提醒在岗的人刷卡", "照常做"),
)
_NAMES: Final[Mapping[frozenset[str], Mapping[str, str]]] = {
    RGB: {"green": "绿灯", "blue": "蓝灯", "cyan": "青灯", "yellow": "黄灯", "white": "白灯", "red": "红灯"},
    TOWER: {
        "green": "绿灯", "blue": "绿灯黄灯一起", "cyan": "绿灯黄灯一起", "yellow": "黄灯", "white": "三个灯一起",
        "red": "红灯",
    },
}  # fmt: skip
_LIT: Final = {"blue": ("green", "yellow"), "cyan": ("green", "yellow"), "white": ("red", "yellow", "green")}
"""Of three lights in a tower, which mix no colours."""


def signal_told(signal: CardSignal, answering: FittedAnswers) -> str:
    """How somebody who stands there sees and hears it; empty where nothing is to be seen or heard."""
    colours, sound = answering
    seen = f"{_NAMES[colours][signal.colour]}{signal.shown}" if colours else ""
    heard = {Sounding.NOT: "", Sounding.BUZZER: signal.buzzer, Sounding.LOUDSPEAKER: signal.loudspeaker}[sound]
    if seen and sound is not Sounding.NOT:
        heard = heard or "不响"
    return "，".join(part for part in (seen, heard) if part)


def lights_of(signal: CardSignal, answering: FittedAnswers) -> tuple[str, ...]:
    """Which colours shine at once; none where there is no lamp."""
    if not answering.colours:
        return ()
    return _LIT.get(signal.colour, (signal.colour,)) if answering.colours == TOWER else (signal.colour,)
