"""What pages say of a station as it stands now, in Chinese as it was written; the catalogues translate it.

Pure functions from figures to short sentences: its name for short, what changes next, what to do.
"""

import re
from datetime import datetime, tzinfo
from typing import Final

from markupsafe import Markup, escape

from hub.presence.board_view import TROUBLE_FIRST, BoardRow, Cause, Reason
from hub.web.kit.words import WEEKDAYS, Gettext, _, time_left
from station.duty import DutyClass

_TAIL = re.compile(r"(?<=.)(新时代文明实践)?(学雷锋志愿服务[站点]|志愿者服务站)$")
SHORTEST = 2  # signs of a name


def short_name(row: BoardRow, city: str) -> str:
    """Say a station's name as short as the city does, else without what the board says anyway.

    That is the ending that the notices give to every station, and the city and district in front.
    """
    return short_of(row.name, row.short_name, city, row.district)


def short_of(name: str, short: str, city: str, district: str) -> str:
    """The same of a station that is no row of the board."""
    if short and short != name:
        return short
    name = _TAIL.sub("", name)
    for said in (city, district):
        rest = name.removeprefix(said)
        name = rest if len(rest) >= SHORTEST else name
    return name


def next_change(row: BoardRow, as_of: datetime, zone: tzinfo, gettext: Gettext) -> str:
    """Say when the hours change next, and before an opening who has come for it: "14:30 开放，现有 1 / 2"."""
    return next_turn(row, as_of, zone, gettext) + (who_came(row, gettext) if row.opens_soon else "")


def next_turn(row: BoardRow, as_of: datetime, zone: tzinfo, gettext: Gettext) -> str:
    """Say when the hours change next: "17:30 关闭", "周一 08:00 开放"; empty where nobody knows."""
    if row.next_change_at is None:
        return ""
    at = row.next_change_at.astimezone(zone)
    moment = f"{at:%H:%M}"
    if at.date() != as_of.astimezone(zone).date():
        moment = f"{gettext(WEEKDAYS[at.weekday()])} {moment}"
    if row.is_open:
        return gettext(_("{at} 关闭")).format(at=moment)
    return gettext(_("{at} 开放")).format(at=moment)


def who_came(row: BoardRow, gettext: Gettext) -> str:
    """Say how many are there already of those who are wanted, to be put behind when it opens."""
    said = gettext(_("，现有 {n} / {target}")).format(n=row.on_duty, target=row.target)
    return said.replace(" / ", "\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}")  # no line ends within it


def opens_in(opens_at: datetime, as_of: datetime, zone: tzinfo, gettext: Gettext) -> Markup:
    """Say how long it is until an opening: "25 分钟后开放"; the page counts on by itself."""
    moment = opens_at.astimezone(zone)
    left = Markup('<time datetime="{at}" data-until="{at}">{left}</time>').format(
        at=moment.isoformat(timespec="seconds"), left=time_left(opens_at - as_of, gettext)
    )
    return Markup(escape(gettext(_("{time}后开放")))).format(time=left)  # noqa: S704 -- escaped just now


_WHY: Final = {
    Cause.NO_KIOSK: (_("没有在用的终端"), ""),
    Cause.NEVER_HEARD: (_("终端 {kiosk} 还没有开机联网"), _("{n} 台终端还没有开机联网")),
    Cause.SILENT: (_("终端 {kiosk} {at} 起无信号"), _("{n} 台终端无信号，最早 {at} 起")),
    Cause.BLIND: (_("读卡器 {at} 起无响应，终端正常"), _("{n} 台读卡器无响应，最早 {at} 起，终端正常")),
    Cause.NOBODY_YET: (_("{at} 开放以来无人上岗"), ""),
    Cause.LEFT: (_("1 人 {at} 离岗"), _("{n} 人 {at} 离岗")),
    Cause.OUT: (_("1 人 {at} 临时外出"), _("{n} 人 {at} 临时外出")),
    Cause.OVERRUN: (_("1 人外出超时未返"), _("{n} 人外出超时未返")),
    Cause.MOVED: (_("1 人 {at} 到其他站点上岗"), _("{n} 人 {at} 到其他站点上岗")),
    Cause.ASSUMED: (_("1 人久未刷卡，{at} 起按离岗计"), _("{n} 人久未刷卡，{at} 起按离岗计")),
}
"""Of one, and of several."""
_ACT: Final = {
    Cause.NO_KIOSK: _("请登记或启用一台终端"),
    Cause.NEVER_HEARD: _("请查电源和网络"),
    Cause.SILENT: _("请查电源和网络"),
    Cause.BLIND: _("请检查 USB 插头"),
    Cause.ASSUMED: _("如仍在岗请刷卡"),
}


def why(row: BoardRow, as_of: datetime, zone: tzinfo, gettext: Gettext) -> str:
    """Say why a row is in trouble: "2 人 11:02 离岗"; empty where nobody knows."""
    return gettext(_("；")).join(filter(None, (_cause(row, as_of, zone, gettext), recorded(row, gettext))))


def recorded(row: BoardRow, gettext: Gettext) -> str:
    """Say by what a count stands that not all kiosks would see change: "按最后刷卡 2 人在岗"; else empty."""
    if row.unseen is None or not row.on_duty:
        return ""
    return gettext(_("按最后刷卡 {n} 人在岗")).format(n=row.on_duty)


def _reason(row: BoardRow) -> Reason | None:
    """The one that is said: that a kiosk sees nothing is more urgent than who left, but for a vacancy."""
    return row.reason if row.duty_class is DutyClass.VACANT else row.unseen or row.reason


def _cause(row: BoardRow, as_of: datetime, zone: tzinfo, gettext: Gettext) -> str:
    reason = _reason(row)
    if reason is None:
        return ""
    said = _cause_of(reason, as_of, zone, gettext)
    if reason is row.unseen and 0 < reason.count < row.kiosks:
        said += gettext(_("（共 {n} 台终端）")).format(n=row.kiosks)
    return said


def _cause_of(reason: Reason, as_of: datetime, zone: tzinfo, gettext: Gettext) -> str:
    if reason.cause is Cause.BLIND and reason.at is None:  # it was blind before this hub began to listen
        return gettext(_("读卡器无响应，终端正常"))
    if reason.cause is Cause.NOBODY_YET and reason.at is None:  # it is open round the clock
        return gettext(_("近 12 小时无人上岗"))
    one, several = _WHY[reason.cause]
    at = "" if reason.at is None else f"{reason.at.astimezone(zone):%H:%M}"
    if reason.at is not None and reason.at.astimezone(zone).date() != as_of.astimezone(zone).date():
        at = f"{reason.at.astimezone(zone):%m-%d %H:%M}"
    said = gettext(several if several and reason.count > 1 else one)
    return " ".join(said.format(at=at, n=reason.count, kiosk=reason.kiosk).split())


def reason_line(row: BoardRow, as_of: datetime, zone: tzinfo, gettext: Gettext) -> str:
    """Say in one line what the matter is and what to do: "读卡器 09:12 起无响应，终端正常：请检查 USB 插头"."""
    said, reason = _cause(row, as_of, zone, gettext), _reason(row)
    act = "" if reason is None else _ACT.get(reason.cause, "")
    return f"{said}：{gettext(act)}" if said and act else said


def todo(row: BoardRow, gettext: Gettext) -> str:
    """Say what an operator can do about a row in trouble; empty for all others."""
    if row.duty_class not in TROUBLE_FIRST and row.unseen is None:
        return ""
    reason = _reason(row)
    if row.duty_class is DutyClass.MINIMUM and row.unseen is None:
        return gettext(_("还差 {n} 人达标")).format(n=max(1, row.target - row.on_duty - min(row.stepped_out, 1)))
    if reason is not None and reason.cause in _ACT:
        return f"{gettext(_ACT[reason.cause])} · {_call(row, gettext)}"
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


def missing(row: BoardRow, gettext: Gettext) -> str:
    """Say who of those that the duty roster expects has not come: "李*、王* 未到"; empty where nobody lacks."""
    late = [one for one in row.expected if not one.has_come]
    if not late:
        return ""
    if not all(one.name for one in late):
        return gettext(_("{n} 人未到")).format(n=len(late))
    return gettext(_("{names} 未到")).format(names=gettext(_("、")).join(one.name for one in late))


def expected(row: BoardRow, gettext: Gettext) -> str:
    """Say whom the duty roster expects, and who lacks: "应到 张*、李*；李* 未到"; empty where it expects nobody."""
    if not row.expected:
        return ""
    if all(one.name for one in row.expected):
        names = gettext(_("、")).join(sorted(one.name for one in row.expected))
        said = gettext(_("应到 {names}")).format(names=names)
    else:
        said = gettext(_("应到 {n} 人")).format(n=len(row.expected))
    return said + gettext(_("；")) + (missing(row, gettext) or gettext(_("已到齐")))


def asides(row: BoardRow, gettext: Gettext) -> tuple[str, ...]:
    """Say what stands beside the count: who stepped out, cards that nobody knows, that not all is seen."""
    said = []
    if row.stepped_out:
        said.append(gettext(_("外出 {n}")).format(n=row.stepped_out))
    if row.unknown_cards:
        said.append(gettext(_("未登记卡 {n}")).format(n=row.unknown_cards))
    if row.unseen is not None and row.on_duty:
        said.append(gettext(_("按最后刷卡")))
    return tuple(said)
