"""What the hub last said of this station: duty, roster and presence, kept on disk so that a reboot offline loses none.

Each is one file, replaced whole and synced, and only where something else was said: a hub says the same again at every
connection. What the disk does not take waits until it does. What cannot be read counts as never said. Nothing of it is
logged: the roster says whose card is whose.
"""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

from edge.whole_file import write_whole
from station.errors import WireError
from station.wire.codec import decode, encode
from station.wire.messages import Presence
from station.wire.told import Duty, Roster

M = TypeVar("M", Duty, Presence, Roster)
ToldMessage = Duty | Presence | Roster
TRY_AGAIN_S: Final = 5.0  # a disk that takes nothing is not tried in a tight loop
PRESENCE_EVERY_S: Final = 5.0  # it changes with every tap of the station; a card in a kiosk wears


class ToldFiles:
    """The files of what was said, in one directory. Calls come from one thread.

    Attributes:
        is_behind: the disk did not take what was said.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lying: dict[str, ToldMessage] = {}
        self._waiting: dict[str, ToldMessage] = {}
        self._presence_s = self._again_s = float("-inf")
        self.is_behind = False

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

    def keep(self, told: ToldMessage, now_s: float) -> None:
        """Store what was said; presence at most every few seconds, the rest at once.

        Raises:
            OSError: the disk did not take all of it now; what was there before stands, and `flush` tries again.
        """
        match told:
            case Duty():
                self._waiting["duty.json"] = told
            case Roster():
                self._give_up_parts_after(told.parts)
                self._waiting[f"roster-{told.part:04}.json"] = told
            case Presence():
                self._waiting["presence.json"] = told
        self.flush(now_s)

    def flush(self, now_s: float) -> None:
        """Store what waits, if it is time.

        Raises:
            OSError: as `keep`.
        """
        if not self._waiting or now_s < self._again_s:
            return
        trouble: OSError | None = None
        for name, told in list(self._waiting.items()):
            if isinstance(told, Presence) and now_s < self._presence_s:
                continue
            try:
                self._replace(name, told)
            except OSError as exc:
                trouble = exc
                continue
            del self._waiting[name]
            if isinstance(told, Presence):
                self._presence_s = now_s + PRESENCE_EVERY_S
        self.is_behind = trouble is not None
        if trouble is not None:
            self._again_s = now_s + TRY_AGAIN_S
            raise trouble

    def _replace(self, name: str, told: ToldMessage) -> None:
        known = self._lying.pop(name, None)
        if known is None or not _says_the_same(known, told):
            write_whole(self._directory / name, encode(told))
            if isinstance(told, Roster):
                self._drop_parts_after(told.parts)
        self._lying[name] = told

    def _give_up_parts_after(self, parts: int) -> None:
        """Parts of a longer roster that wait are no longer so."""
        for name in [name for name in self._waiting if _is_part_after(name, parts)]:
            del self._waiting[name]

    def _drop_parts_after(self, parts: int) -> None:
        for path in self._directory.glob("roster-*.json"):
            if _is_part_after(path.name, parts):
                self._lying.pop(path.name, None)
                path.unlink(missing_ok=True)

    def _read(self, kind: type[M], name: str) -> M | None:
        with suppress(OSError, WireError):
            told = decode((self._directory / name).read_bytes(), kind)
            self._lying[name] = told
            return told
        return None


def _is_part_after(name: str, parts: int) -> bool:
    return name.startswith("roster-") and name > f"roster-{parts:04}.json"


def _says_the_same(known: ToldMessage, told: ToldMessage) -> bool:
    """Whether nothing is new but the moment as of which a presence is told."""
    if isinstance(known, Presence) and isinstance(told, Presence):
        known = replace(known, as_of=told.as_of)
    return known == told
