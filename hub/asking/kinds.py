"""What the hub may ask of a kiosk over the wire (docs/how-to/add-a-command-over-the-wire.md).

A kind says how long a command stands where its kiosk is not there, and what the hub does with what was found.

AnswerError    the hub cannot do with it what it should: the command counts as not done, and why stands beside it
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, update
from sqlmodel import col

from hub.certificates.cabinet import Cabinet
from hub.database.command_table import KioskCommand
from hub.errors import HubError
from station.names import KioskId

FoundTexts = Mapping[str, str]


class AnswerError(HubError):
    """What was found is of no use; the text says why."""


@dataclass(frozen=True, slots=True)
class FoundAnswer:
    """What a kiosk found, in the transaction that writes it down.

    Attributes:
        cabinet: the site's CA, where this hub has one.
        args: with which it was asked.
        zone: the city's.
    """

    connection: Connection
    kiosk: KioskId
    by: str
    found: FoundTexts
    now: datetime
    cabinet: Cabinet | None
    args: FoundTexts
    zone: ZoneInfo


def keep_found(answer: FoundAnswer) -> FoundTexts:
    """Let it stand in the command's row, as it came."""
    return answer.found


@dataclass(frozen=True, slots=True)
class CommandKind:
    """One thing that a kiosk can be asked to do.

    Attributes:
        name: as the wire has it.
        lasts: no kiosk begins it later.
        heed: told once what was found; gives what is to stand in the command's row. Must not wait.
    """

    name: str
    lasts: timedelta
    heed: Callable[[FoundAnswer], FoundTexts] = keep_found


def keep_newest_log(answer: FoundAnswer) -> FoundTexts:
    """Keep one log of a kiosk, the newest."""
    older = (col(KioskCommand.kiosk) == answer.kiosk, col(KioskCommand.name) == COLLECT.name)
    answer.connection.execute(update(KioskCommand).where(*older), {"found": ""})
    return answer.found


IDENTIFY: Final = CommandKind("identify", timedelta(minutes=2))
RESTART: Final = CommandKind("restart", timedelta(minutes=10))
COLLECT: Final = CommandKind("collect", timedelta(days=1), keep_newest_log)
COMMISSION: Final = CommandKind("commission", timedelta(hours=24))
UPDATE: Final = CommandKind("update", timedelta(hours=2))
