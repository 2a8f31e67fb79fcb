"""Where somebody may go: the words of the frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.rights import Right
from hub.web.kit.words import _

if TYPE_CHECKING:
    from hub.accounts.who import Who

PLACES = (
    ("/", _("现场"), Right.OBSERVE),
    ("/alarms", _("提醒"), Right.FOLLOW_UP),
    ("/findings", _("待办"), Right.FOLLOW_UP),
    ("/people", _("志愿者"), Right.NAMES),
    ("/city", _("资料"), Right.PLACES),
    ("/kiosks", _("设备"), Right.KIOSKS),
    ("/system", _("系统"), Right.USERS),
)


def nav_of(who: Who) -> list[tuple[str, str]]:
    """Addresses and their words; nothing for who is not signed in."""
    if not who.account or who.is_half:
        return []
    return [(address, word) for address, word, right in PLACES if who.may_somewhere(right)]
