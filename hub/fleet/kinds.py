"""What the hub may ask of a kiosk over the wire (docs/how-to/add-a-command-over-the-wire.md).

A kind says how long a command stands where its kiosk is not there, and what the hub does with what was found.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, update
from sqlmodel import col

from hub.database.command_table import KioskCommand
from station.names import KioskId

FoundTexts = Mapping[str, str]


def keep_found(connection: Connection, kiosk: KioskId, found: FoundTexts) -> FoundTexts:
    """Let it stand in the command's row, as it came."""
    del connection, kiosk
    return found


@dataclass(frozen=True, slots=True)
class CommandKind:
    """One thing that a kiosk can be asked to do.

    Attributes:
        name: as the wire has it.
        lasts: no kiosk begins it later.
        heed: told once, in the transaction that writes the answer down, what was found; gives what is to stand in the
            command's row. Must not wait.
    """

    name: str
    lasts: timedelta
    heed: Callable[[Connection, KioskId, FoundTexts], FoundTexts] = keep_found


def keep_newest_log(connection: Connection, kiosk: KioskId, found: FoundTexts) -> FoundTexts:
    """Keep one log of a kiosk, the newest."""
    older = (col(KioskCommand.kiosk) == kiosk, col(KioskCommand.name) == COLLECT.name)
    connection.execute(update(KioskCommand).where(*older), {"found": ""})
    return found


IDENTIFY: Final = CommandKind("identify", timedelta(minutes=2))
RESTART: Final = CommandKind("restart", timedelta(minutes=10))
COLLECT: Final = CommandKind("collect", timedelta(days=1), keep_newest_log)
KINDS: Final = {kind.name: kind for kind in (IDENTIFY, RESTART, COLLECT)}
