"""The board's words, in Chinese as they were written; the catalogues translate them.

Pure functions from figures to short sentences: what a class is called, how long it has held, what to do.
How a word is laid out is the templates' work.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hub.presence.board_view import TROUBLE_FIRST, Mark
from hub.register.kinds import KINDS
from hub.web.language import Language
from station.duty import DutyClass

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime, timedelta, tzinfo

    from hub.presence.board_view import BoardRow

    Gettext = Callable[[str], str]


def _(word: str) -> str:
    """Mark a word for the catalogues; it is translated where it is shown."""
    return word


CLASS_WORDS = {
    DutyClass.MET: _("达标"),
    DutyClass.MINIMUM: _("仅最低"),
    DutyClass.VACANT: _("无人"),
    DutyClass.UNKNOWN: _("未知"),
    DutyClass.CLOSED: _("未开放"),
}

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

WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))

MONTHS = (
    *(_("1月"), _("2月"), _("3月"), _("4月"), _("5月"), _("6月")),
    *(_("7月"), _("8月"), _("9月"), _("10月"), _("11月"), _("12月")),
)

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

_TAIL = re.compile(r"(?<=.)(新时代文明实践)?(学雷锋志愿服务[站点]|志愿者服务站)$")


def kind_word(code: str, language: Language) -> str:
    """Say what kind of host a station has; the kinds bring their own words."""
    kind = KINDS.get(code)
    if kind is None:
        return code
    return kind.zh if language is Language.ZH else kind.en.capitalize()


def short_name(name: str) -> str:
    """Drop the ending that the notices give to every station's name: on a board it tells nobody anything."""
    return _TAIL.sub("", name)


def duration(length: timedelta, gettext: Gettext) -> str:
    """Say a length of time in hours and minutes, rounded down; never negative."""
    minutes = max(0, int(length.total_seconds()) // 60)
    days, hours = minutes // 1440, minutes // 60
    if days:
        return gettext(_("{d} 天 {h} 小时")).format(d=days, h=hours % 24)
    if hours:
        return gettext(_("{h} 小时 {m} 分")).format(h=hours, m=minutes % 60)
    return gettext(_("{m} 分钟")).format(m=minutes)


def day_word(day: date, gettext: Gettext) -> str:
    """Say a day as a browser in that language does: "3月5日周四"; the page's own clock goes on from it."""
    words = {"month": gettext(MONTHS[day.month - 1]), "day": day.day, "weekday": gettext(WEEKDAYS[day.weekday()])}
    return gettext(_("{month}{day}日{weekday}")).format(**words)


def role_word(role: str, gettext: Gettext) -> str:
    """Say a bar's role."""
    return gettext(ROLE_WORDS.get(role, role))


def letter_word(letter: str, gettext: Gettext) -> str:
    """Say a bar's letter, and the number behind it."""
    return gettext(letter[:1]) + letter[1:]


def next_change(row: BoardRow, as_of: datetime, zone: tzinfo, gettext: Gettext) -> str:
    """Say when the hours change next: "17:30 关闭", "周一 08:00 开放"; empty where nobody knows."""
    if row.next_change_at is None:
        return ""
    at = row.next_change_at.astimezone(zone)
    moment = f"{at:%H:%M}"
    if at.date() != as_of.astimezone(zone).date():
        moment = f"{gettext(WEEKDAYS[at.weekday()])} {moment}"
    return gettext(_("{at} 关闭") if row.is_open else _("{at} 开放")).format(at=moment)


def todo(row: BoardRow, gettext: Gettext) -> str:
    """Say what an operator can do about a row in trouble; empty for all others."""
    if row.duty_class not in TROUBLE_FIRST:
        return ""
    if row.duty_class is DutyClass.MINIMUM:
        return gettext(_("还差 {n} 人达标")).format(n=max(1, row.target - row.on_duty - min(row.stepped_out, 1)))
    if row.kiosks_heard < row.kiosks:
        missing = gettext(_("{n} 台终端无信号，请查电源和网络")).format(n=row.kiosks - row.kiosks_heard)
        return f"{missing} · {_call(row, gettext)}"
    if row.partial:
        silent = gettext(_("部分终端未在值守，请核实"))
        return f"{silent} · {_call(row, gettext)}"
    return _call(row, gettext)


def _call(row: BoardRow, gettext: Gettext) -> str:
    if row.lead:
        return gettext(_("请联系负责人 {lead}")).format(lead=row.lead)
    return gettext(_("请联系站点负责人"))


def asides(row: BoardRow, gettext: Gettext) -> tuple[str, ...]:
    """Say what stands beside the count: who stepped out, cards that nobody knows."""
    said = []
    if row.stepped_out:
        said.append(gettext(_("外出 {n}")).format(n=row.stepped_out))
    if row.unknown_cards:
        said.append(gettext(_("未登记卡 {n}")).format(n=row.unknown_cards))
    return tuple(said)
