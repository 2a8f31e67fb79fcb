"""What a new version proves itself by: whether the journal opens, the reader answers and the hub settles.

One small file. The updater waits for it, and watches it for a while; it goes back without it. It is written when it
changes, until all was well once and a quarter of an hour is over: a loose reader would wear the card out.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Final

from edge.health import Health
from edge.whole_file import write_whole
from station.records import ReaderState

FILE: Final = "well.json"
LASTS_S: Final = 900.0


class Wellness:
    """One run's; what another has written goes."""

    def __init__(self, directory: Path, version: str) -> None:
        self._path, self._version = directory / FILE, version
        self._written: dict[str, object] = {}
        self._was_well, self._until_s = False, float("inf")
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def keep(self, health: Health, now_s: float, *, is_stored: bool, is_settled: bool) -> None:
        """Say how it is.

        Raises:
            OSError: the disk does not take it.
        """
        found: dict[str, object] = {
            "version": self._version, "journal": is_stored, "reader": health.reader is ReaderState.UP,
            "settled": is_settled,
        }  # fmt: skip
        self._until_s = min(self._until_s, now_s + LASTS_S)
        if found == self._written or (self._was_well and now_s > self._until_s):
            return
        write_whole(self._path, json.dumps(found).encode())
        self._written = found
        self._was_well = self._was_well or all(found.values())
