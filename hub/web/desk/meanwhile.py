"""Two who edit one thing: a form carries what it showed, and where that is so no more, nothing of it is saved.

It is looked at in the transaction that would write (`Desk.save`). The page then says who changed it and when,
and what stands there now, beside what was typed; sent once more, it is meant.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, or_
from sqlmodel import col, select

from hub.changing.history import ENTER_CHANNEL, OF_CHANNELS
from hub.database.history_table import ChangeRow
from hub.errors import HubError
from hub.web.kit.forms import Form
from hub.web.kit.frame import Kit
from hub.web.kit.people_words import ms_stamp
from hub.web.kit.words import _

SHOWN: Final = "was"
"""The field by which a form carries a fingerprint of what it showed."""
BY_WHOM: Final = _("{by} 在 {at} 把它改成了“{theirs}”，您的没有保存。仍要改为您填的内容，请再提交一次。")
BY_SOMEBODY: Final = _("刚刚有人把它改成了“{theirs}”，您的没有保存。仍要改为您填的内容，请再提交一次。")
OTHERWISE_BY_WHOM: Final = _("{by} 在 {at} 改过它，所以还没有执行。请看它现在的内容；仍要执行，请再提交一次。")
OTHERWISE: Final = _("它已不是您看到的那样，所以还没有执行。请看它现在的内容；仍要执行，请再提交一次。")
LOOKED_AT: Final = 50
"""So many lines of the history at most, for who is not found by an index."""
_SIGNS: Final = 12


class MeanwhileError(HubError):
    """What a form showed is so no more; `wrong` says so by its fields."""

    def __init__(self, wrong: dict[str, str]) -> None:
        super().__init__("somebody else has changed it")
        self.wrong = wrong


class LastChange(NamedTuple):
    """Who changed something last, and when."""

    by: str
    at_ms: int


def last_change(
    connection: Connection,
    whats: Iterable[str],
    *,
    station: str = "",
    kiosk: str = "",
    person: str = "",
    token: str = "",
    day: date | None = None,
) -> LastChange | None:
    """By the history; None where it tells of nobody."""
    named = {
        ChangeRow.station: station, ChangeRow.kiosk: kiosk, ChangeRow.person: person, ChangeRow.token: token,
        ChangeRow.day_from: day,
    }  # fmt: skip
    where = [col(column) == value for column, value in named.items() if value]
    columns = select(col(ChangeRow.by), col(ChangeRow.at_ms)).where(col(ChangeRow.what).in_(list(whats)), *where)
    row = connection.execute(columns.order_by(col(ChangeRow.number).desc()).limit(1)).first()
    return None if row is None else LastChange(row.by, row.at_ms)


def changed_meanwhile(form: Form, now: Mapping[str, str], kit: Kit, last: LastChange | None) -> dict[str, str]:
    """Return which fields somebody else has changed since a form was shown, and to what; what was typed is kept."""
    return {
        name: said_of(theirs, kit, last)
        for name, theirs in now.items()
        if f"was-{name}" in form.typed and form.typed[f"was-{name}"] != theirs and form.typed.get(name, "") != theirs
    }


def not_as_shown(form: Form, now: str, kit: Kit, last: LastChange | None) -> dict[str, str]:
    """Return what is said where somebody has changed what a form would end or take away since it was shown.

    Args:
        form: carries as `SHOWN` the fingerprint of what its page showed.
        now: the fingerprint of what is so.
        kit: in whose language.
        last: who changed it.
    """
    if form.typed.get(SHOWN, now) == now:
        return {}
    if last is None:
        return {"": kit.gettext(OTHERWISE)}
    return {"": kit.gettext(OTHERWISE_BY_WHOM).format(by=last.by, at=ms_stamp(last.at_ms, kit.zone))}


def said_of(theirs: str, kit: Kit, last: LastChange | None, pattern: str = BY_WHOM) -> str:
    """Say who has changed something to what."""
    if last is None:
        return kit.gettext(BY_SOMEBODY).format(theirs=theirs)
    return kit.gettext(pattern).format(by=last.by, at=ms_stamp(last.at_ms, kit.zone), theirs=theirs)


def short_mark(text: str) -> str:
    """Short, and another one for another text."""
    return hashlib.sha256(text.encode()).hexdigest()[:_SIGNS]


def mark_of_shown(*shown: object) -> str:
    """The same of all that a page shows of something."""
    return short_mark(repr(shown))


def last_of_channel(connection: Connection, name: str) -> LastChange | None:
    """The same of a channel."""
    where = col(ChangeRow.what).in_(OF_CHANNELS) & _names_channel(name)
    row = connection.execute(select(ChangeRow).where(where).order_by(col(ChangeRow.number).desc()).limit(1)).first()
    return None if row is None else LastChange(row.by, row.at_ms)


class AddressSet(NamedTuple):
    """The last time that a channel was given its address: `edition` is another one for each."""

    edition: str
    last: LastChange | None


def last_of_address(connection: Connection, name: str) -> AddressSet:
    """What tells a form that there is another address or secret: neither may be shown, not even as a fingerprint."""
    gave_one = (col(ChangeRow.what) == ENTER_CHANNEL) | col(ChangeRow.after).contains('"address"', autoescape=True)
    where = col(ChangeRow.what).in_(OF_CHANNELS) & gave_one & _names_channel(name)
    row = connection.execute(select(ChangeRow).where(where).order_by(col(ChangeRow.number).desc()).limit(1)).first()
    return AddressSet("", None) if row is None else AddressSet(str(row.number), LastChange(row.by, row.at_ms))


def _names_channel(name: str) -> ColumnElement[bool]:
    """As the history has it; names are plain, so they stand in JSON as they are."""
    named = json.dumps({"channel": name})[1:-1]
    return or_(*(col(side).contains(named, autoescape=True) for side in (ChangeRow.before, ChangeRow.after)))
