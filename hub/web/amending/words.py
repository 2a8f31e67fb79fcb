"""What corrections are called, as pages say it; the catalogues translate them."""

from hub.ledger.review import Doubt
from hub.web.kit.words import _
from station.amending import Amends
from station.records import Action

ACTION_WORDS = {
    Action.ARRIVE: _("上岗"),
    Action.LEAVE: _("离岗"),
    Action.STEP_OUT: _("临时外出"),
    Action.RETURN: _("返岗"),
}
DOUBT_WORDS = {
    Doubt.ASSUMED: _("没有刷离岗，按下班推定"),
    Doubt.CLAIMED: _("自述在岗，待核实"),
    Doubt.UNMATCHED: _("对不上前一次刷卡"),
    Doubt.AGAIN: _("重复刷卡"),
    Doubt.UNCERTAIN: _("终端时钟不准，时刻不定"),
}
AMENDS_WORDS = {
    Amends.VOID: _("作废"),
    Amends.ADD: _("补记"),
    Amends.RETIME: _("改时刻"),
    Amends.CONFIRM: _("认可"),
}
WHAT_WORDS = {
    "confirm": _("情况属实，予以认可"),
    "leave": _("补一次离岗"),
    "arrive": _("补一次上岗"),
    "retime": _("改这次刷卡的时刻"),
    "void": _("误刷，作废"),
    "back": _("撤回这条更正"),
}
WHY_WORDS = (
    _("忘记刷卡"),
    _("重复或误刷"),
    _("终端故障或时钟不准"),
    _("按纸质登记册补记"),
    _("经核实，情况属实"),
)
NO_TIME = _("请填时刻，如 17:30。")
NO_WHAT = _("请选择怎样更正。")
NOBODY = _("没有这位志愿者，或不属于您的范围。")
TAPS, SETTLE = _("刷卡"), _("认可或更正")
TO_SETTLE = _("请认可，或更正。")
REQUESTS = _("更正申请")
ASKS = _("志愿者申请更正 {day} 的刷卡")
TO_ANSWER = _("请核对当天，更正后答复本人。")
NO_SAID = _("请写明当天实际情况。")
NO_DAY = _("请填最近两个月内的日期。")
NO_STATION = _("请选择站点。")
OWN_REQUEST = _("这是您自己提出的更正，请由别人处理。")
NO_ANSWER = _("请写明结果，本人能看到。")
THEMSELVES, DONE = _("本人"), _("已更正")
TOO_MANY = _("没有答复的申请太多了，请等待答复。")
