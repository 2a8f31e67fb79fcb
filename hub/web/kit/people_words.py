"""What desks say of people who come in: their roles, their browsers, and when they were there."""

import re
from datetime import tzinfo

from hub.rights import Role
from hub.web.kit.words import _
from station.milliseconds import moment_of

_NAMES = (
    ("Edg", "Edge"),
    ("MicroMessenger", "微信"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")

ROLE_WORDS = {
    Role.CITY: _("市文明办"),
    Role.COUNTY: _("县区文明办"),
    Role.AUTHORITY: _("业务主管单位"),
    Role.FEDERATION: _("志愿服务联合会"),
    Role.LEAD: _("站长"),
    Role.INSTALLER: _("安装员"),
    Role.VOLUNTEER: _("志愿者"),
    Role.SCREEN: _("墙屏"),
    Role.PROGRAM: _("程序"),
    Role.NEARBY: _("本机"),
}


def ms_stamp(ms: int, zone: tzinfo) -> str:
    """A moment with its date, for lists that reach back."""
    return f"{moment_of(ms).astimezone(zone):%Y-%m-%d %H:%M}"


def browser_of(agent: str) -> str:
    """A browser as its owner knows it, by what it says of itself."""
    name = next((shown for sign, shown in _NAMES if re.search(rf"{sign}[/ ]", agent)), "")
    system = next((one for one in _SYSTEMS if one in agent), "")
    return " · ".join(part for part in (name, system) if part) or agent[:40] or "—"
