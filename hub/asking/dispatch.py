"""Sends what is asked of kiosks, again and again until they answer or it has expired, and takes in what they say.

The broker keeps nothing of it: a kiosk that comes back hears it within seconds. All calls come from the intake's
thread. A kiosk does nothing twice, so to send once more is harmless.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Row, select, update
from sqlmodel import col

from hub.asking.asked import CommandOutcome, forget_old_commands
from hub.asking.catalogue import KINDS
from hub.asking.giving_keys import KeyGiving
from hub.asking.kinds import AnswerError, FoundAnswer
from hub.asking.renewing import Renewing
from hub.certificates.cabinet import Cabinet
from hub.database.command_table import MAX_SAID, KioskCommand
from hub.database.tables import Kiosk
from hub.database.transactions import changing, reading, table_of, writing
from hub.intake.sorting import ReplyRead
from station.clock import Clock
from station.milliseconds import moment_of, ms_of
from station.names import KioskId, StationCode
from station.wire.codec import encode
from station.wire.messages import Command, Reply
from station.wire.topics import Address, Leaf

EVERY_S: Final = 1.0
AGAIN_S: Final = 10.0
FORGET_EVERY_S: Final = 3600.0
ENDED: Final = (CommandOutcome.DONE, CommandOutcome.REFUSED)


class SayToKiosk(Protocol):
    """Sends a message; False where it does not go."""

    def __call__(self, topic: str, payload: bytes, *, keep: bool) -> bool:
        """Send it."""


class Dispatch:
    """What goes out, and what came of it.

    Args:
        engine: the database.
        clock: whose now it is.
        seconds: that pass.
        zone: the city's.
        cabinet: the site's CA, where this hub has one.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        seconds: Callable[[], float],
        zone: ZoneInfo,
        cabinet: Cabinet | None = None,
    ) -> None:
        self._engine, self._clock, self._seconds, self._cabinet = engine, clock, seconds, cabinet
        self._zone = zone
        self._renewing = None if cabinet is None else Renewing(engine, cabinet, clock)
        self._keys = None if cabinet is None else KeyGiving(engine, cabinet, clock)
        self._next_s = self._forget_s = 0.0
        self._sent_s: dict[str, float] = {}

    def send_due(self, publish: SayToKiosk) -> None:
        """Send what is asked and not answered; does something once a second.

        Raises:
            StoreTroubleError: the database cannot be read.
        """
        now_s = self._seconds()
        if now_s < self._next_s:
            return
        self._next_s = now_s + EVERY_S
        self._forget(now_s)
        if self._renewing is not None:
            self._renewing.look()
        if self._keys is not None:
            self._keys.look()
        open_ = self._open()
        self._sent_s = {row.id: self._sent_s[row.id] for row in open_ if row.id in self._sent_s}
        for row in open_:
            if now_s - self._sent_s.get(row.id, float("-inf")) >= AGAIN_S:
                topic = Address(StationCode(row.station), KioskId(row.kiosk), Leaf.COMMAND).topic
                command = Command(row.id, moment_of(row.expires_ms), row.name, json.loads(row.args))
                if publish(topic, encode(command), keep=False):
                    self._sent_s[row.id] = now_s

    def _forget(self, now_s: float) -> None:
        if now_s >= self._forget_s:
            self._forget_s = now_s + FORGET_EVERY_S
            with writing(self._engine) as connection:
                forget_old_commands(connection, self._clock.now())

    def take(self, replies: Iterable[ReplyRead]) -> None:
        """Write down what kiosks say, and change the city by it; of what nobody asked them, nothing.

        Raises:
            StoreTroubleError: it is not written; it comes again.
        """
        with changing(self._engine) as connection:
            for place, reply in replies:
                self._write(connection, place.kiosk, reply)

    def _write(self, connection: Connection, kiosk: KioskId, reply: Reply) -> None:
        """A word of its end is the last; what comes after it, a repeated one say, changes nothing."""
        own = (col(KioskCommand.id) == reply.id, col(KioskCommand.kiosk) == kiosk)
        query = select(col(KioskCommand.name), col(KioskCommand.by), col(KioskCommand.found), col(KioskCommand.args))
        row = connection.execute(query.where(*own, col(KioskCommand.outcome).not_in(ENDED)).with_for_update()).first()
        if row is None:
            return
        outcome, said, found = _outcome_of(reply), reply.text, row.found
        kind = KINDS.get(row.name)
        if reply.found and kind is not None and not found:
            now = self._clock.now()
            try:
                args = json.loads(row.args)
                answer = FoundAnswer(connection, kiosk, row.by, reply.found, now, self._cabinet, args, self._zone)
                found = json.dumps(dict(kind.heed(answer)), ensure_ascii=False)
            except AnswerError as exc:
                outcome, said = CommandOutcome.REFUSED, str(exc)
        connection.execute(
            update(KioskCommand).where(*own),
            {"answered_ms": ms_of(self._clock.now()), "outcome": outcome, "said": said[:MAX_SAID], "found": found},
        )

    def _open(self) -> list[Row[Any]]:
        command = KioskCommand
        query = (
            select(table_of(command), col(Kiosk.station))
            .join(Kiosk, col(Kiosk.id) == col(command.kiosk))
            .where(col(command.expires_ms) > ms_of(self._clock.now()))
            .where(col(command.outcome).not_in(ENDED), col(Kiosk.revoked_ms).is_(None))
            .order_by(col(command.asked_ms))
        )
        with reading(self._engine) as connection:
            return list(connection.execute(query))


def _outcome_of(reply: Reply) -> CommandOutcome:
    if not reply.ok:
        return CommandOutcome.REFUSED
    return CommandOutcome.BEGUN if reply.more else CommandOutcome.DONE
