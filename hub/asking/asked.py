"""Commands to kiosks as rows: asked, read, and what came of them. The serving hub sends what is asked (`dispatch`)."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, update
from sqlmodel import col, select

from hub.asking.kinds import COLLECT, COMMISSION, CommandKind
from hub.database.command_table import KioskCommand
from station.milliseconds import moment_of, moment_or_none, ms_of
from station.names import KioskId

LISTED: Final = 20  # of one kiosk, the newest
KEPT: Final = timedelta(days=90)  # after it expired


class CommandOutcome(StrEnum):
    """What came of a command."""

    NONE = ""
    """The kiosk has said nothing of it yet."""
    BEGUN = "begun"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class AskedCommand:
    """A command, and what came of it; `said` tells a person why."""

    id: str
    kiosk: KioskId
    name: str
    args: Mapping[str, str]
    by: str
    asked_at: datetime
    expires_at: datetime
    answered_at: datetime | None
    outcome: CommandOutcome
    said: str
    found: Mapping[str, str]

    @property
    def has_ended(self) -> bool:
        """Whether the kiosk says no more of it."""
        return self.outcome in {CommandOutcome.DONE, CommandOutcome.REFUSED}


def ask(
    connection: Connection,
    kiosk: KioskId,
    kind: CommandKind,
    *,
    by: str,
    now: datetime,
    args: Mapping[str, str] | None = None,
) -> str:
    """Ask it of a kiosk; the id of what was asked."""
    id_ = secrets.token_hex(8)
    row = {
        "id": id_, "kiosk": kiosk, "name": kind.name, "args": json.dumps(dict(args or {}), ensure_ascii=False),
        "by": by, "asked_ms": ms_of(now), "expires_ms": ms_of(now + kind.lasts), "outcome": CommandOutcome.NONE,
        "said": "", "found": "",
    }  # fmt: skip
    connection.execute(insert(KioskCommand), [row])
    return id_


def is_waiting(connection: Connection, kiosk: KioskId, kind: CommandKind, now: datetime) -> bool:
    """Whether it was asked of a kiosk already that has said nothing of it yet, and may still begin it."""
    of_it = col(KioskCommand.kiosk) == kiosk, col(KioskCommand.name) == kind.name
    is_open = col(KioskCommand.outcome) == CommandOutcome.NONE, col(KioskCommand.expires_ms) > ms_of(now)
    return connection.execute(select(col(KioskCommand.id)).where(*of_it, *is_open).limit(1)).first() is not None


def withdraw(connection: Connection, kind: CommandKind, now: datetime) -> None:
    """Let no kiosk begin it any more that has said nothing of it yet."""
    is_open = col(KioskCommand.outcome) == CommandOutcome.NONE, col(KioskCommand.expires_ms) > ms_of(now)
    connection.execute(
        update(KioskCommand).where(col(KioskCommand.name) == kind.name, *is_open), {"expires_ms": ms_of(now)}
    )


def forget_old_commands(connection: Connection, now: datetime) -> None:
    """Let go what expired long ago; the record of a kiosk that was commissioned stays."""
    is_old = col(KioskCommand.expires_ms) < ms_of(now - KEPT)
    connection.execute(delete(KioskCommand).where(is_old, col(KioskCommand.name) != COMMISSION.name))


def read_asked(connection: Connection, id_: str) -> AskedCommand | None:
    """One command; None where nobody asked it."""
    row = connection.execute(select(KioskCommand).where(col(KioskCommand.id) == id_)).first()
    return None if row is None else asked_of(row)


def read_commands(connection: Connection, kiosk: KioskId, limit: int = LISTED) -> list[AskedCommand]:
    """What was asked of a kiosk, the newest first."""
    query = select(KioskCommand).where(col(KioskCommand.kiosk) == kiosk)
    rows = connection.execute(query.order_by(col(KioskCommand.asked_ms).desc(), col(KioskCommand.id)).limit(limit))
    return [asked_of(row) for row in rows]


def read_log(connection: Connection, kiosk: KioskId) -> AskedCommand | None:
    """The newest log that was collected of a kiosk, `found` under `log`."""
    query = select(KioskCommand).where(col(KioskCommand.kiosk) == kiosk, col(KioskCommand.name) == COLLECT.name)
    row = connection.execute(query.where(col(KioskCommand.found) != "").limit(1)).first()
    return None if row is None else asked_of(row)


def asked_of(row: Row[Any]) -> AskedCommand:
    """A row as what it says."""
    return AskedCommand(
        id=row.id, kiosk=KioskId(row.kiosk), name=row.name, args=json.loads(row.args), by=row.by,
        asked_at=moment_of(row.asked_ms), expires_at=moment_of(row.expires_ms),
        answered_at=moment_or_none(row.answered_ms),
        outcome=CommandOutcome(row.outcome), said=row.said, found=json.loads(row.found or "{}"),
    )  # fmt: skip
