"""What people do: enter, change and remove channels, acknowledge an alarm, put it off, close it.

In the caller's transaction.

ActError    it cannot be done; the text says why
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, update
from sqlmodel import col, select

from hub.alarms.addresses import SoundAddress
from hub.alarms.book import CLOSED_BEFORE, note_step
from hub.changing.history import CHANGE_CHANNEL, ENTER_CHANNEL, REMOVE_CHANNEL
from hub.changing.saving import note_change
from hub.database.alarm_tables import ANSWER_LENGTH, AlarmRow, ChannelRow, MessageRow
from hub.database.transactions import upsert
from hub.errors import HubError
from hub.register.personal import WITHOUT_NUMBER, tells_a_number
from hub.rights import Reach
from hub.saying import as_said, say
from station.names import NAME_RULE, is_name


class ActError(HubError):
    """It cannot be done; the text says why."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it, and when."""

    connection: Connection
    by: str
    now_ms: int

    def enter_channel(self, name: str, told: SoundAddress, reach: Reach, *, tells_short: bool) -> None:
        """Enter a channel.

        Raises:
            ActError: the name is no name, or taken.
        """
        if not is_name(name):
            raise ActError(say("found the name {name!r}; wanted is {wanted}", name=name, wanted=as_said(NAME_RULE)))
        if self._channel(name) is not None:
            raise ActError(say("there is a channel {name} already; remove it first, or take another name", name=name))
        row = ChannelRow(
            name=name, sort=told.sort, address=told.address, secret=told.secret, mobiles=" ".join(told.mobiles),
            district=reach.district, kind=reach.kind, station=reach.station, tells_short=tells_short,
            by=self.by, made_ms=self.now_ms,
        )  # fmt: skip
        upsert(self.connection, ChannelRow, [row.model_dump()])
        self._note(ENTER_CHANNEL, {}, _facts(row))

    def change_channel(self, name: str, reach: Reach, *, tells_short: bool, told: SoundAddress | None = None) -> None:
        """Let a channel be told of other stations, or by another address; None keeps that.

        Raises:
            ActError: there is none.
        """
        row = self._known_channel(name)
        where: dict[str, Any] = {"district": reach.district, "kind": reach.kind, "station": reach.station}
        values, before = where | {"tells_short": tells_short}, _facts(row)
        after = before | where | {"short": tells_short}
        if told is not None:
            values |= {
                "sort": told.sort, "address": told.address, "secret": told.secret, "mobiles": " ".join(told.mobiles),
            }  # fmt: skip
            before, after = before | {"address": "kept"}, after | {"way": str(told.sort), "address": "another"}
        if before == after:
            return
        self.connection.execute(update(ChannelRow).where(col(ChannelRow.name) == name).values(values))
        self._note(CHANGE_CHANNEL, before, after)

    def remove_channel(self, name: str) -> None:
        """Tell a channel nothing more, and forget its address; what was sent stays on record.

        Raises:
            ActError: there is none.
        """
        row = self._known_channel(name)
        forgotten = {"address": "", "secret": "", "mobiles": "", "removed_ms": self.now_ms}
        self.connection.execute(update(ChannelRow).where(col(ChannelRow.name) == name).values(forgotten))
        self._note(REMOVE_CHANNEL, _facts(row), {})

    def acknowledge(self, number: int, why: str = "") -> None:
        """Say that somebody looks after an alarm: nobody further is told.

        Raises:
            ActError: it is over, or closed, or there is none.
        """
        self._act(number, "acknowledged", {"acknowledged_ms": self.now_ms}, why)

    def snooze(self, number: int, until_ms: int, why: str = "") -> None:
        """Let nobody further be told before then.

        Raises:
            ActError: it is over, or closed, or there is none; or that moment has passed.
        """
        if until_ms <= self.now_ms:
            raise ActError("an alarm is put off to a moment that is still to come")
        self._act(number, "snoozed", {"snoozed_ms": until_ms}, why)

    def close(self, number: int, why: str) -> None:
        """Close an alarm: what it tells of is told no more, for as long as it lasts.

        Raises:
            ActError: it is over, or closed, or there is none; or no reason is given.
        """
        if not why.strip():
            raise ActError("an alarm is closed with a reason; say why")
        self._act(number, "closed", {"closed_ms": self.now_ms}, why)
        waiting = (col(MessageRow.alarm) == number) & col(MessageRow.due_ms).is_not(None)
        values = {"due_ms": None, "answer": CLOSED_BEFORE}
        self.connection.execute(update(MessageRow).where(waiting).values(values))

    def _act(self, number: int, what: str, values: dict[str, Any], why: str) -> None:
        if tells_a_number(why):  # it is kept for ever
            raise ActError(say("the reason tells a number; wanted are {wanted}", wanted=as_said(WITHOUT_NUMBER)))
        where = col(AlarmRow.number) == number
        row = self.connection.execute(select(AlarmRow).where(where).with_for_update()).one_or_none()
        if row is None:
            raise ActError(say("there is no alarm {number}; zaigang-hub alarm list shows them", number=number))
        if row.over_ms is not None or row.closed_ms is not None:
            raise ActError(say("alarm {number} is over already", number=number))
        self.connection.execute(update(AlarmRow).where(where).values(values))
        note_step(self.connection, number, what, level=row.level, now_ms=self.now_ms, by=self.by, why=why)

    def _note(self, what: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        """In the history, without address and secret."""
        station = after.get("station") or before.get("station") or ""
        note_change(self.connection, what, before, after, by=self.by, now_ms=self.now_ms, station=station)

    def _known_channel(self, name: str) -> Row[Any]:
        row = self._channel(name)
        if row is None:
            raise ActError(say("there is no channel {name!r}; zaigang-hub channel list shows them", name=name))
        return row

    def _channel(self, name: str) -> Row[Any] | None:
        where = (col(ChannelRow.name) == name) & col(ChannelRow.removed_ms).is_(None)
        return self.connection.execute(select(ChannelRow).where(where)).one_or_none()


def _facts(row: Any) -> dict[str, Any]:
    return {
        "channel": row.name, "way": str(row.sort), "district": row.district, "kind": row.kind, "station": row.station,
        "short": bool(row.tells_short),
    }  # fmt: skip


def note_test(connection: Connection, channel: str, *, is_taken: bool, answer: str, now_ms: int) -> None:
    """Keep what a channel answered to a try."""
    row = MessageRow(
        channel=channel, what="test", on_duty=0, wanted=0, made_ms=now_ms, due_ms=None, tries=1, tried_ms=now_ms,
        sent_ms=now_ms if is_taken else None, answer=answer[:ANSWER_LENGTH],
    )  # fmt: skip
    connection.execute(insert(MessageRow).values(row.model_dump(exclude={"number"})))
