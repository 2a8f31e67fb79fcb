"""Words that all pages share, in Chinese as they were written; the catalogues translate them.

Pure functions from figures to short sentences. What only one feature says stands in its own `words`.
"""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo

from hub.register.kinds import KINDS
from hub.web.kit.language import Language
from station.duty import DutyClass

Gettext = Callable[[str], str]


def _(word: str) -> str:
    """Mark a word for the catalogues; it is translated where it is shown."""
    return word


def in_frame(word: str) -> str:
    """Mark a word of the frame that another language says otherwise there; the catalogues have it in that context."""
    return word


CLASS_WORDS = {
    DutyClass.MET: _("达标"),
    DutyClass.MINIMUM: _("仅最低"),
    DutyClass.VACANT: _("无人"),
    DutyClass.UNKNOWN: _("未知"),
    DutyClass.CLOSED: _("未开放"),
}

HOLIDAYS = frozenset((_("元旦"), _("春节"), _("清明节"), _("劳动节"), _("端午节"), _("中秋节"), _("国庆节")))
"""As the State Council's notices call them; two at once are named together."""

WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))

MONTHS = (
    *(_("1月"), _("2月"), _("3月"), _("4月"), _("5月"), _("6月")),
    *(_("7月"), _("8月"), _("9月"), _("10月"), _("11月"), _("12月")),
)


def kind_word(code: str, language: Language) -> str:
    """Say what kind of host a station has; the kinds bring their own words."""
    kind = KINDS.get(code)
    if kind is None:
        return code
    return kind.zh if language is Language.ZH else kind.en.capitalize()


def duration(length: timedelta, gettext: Gettext) -> str:
    """Say a length of time in hours and minutes, rounded down; never negative."""
    minutes = max(0, int(length.total_seconds()) // 60)
    days, hours = minutes // 1440, minutes // 60
    if days:
        return gettext(_("{d} 天 {h} 小时")).format(d=days, h=hours % 24)
    if hours:
        return gettext(_("{h} 小时 {m} 分")).format(h=hours, m=minutes % 60)
    return gettext(_("{m} 分钟")).format(m=minutes)


def time_left(length: timedelta, gettext: Gettext) -> str:
    """Say how long it is until something: minutes that have begun count, so that it is never there too early."""
    return duration(timedelta(minutes=-(-length // timedelta(minutes=1))), gettext)


def day_word(day: date, gettext: Gettext) -> str:
    """Say a day as a browser in that language does: "3月5日周四"; the page's own clock goes on from it."""
    words = {"month": gettext(MONTHS[day.month - 1]), "day": day.day, "weekday": gettext(WEEKDAYS[day.weekday()])}
    return gettext(_("{month}{day}日{weekday}")).format(**words)


def holiday(name: str, gettext: Gettext) -> str:
    """Say a holiday's name; any other reason is somebody's own words and stays."""
    names = name.split("、")
    return gettext(_("、")).join(map(gettext, names)) if HOLIDAYS.issuperset(names) else name


def dated(day: date, gettext: Gettext) -> str:
    """Say a day with its year, where it may be one of any."""
    return gettext(_("{year}年{day}")).format(year=day.year, day=day_word(day, gettext))


def month_of(day: date, gettext: Gettext) -> str:
    """Say a day's month: "2026年3月"."""
    return gettext(_("{year}年{month}")).format(year=day.year, month=gettext(MONTHS[day.month - 1]))


def clock_on(day: date, at: datetime, zone: tzinfo) -> str:
    """Say a moment as the time of that day: the midnight that ends it is 24:00."""
    local = at.astimezone(zone)
    return "24:00" if local.date() > day and f"{local:%H:%M}" == "00:00" else f"{local:%H:%M}"


def tick_words(gettext: Gettext) -> str:
    """Return the patterns by which a page goes on counting a duration, as `duration` starts it."""
    patterns = {
        "days": gettext("{d} 天 {h} 小时"),
        "hours": gettext("{h} 小时 {m} 分"),
        "minutes": gettext("{m} 分钟"),
    }
    return json.dumps(patterns, ensure_ascii=False)
