"""What the page of a station's day says, in Chinese as it was written; the catalogues translate it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.presence.board_view import Mark
from hub.web.kit.words import _

if TYPE_CHECKING:
    from hub.presence.board_view import Bar
    from hub.web.kit.words import Gettext

MARK_WORDS = {
    Mark.ASSUMED: _("未打卡离岗，按时段结束计"),
    Mark.LATE: _("迟打卡离岗"),
    Mark.OVERRUN: _("外出超时"),
    Mark.MOVED: _("转到其他站点"),
    Mark.CLAIMED: _("待负责人确认"),
    Mark.OFF_HOURS: _("非开放时间"),
    Mark.UNCERTAIN: _("时间待核对"),
    Mark.AGAIN: _("重复打卡"),
    Mark.UNMATCHED: _("打卡不成对"),
}
"""How a stint can end or be marked, for the table of a station's day."""

ROLE_WORDS = {
    "志愿者": _("志愿者"),
    "未登记卡": _("未登记的卡"),
}
"""What `hub.presence.station_day` calls somebody on duty."""

LETTERS = (_("甲"), _("乙"), _("丙"), _("丁"), _("戊"), _("己"), _("庚"), _("辛"), _("壬"), _("癸"))
"""The letters of a day's bars; the eleventh is the first again with a number behind it."""

FINDINGS = (
    _("有记录缺失，终端已不再保存"),
    _("同一条记录出现了不同内容，两份都已保留"),
    _("有无法识别的记录，已另行保存"),
    _("终端时钟与中心时钟相差一天以上"),
)
"""What `hub.findings` says of a station."""


def role_word(role: str, gettext: Gettext) -> str:
    """Say a bar's role."""
    return gettext(ROLE_WORDS.get(role, role))


def letter_word(letter: str, gettext: Gettext) -> str:
    """Say a bar's letter, and the number behind it."""
    return gettext(letter[:1]) + letter[1:]


def mark_words(bar: Bar, gettext: Gettext) -> str:
    """Say all marks of a bar."""
    return " · ".join(gettext(MARK_WORDS[mark]) for mark in bar.marks)
