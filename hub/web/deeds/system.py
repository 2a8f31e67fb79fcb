"""Deeds of 系统: users and their rights, screens' links, programs' keys, channels of alarms."""

from typing import Final

from hub.web.api.answers import Answer
from hub.web.deeds.deed import DoneAnswer, FormDeed, FormShown, flag, maybe, text, was
from hub.web.deeds.people import Link

USER: Final = "/system/users/{account}/{act}"
REACH: Final = {
    "district": maybe("a district's code"), "kind": maybe("of host"), "station": maybe("a station's code or name"),
}  # fmt: skip


class ChannelDone(DoneAnswer):
    """It is done; a secret that was made is told here and nowhere else."""

    secret: str = ""


class TriedAnswer(Answer):
    """What a channel answered."""

    is_taken: bool
    said: str


def _tell_link(shown: FormShown) -> Answer:
    return Link(link=shown["link"])


def _tell_channel(shown: FormShown) -> Answer:
    return ChannelDone(page=shown.get("page", ""), secret=shown.get("secret", ""))


def _tell_tried(shown: FormShown) -> Answer:
    answer = shown["answer"]
    return TriedAnswer(is_taken=answer.is_taken, said=answer.text)


_ADDRESS: Final = {
    "secret": maybe("the secret or the mail box's password"), "mobiles": maybe("who is called by @, blanks between"),
    **REACH, "short": flag("whether it is told of fewer than the norm too"),
}  # fmt: skip
OF_SYSTEM: Final = (
    FormDeed(
        "/system/users", "Invite somebody, or give them another right.",
        {"name": text("theirs"), "role": text("city, county, authority, federation, lead or installer"), **REACH},
        answer=Link, tells=_tell_link,
    ),
    FormDeed(USER, "Make another link for somebody.", act="again", answer=Link, tells=_tell_link),
    FormDeed(USER, "Let somebody choose password and second factor anew.", act="anew", answer=Link, tells=_tell_link),
    FormDeed(USER, "Take somebody's passkeys away.", act="forget-passkeys"),
    FormDeed(USER, "Loosen an account from the identity service.", act="unbind"),
    FormDeed(USER, "End an account.", act="end"),
    FormDeed(
        "/system/users/{account}/grants/withdraw", "Take one right of several back.",
        {"role": text("of that right"), **REACH},
    ),
    FormDeed(
        "/system/doors", "Make a screen's link or a program's key.",
        {
            "what": text("screen or program"), "door-name": text("what it is for"),
            "door-district": maybe("a district's code"), "door-kind": maybe("of host"),
            "door-station": maybe("a station's code or name"),
        },
        answer=Link, tells=_tell_link,
    ),
    FormDeed("/system/doors/{proof}/shut", "Shut a screen's link or a program's key."),
    FormDeed(
        "/system/channels", "Enter a channel by which alarms go out.",
        {"name": text("what it is called"), "address": text("the robot's, hook's or mail box's"), **_ADDRESS},
        answer=ChannelDone, tells=_tell_channel, tells_led=_tell_channel,
    ),
    FormDeed(
        "/system/channels/{name}/change", "Change a channel.",
        {"address": maybe("another one; left out, it stays"), **_ADDRESS}
        | {name: one._replace(is_needed=True) for name, one in REACH.items()}
        | was("district", "kind", "station"),
        answer=ChannelDone, tells=_tell_channel, tells_led=_tell_channel,
    ),
    FormDeed("/system/channels/{name}/remove", "Remove a channel.", {"sure": flag("that it is to go")}),
    FormDeed(
        "/system/channels/{name}/test", "Try a channel, and hear what it answers.", answer=TriedAnswer,
        tells=_tell_tried,
    ),
)  # fmt: skip
