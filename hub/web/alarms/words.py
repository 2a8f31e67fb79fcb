"""What pages and sheets say of alarms of the past, in Chinese; the catalogues translate it."""

from typing import Any, Final

from sqlalchemy import Row

from hub.alarms.book import NOT_NEEDED
from hub.web.alarms.asked import AlarmState
from hub.web.inbox.waiting import InboxAct
from hub.web.inbox.words import STEP_WORDS
from hub.web.kit.words import Gettext, _
from station.alarms import Ending, Level, What

LEVEL_NAMES: Final = {Level.LEAD: _("站长"), Level.OVERSEER: _("县区或主管单位"), Level.CITY: _("全市")}
STATE_WORDS: Final = {
    AlarmState.OPEN: _("未结束"),
    AlarmState.OVER: _("已结束"),
    AlarmState.UNSEEN: _("结束前无人处理"),
}
ENDING_WORDS: Final = {
    Ending.MET: _("已恢复"),
    Ending.CLOSING: _("已闭站"),
    Ending.WORSE: _("转为更严重的提醒"),
    Ending.JOINED: _("并入多站同时失联的提醒"),
}
TOLD_WORDS: Final = {What.RAISED: _("提醒"), What.ESCALATED: _("上报"), What.ENDED: _("已恢复")}
_BY_HAND: Final = {
    "acknowledged": STEP_WORDS[InboxAct.TAKEN],
    "snoozed": STEP_WORDS[InboxAct.SNOOZED],
    "closed": STEP_WORDS[InboxAct.CLOSED],
}
SEVERAL: Final = _("{district} {n} 站")
FOR_SO_LONG: Final = _("历时 {time}")
TOO_MANY: Final = _("有 {n} 条；XLSX 最多 {most} 条：请缩小范围，或下载 CSV。")
_RAISED, _ESCALATED = _("开始提醒：{level}"), _("仍未恢复，上报：{level}")
NOBODY_TOLD: Final = _("没有发给任何渠道")
_TAKEN, _ON_ITS_WAY, _GIVEN_UP, _NO_NEED = _("已收下"), _("等待发送"), _("没有送到"), _("不必再发")


def step_words(step: Row[Any], gettext: Gettext) -> str:
    """What became of an alarm, in words."""
    if step.what in _BY_HAND:
        return gettext(_BY_HAND[step.what]).format(by=step.by)
    if step.what in set(Ending):
        return gettext(ENDING_WORDS[Ending(step.what)])
    level = gettext(LEVEL_NAMES[Level(step.level)])
    return gettext(_RAISED if step.what == What.RAISED else _ESCALATED).format(level=level)


def care_words(step: Row[Any], gettext: Gettext) -> str:
    """What somebody did on the page, in words."""
    return gettext(STEP_WORDS[InboxAct(step.act)]).format(by=step.by, whom=step.whom)


def went_words(message: Row[Any], gettext: Gettext) -> str:
    """Whether a message came to its channel."""
    if message.sent_ms is not None:
        return gettext(_TAKEN)
    if message.due_ms is not None:
        return gettext(_ON_ITS_WAY)
    return gettext(_NO_NEED if message.answer in NOT_NEEDED else _GIVEN_UP)
