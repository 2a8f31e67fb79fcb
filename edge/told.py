"""What the hub last said of this station: duty, roster and presence, kept on disk so that a reboot offline loses none.

Each is one file, replaced whole and synced, and only where something else was said: a hub says the same again at every
connection. What cannot be read counts as never said. Nothing of it is logged: the roster says whose card is whose.
"""

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

from edge.journal_schema import sync_directory
from station.errors import WireError
from station.wire.codec import decode, encode
from station.wire.messages import Duty, Presence, Roster

M = TypeVar("M", Duty, Presence, Roster)
Told = Duty | Presence | Roster
PRESENCE_EVERY_S: Final = 5.0  # it changes with every tap of the station; a card in a kiosk wears


class ToldFiles:
    """The files of what was said, in one directory. Calls come from one thread."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lying: dict[str, Told] = {}
        self._written_s = float("-inf")
        self._waiting: Presence | None = None

    def read_duty(self) -> Duty | None:
        """The station's hours and duty rule; None where the hub never said."""
        return self._read(Duty, "duty.json")

    def read_presence(self) -> Presence | None:
        """Who was there when the hub last said."""
        return self._read(Presence, "presence.json")

    def read_roster(self) -> list[Roster]:
        """The station's cards, in the parts in which they came."""
        parts: list[Roster] = []
        for path in sorted(self._directory.glob("roster-*.json")):
            part = self._read(Roster, path.name)
            if part is not None:
                parts.append(part)
        return parts

    def keep(self, told: Told, now_s: float) -> None:
        """Store what was said; presence at most every few seconds, the rest at once.

        Raises:
            OSError: the disk took none of it; what was there before stands.
        """
        match told:
            case Duty():
                self._replace("duty.json", told)
            case Roster():
                self._replace(f"roster-{told.part:04}.json", told)
            case Presence():
                self._waiting = told
                self.flush(now_s)

    def flush(self, now_s: float) -> None:
        """Store the presence that waits, if it is time.

        Raises:
            OSError: as `keep`.
        """
        if self._waiting is not None and now_s - self._written_s >= PRESENCE_EVERY_S:
            waiting, self._waiting = self._waiting, None
            self._written_s = now_s
            self._replace("presence.json", waiting)

    def _replace(self, name: str, told: Told) -> None:
        known = self._lying.pop(name, None)
        if known is None or not _says_the_same(known, told):
            self._write(name, encode(told))
            if isinstance(told, Roster):
                self._drop_parts_after(told.parts)
        self._lying[name] = told

    def _drop_parts_after(self, parts: int) -> None:
        for path in self._directory.glob("roster-*.json"):
            if path.stem > f"roster-{parts:04}":
                self._lying.pop(path.name, None)
                path.unlink(missing_ok=True)

    def _write(self, name: str, payload: bytes) -> None:
        fresh = self._directory / f"{name}.fresh"
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(payload)
            file.flush()
            os.fsync(fd)
        fresh.replace(self._directory / name)
        sync_directory(self._directory)

    def _read(self, kind: type[M], name: str) -> M | None:
        with suppress(OSError, WireError):
            told = decode((self._directory / name).read_bytes(), kind)
            self._lying[name] = told
            return told
        return None


def _says_the_same(known: Told, told: Told) -> bool:
    """Whether nothing is new but the moment as of which a presence is told."""
    if isinstance(known, Presence) and isinstance(told, Presence):
        known = replace(known, as_of=told.as_of)
    return known == told
