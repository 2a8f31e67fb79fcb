"""The commands that this kiosk has heard of, and what came of each, in one file, replaced whole and synced.

A command stands in it before it is begun, so that none is carried out twice, whatever becomes of the power. The oldest
go, but none that has not ended. A file that cannot be read counts as empty: its commands have expired by then, or are
answered once more.
"""

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.whole_file import write_whole
from station.errors import WireError
from station.wire.codec import decode, encode
from station.wire.messages import Command, Reply

FILE: Final = "commands.json"
REMEMBERED: Final = 64
MOST_BYTES: Final = 256 * 1024  # of what was found: a log is answered again after a lost line, ten of them need not be


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A command and the latest reply to it."""

    command: Command
    reply: Reply


class OrderBook:
    """The file in one directory. Calls may come from any thread."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE
        self._turn = threading.Lock()
        self._written = {written.command.id: written for written in _read(self._path)}

    def find(self, command: str) -> OrderLine | None:
        """What is written of that command."""
        return self._written.get(command)

    def unended(self) -> list[OrderLine]:
        """What was begun and has not ended."""
        return [written for written in self._written.values() if written.reply.more]

    def write(self, written: OrderLine) -> None:
        """Write it down, in the place of what was said of that command before.

        Raises:
            OSError: it is not on the disk; as long as the agent lives, it counts as written.
        """
        with self._turn:
            self._written.pop(written.command.id, None)
            self._written[written.command.id] = written
            write_whole(self._path, self._spell())

    def drop(self, command: str) -> None:
        """It was not begun: the disk did not take it."""
        with self._turn:
            self._written.pop(command, None)

    def _spell(self) -> bytes:
        kept: list[str] = []
        size = 0
        for written in reversed(self._written.values()):
            spelled = f'{{"command":{encode(written.command).decode()},"reply":{encode(written.reply).decode()}}}'
            if not written.reply.more and (len(kept) >= REMEMBERED or size + len(spelled) > MOST_BYTES):
                continue
            size += len(spelled)
            kept.append(spelled)
        return f"[{','.join(reversed(kept))}]".encode()


def _read(path: Path) -> list[OrderLine]:
    try:
        return [
            OrderLine(
                decode(json.dumps(each["command"]).encode(), Command), decode(json.dumps(each["reply"]).encode(), Reply)
            )
            for each in json.loads(path.read_bytes())
        ]
    except (OSError, ValueError, KeyError, TypeError, WireError, RecursionError):
        return []
