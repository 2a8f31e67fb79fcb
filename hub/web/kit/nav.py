"""Where somebody may go: the words of the frame, and the pages under each; who may open none of them sees no word."""

from dataclasses import dataclass
from typing import NamedTuple

from hub.accounts.asker import Who
from hub.rights import Right
from hub.web.kit.words import _, in_frame

INBOX = "/inbox"


class Page(NamedTuple):
    """One page that a word leads to, and what somebody must be allowed to for it."""

    address: str
    word: str
    right: Right


@dataclass(frozen=True, slots=True)
class FrameSection:
    """One word of the frame; it leads to the first of its pages that somebody may open."""

    word: str
    pages: tuple[Page, ...]

    @property
    def address(self) -> str:
        """Where it leads."""
        return self.pages[0].address

    @property
    def is_inbox(self) -> bool:
        """Whether how many things wait stands behind the word."""
        return self.address == INBOX

    def has(self, here: str) -> bool:
        """Whether a page is one of its own."""
        return any(here == page.address for page in self.pages)


SECTIONS = (
    FrameSection(_("现场"), (Page("/", _("现场"), Right.OBSERVE),)),
    FrameSection(_("待办"), (Page(INBOX, _("待办"), Right.INBOX), Page("/alarms", _("提醒记录"), Right.FOLLOW_UP))),
    FrameSection(
        in_frame("达标"),
        (Page("/coverage", in_frame("达标"), Right.OBSERVE), Page("/shifts", _("值班缺人"), Right.OBSERVE)),
    ),
    FrameSection(
        _("资料"),
        (
            Page("/city", _("站点"), Right.PLACES),
            Page("/calendar", _("月历"), Right.PLACES),
            Page("/calendar/holidays", _("节假日"), Right.PLACES),
            Page("/people", in_frame("志愿者"), Right.NAMES),
            Page("/kiosks", _("设备"), Right.KIOSKS),
            Page("/system", _("系统"), Right.USERS),
            Page("/system/channels", _("通知渠道"), Right.USERS),
        ),
    ),
)


def searches(who: Who) -> bool:
    """Whether somebody has something to look for."""
    return who.may_somewhere(Right.OBSERVE)


def nav_of(who: Who) -> list[FrameSection]:
    """The words, each with the pages that somebody may open; nothing for who is not signed in."""
    if not who.account or who.is_half:
        return []
    reduced = (
        FrameSection(one.word, tuple(page for page in one.pages if who.may_somewhere(page.right))) for one in SECTIONS
    )
    return [one for one in reduced if one.pages]
