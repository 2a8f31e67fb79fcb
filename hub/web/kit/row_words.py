"""What pages say of a station as it stands now, in Chinese as it was written; the catalogues translate it.

Pure functions from figures to short sentences: its name for short, what changes next, what to do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hub.presence.board_view import TROUBLE_FIRST
from hub.web.kit.words import WEEKDAYS, _
from station.duty import DutyClass

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from hub.presence.board_view import BoardRow
    from hub.web.kit.words import Gettext

_TAIL = re.compile(r"(?<=.)(新时代文明实践)?(学雷锋志愿服务[站点]|志愿者服务站)$")
SHORTEST = 2  # signs of a name


def short_name(row: BoardRow, city: str) -> str:
    """Say a station's name as short as the city does, else without what the board says anyway.

    That is the ending that the notices give to every station, and the city and district in front.
    """
    if row.short_name and row.short_name != row.name:
        return row.short_name
    name = _TAIL.sub("", row.name)
    for said in (city, row.district):
        rest = name.removeprefix(said)
        name = rest if len(rest) >= SHORTEST else name
    return name


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
