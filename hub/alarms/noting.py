"""What channels have answered, written down: some answers in one transaction, each kind of change in one statement.

And forgotten again, once it has been kept long enough.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, bindparam, select, update

from hub.alarms.book import hold, let_go
from hub.alarms.channel import Receipt
from hub.database.alarm_tables import ANSWER_LENGTH, MessageRow
from hub.database.transactions import delete_some, table_of
from station.milliseconds import ms_of

PAUSES: Final = tuple(timedelta(seconds=s) for s in (5, 15, 45, 135, 300))  # and the last one again and again
GIVEN_UP_AFTER: Final = timedelta(hours=2)  # nobody wants to be told then
_MESSAGE: Final = table_of(MessageRow).c
_NOTED: Final = (
    update(table_of(MessageRow))
    .where(_MESSAGE.number == bindparam("of"))
    .values({name: bindparam(name) for name in ("tries", "tried_ms", "sent_ms", "answer", "due_ms")})
)
_NOTED_IF_DUE: Final = _NOTED.where(_MESSAGE.due_ms.is_not(None))  # what was taken back meanwhile stays so


class Answered(NamedTuple):
    """What a channel said of messages that it was sent; `is_last` where they are not tried again."""

    channel: str
    rows: Sequence[Row[Any]]
    receipt: Receipt
    at: datetime
    is_last: bool = False


def note_answers(connection: Connection, answered: Sequence[Answered]) -> None:
    """Write them down, and what follows from them."""
    hold(connection, {row.alarm for one in answered for row in one.rows} - {None})
    taken = [_noted(one, row) for one in answered for row in one.rows if one.receipt.is_taken]
    refused = [_noted(one, row) for one in answered for row in one.rows if not one.receipt.is_taken]
    if taken:
        connection.execute(_NOTED, taken)
        let_go(connection, [
            (row.number, one.channel, ms_of(one.at))
            for one in answered for row in one.rows if one.receipt.is_taken
        ])  # fmt: skip
    if refused:
        connection.execute(_NOTED_IF_DUE, refused)


def forget_messages(connection: Connection, before_ms: int, most: int) -> int:
    """Forget at most so many messages from before a moment that are not on their way; returns how many.

    Only the first by number are looked at: so many are kept that to look through all of them would hold up taps.
    """
    first = select(_MESSAGE.number).order_by(_MESSAGE.number).limit(most).subquery()
    is_old = (_MESSAGE.made_ms < before_ms) & _MESSAGE.due_ms.is_(None)
    return delete_some(connection, MessageRow, _MESSAGE.number.in_(select(first.c.number)) & is_old, most)


def _noted(one: Answered, row: Row[Any]) -> dict[str, Any]:
    tries = max(row.tries for row in one.rows) + 1
    is_over = one.receipt.is_taken or one.is_last or row.made_ms <= ms_of(one.at - GIVEN_UP_AFTER)
    again_ms = ms_of(one.at + PAUSES[min(tries, len(PAUSES)) - 1])
    return {
        "of": row.number, "tries": tries, "tried_ms": ms_of(one.at), "due_ms": None if is_over else again_ms,
        "sent_ms": ms_of(one.at) if one.receipt.is_taken else None, "answer": one.receipt.text[:ANSWER_LENGTH],
    }  # fmt: skip
