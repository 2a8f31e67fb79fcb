"""Sends what is asked of kiosks, again and again until they answer or it has expired, and takes in what they say.

The broker keeps nothing of it: a kiosk that comes back hears it within seconds. All calls come from the intake's
thread. A kiosk does nothing twice, so to send once more is harmless.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Engine, Row, select, update
from sqlmodel import col

from hub.database.command_table import MAX_SAID, KioskCommand
from hub.database.tables import Kiosk
from hub.database.transactions import reading, table_of, writing
from hub.fleet.asking import CommandOutcome
from hub.fleet.kinds import KINDS
from hub.intake.rows import moment_of, ms_of
from hub.intake.sorting import ReplyRead
from station.clock import Clock
from station.names import KioskId, StationCode
from station.wire.codec import encode
from station.wire.messages import Command, Reply
from station.wire.topics import Address, Leaf

EVERY_S: Final = 1.0
AGAIN_S: Final = 10.0
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
    """

    def __init__(self, engine: Engine, clock: Clock, seconds: Callable[[], float]) -> None:
        self._engine, self._clock, self._seconds = engine, clock, seconds
        self._next_s = 0.0
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
        open_ = self._open()
        self._sent_s = {row.id: self._sent_s[row.id] for row in open_ if row.id in self._sent_s}
        for row in open_:
            if now_s - self._sent_s.get(row.id, float("-inf")) >= AGAIN_S:
                topic = Address(StationCode(row.station), KioskId(row.kiosk), Leaf.COMMAND).topic
                command = Command(row.id, moment_of(row.expires_ms), row.name, json.loads(row.args))
                if publish(topic, encode(command), keep=False):
                    self._sent_s[row.id] = now_s

    def take(self, replies: Iterable[ReplyRead]) -> None:
        """Write down what kiosks say; of what nobody asked them, nothing.

        Raises:
            StoreTroubleError: it is not written; it comes again.
        """
        with writing(self._engine) as connection:
            for place, reply in replies:
                _write(connection, place.kiosk, reply, ms_of(self._clock.now()))

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


def _write(connection: Connection, kiosk: KioskId, reply: Reply, now_ms: int) -> None:
    """A word of its end is the last; what comes after it, a repeated one say, changes nothing."""
    own = (col(KioskCommand.id) == reply.id, col(KioskCommand.kiosk) == kiosk)
    query = select(col(KioskCommand.name)).where(*own, col(KioskCommand.outcome).not_in(ENDED)).with_for_update()
    name = connection.execute(query).scalar_one_or_none()
    if name is None:
        return
    kind = KINDS.get(name)
    found = kind.heed(connection, kiosk, reply.found) if kind is not None and reply.found else {}
    spelled = json.dumps(dict(found), ensure_ascii=False) if found else ""
    connection.execute(
        update(KioskCommand).where(*own),
        {"answered_ms": now_ms, "outcome": _outcome_of(reply), "said": reply.text[:MAX_SAID], "found": spelled},
    )


def _outcome_of(reply: Reply) -> CommandOutcome:
    if not reply.ok:
        return CommandOutcome.REFUSED
    return CommandOutcome.BEGUN if reply.more else CommandOutcome.DONE
