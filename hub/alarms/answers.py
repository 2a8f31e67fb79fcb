"""What channels answered last."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, func
from sqlmodel import col, select

from hub.alarms.channel import TEST
from hub.database.alarm_tables import ChannelRow, MessageRow
from hub.saying import Said, as_said, say

_FORMS: Final = (
    (re.compile(r"no answer within (?P<found>[\d.]+) s"), "no answer within {found} s"),
    (re.compile(r"not reached: (?P<found>.+)"), "not reached: {found}"),
    (
        re.compile(r"HTTP (?P<found>429|5\d\d) without a code"),
        "HTTP {found}: it takes nothing just now; try again later",
    ),
    (re.compile(r"HTTP (?P<found>\d+) without a code"), "HTTP {found} without a code"),
    (
        re.compile(r"the mail server refuses: (?P<found>4\d\d)"),
        "the mail server refuses just now: {found}; try again later",
    ),
    (re.compile(r"the mail server refuses: (?P<found>\d+)"), "the mail server refuses: {found}"),
    (
        re.compile(r"the mail server refuses user or password: (?P<found>\d+)"),
        "the mail server refuses user or password: {found}; many want a code of its own (授权码) for programs",
    ),
    (
        re.compile(r"the mail server refuses the sender: (?P<found>\d+)"),
        "the mail server refuses the sender: {found}; look at from= in the address",
    ),
    (
        re.compile(r"the mail server refuses the addressee: (?P<found>\d+)"),
        "the mail server refuses the addressee: {found}; look at to= in the address",
    ),
    (re.compile(r"(?P<found>the mail server hangs up)"), "the mail server hangs up; look at host and port"),
    (
        re.compile(r"(?P<found>the mail server takes no password there)"),
        "the mail server takes no password there; try smtps://",
    ),
    (
        re.compile(r"(?P<found>the password is not sent without TLS)"),
        "the mail server offers no TLS, so the password was not sent; use smtps://, or a port with STARTTLS: 587",
    ),
    (
        re.compile(r"(?P<found>the mail server speaks no TLS there)"),
        "the mail server speaks no TLS there; smtps:// is usually at port 465, smtp:// at 25 or 587",
    ),
    (
        re.compile(r"the mail server's certificate is not trusted: (?P<found>.+)"),
        "the mail server's certificate is not trusted: {found}; look at the host's name",
    ),
    (re.compile(r"the mail server does not take it: (?P<found>.+)"), "the mail server does not take it: {found}"),
)


def said_answer(text: str) -> Said:
    """What was answered as a sentence that can be told in another language; what only the channel knows stays."""
    for form, told in _FORMS:
        if found := form.fullmatch(text):
            return say(told, found=found["found"])
    return as_said(text)


class LastAnswer(NamedTuple):
    """One of them."""

    at_ms: int
    text: str
    is_taken: bool
    is_test: bool


def read_answers(connection: Connection, most: int) -> Mapping[str, Sequence[LastAnswer]]:
    """By channel, the newest first: of all at once, for a year's messages are gone through for it.

    Those to an earlier channel of the same name, which was removed, are not among them.
    """
    newest = col(MessageRow.tried_ms).desc(), col(MessageRow.number).desc()
    place = func.row_number().over(partition_by=col(MessageRow.channel), order_by=newest).label("place")
    ranked = (
        select(MessageRow)
        .add_columns(place)
        .join(ChannelRow, col(ChannelRow.name) == col(MessageRow.channel))
        .where(col(MessageRow.tried_ms).is_not(None), col(MessageRow.made_ms) >= col(ChannelRow.made_ms))
        .subquery()
    )
    rows = connection.execute(ranked.select().where(ranked.c.place <= most).order_by(ranked.c.channel, ranked.c.place))
    found: dict[str, list[LastAnswer]] = defaultdict(list)
    for row in rows:
        found[row.channel].append(LastAnswer(row.tried_ms, row.answer, row.sent_ms is not None, row.what == TEST))
    return found
