"""What the page of a station's day says, in Chinese as it was written; the catalogues translate it."""

from datetime import date, datetime, timedelta, tzinfo

from hub.presence.board_view import Bar, Mark, WhyNot
from hub.web.kit.words import Gettext, _, clock_on, day_word, duration

MARK_WORDS = {
    Mark.ASSUMED: _("未刷卡离岗，按时段结束计"),
    Mark.LATE: _("迟刷卡离岗"),
    Mark.OVERRUN: _("外出超时"),
    Mark.MOVED: _("转到其他站点"),
    Mark.CLAIMED: _("待负责人确认"),
    Mark.OFF_HOURS: _("非开放时间"),
    Mark.UNCERTAIN: _("时间待核对"),
    Mark.AGAIN: _("重复刷卡"),
    Mark.UNMATCHED: _("刷卡不成对"),
}
"""How a stint can end or be marked, for the table of a station's day."""

MARK_SIGNS = {
    Mark.ASSUMED: "…",
    Mark.LATE: "»",
    Mark.OVERRUN: "×",
    Mark.MOVED: "→",
    Mark.CLAIMED: "?",
    Mark.OFF_HOURS: "○",
    Mark.UNCERTAIN: "±",
    Mark.UNMATCHED: "¬",
    Mark.AGAIN: "+",
}
"""What stands at a bar's end for each mark; signs that every font has."""

WHY_WORDS = {
    WhyNot.UNREGISTERED: _("未登记的卡"),
    WhyNot.LOST_CARD: _("已挂失的卡"),
    WhyNot.CLAIMED: _("待负责人确认"),
    WhyNot.OFF_HOURS: _("非开放时间"),
    WhyNot.UNPROVEN: _("补记，没有凭据"),
}

SECONDS_A_MINUTE = 60

BAR_ROLE_WORDS = {
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
    _("终端密钥与中心不同，认不出卡"),
)
"""What `hub.findings` says of a station."""


def role_word(role: str, gettext: Gettext) -> str:
    """Say a bar's role."""
    return gettext(BAR_ROLE_WORDS.get(role, role))


def letter_word(letter: str, gettext: Gettext) -> str:
    """Say a bar's letter, and the number behind it."""
    return gettext(letter[:1]) + letter[1:]


def exact_duration(length: timedelta, gettext: Gettext) -> str:
    """Say how long something that is over took; in seconds where there is no minute to tell."""
    seconds = int(length.total_seconds())
    return gettext(_("{n} 秒")).format(n=seconds) if seconds < SECONDS_A_MINUTE else duration(length, gettext)


def mark_words(bar: Bar, gettext: Gettext) -> tuple[str, ...]:
    """Say each mark of a bar, with its sign."""
    return tuple(f"{MARK_SIGNS[mark]} {gettext(MARK_WORDS[mark])}" for mark in bar.marks)


def counted_words(bar: Bar, gettext: Gettext) -> str:
    """Say whether a bar counts, and why not; empty where it does."""
    if bar.why_not is None:
        return ""
    return gettext(_("不计入：{why}")).format(why=gettext(WHY_WORDS[bar.why_not]))


def bar_words(bar: Bar, day: date, zone: tzinfo, gettext: Gettext) -> tuple[str, ...]:
    """Say all that the picture of a bar does not show by itself."""
    said = []
    began_at, ended_at = bar.began_at.astimezone(zone), bar.ended_at and bar.ended_at.astimezone(zone)
    if began_at.date() < day:
        said.append(gettext(_("始于 {at}")).format(at=_moment(began_at, gettext)))
    if ended_at and ended_at.date() > day and clock_on(day, ended_at, zone) != "24:00":
        said.append(gettext(_("止于 {at}")).format(at=_moment(ended_at, gettext)))
    return (*said, *remarks(bar, day, zone, gettext))


def remarks(bar: Bar, day: date, zone: tzinfo, gettext: Gettext) -> tuple[str, ...]:
    """Say what is to be known of a bar beside its times: its marks, what is assumed, and why it does not count."""
    said = list(mark_words(bar, gettext))
    if bar.assumed_from is not None:
        said.append(gettext(_("{at} 起为推定")).format(at=moment_words(bar.assumed_from, day, zone, gettext)))
    if bar.why_not is not None:
        is_said = bar.why_not.value in [mark.value for mark in bar.marks]
        said.append(gettext(_("不计入")) if is_said else counted_words(bar, gettext))
    return tuple(said)


def moment_words(at: datetime, day: date, zone: tzinfo, gettext: Gettext) -> str:
    """Say a moment as the time of that day, with its date where that is another."""
    local = at.astimezone(zone)
    said = clock_on(day, at, zone)
    return said if local.date() == day or said == "24:00" else _moment(local, gettext)


def _moment(local: datetime, gettext: Gettext) -> str:
    return f"{day_word(local.date(), gettext)} {local:%H:%M}"
