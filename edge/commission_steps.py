"""What a commissioning asks for, step by step, and what it says: for lamp, buzzer and console. No logic."""

from typing import Final, NamedTuple

from devices.signals import Lines


class CommissionStep(NamedTuple):
    """One thing to do.

    Attributes:
        name: of the record.
        asks: what is said until it is done.
        wants_tap: it is about a card.
    """

    name: str
    asks: Lines
    wants_tap: bool = False


STEPS: Final = (
    CommissionStep("tap", Lines("验收 1/6：请刷一张卡", "听到一声即已记录", ("验收1/6", "请刷卡")), wants_tap=True),
    CommissionStep("unplug", Lines("验收 2/6：请拔下网线", "", ("验收2/6", "请拔网线"))),
    CommissionStep(
        "tap_alone", Lines("验收 3/6：请再刷一次卡", "没有网络也会记录", ("验收3/6", "请刷卡")), wants_tap=True
    ),
    CommissionStep("plug", Lines("验收 4/6：请插回网线", "等记录上传到中心", ("验收4/6", "请插网线"))),
    CommissionStep("power", Lines("验收 5/6：请断电，等五秒，再通电", "通电后会接着验收", ("验收5/6", "断电再通电"))),
    CommissionStep("tap_again", Lines("验收 6/6：请再刷一次卡", "", ("验收6/6", "请刷卡")), wants_tap=True),
)
DONE: Final = Lines("验收通过，终端可以投用", "", ("验收通过", "可以投用"))
TROUBLES: Final = {
    "reader": Lines("读卡器没有应答", "拔下读卡器重新插好", ("读卡器不应答", "请重新插好")),
    "hub": Lines("刷卡已记录，中心没有应答", "检查网线两端是否插好，再联系中心", ("中心没有应答", "请检查网线")),
}
GIVEN_UP: Final = "十五分钟没有做完这一步：{step}。请重新开始验收"
AMISS: Final = "验收未通过：{what}（{text}）。{step}"
MENDED_BY: Final = {
    "reader": "拔下读卡器重新插好，再验收",
    "clock": "等几分钟，由中心校时，再验收",
    "disk": "更换存储卡，重新安装",
    "version": "联系中心",
}
CHECKS_ZH: Final = {"reader": "读卡器", "clock": "时钟", "disk": "存储", "version": "版本"}
