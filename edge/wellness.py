"""What a new version proves itself by: whether the journal opens, the reader answers and the hub settles.

One small file, written when it changes, until all is well once. The updater waits for it, and goes back without it.
"""

import json
from pathlib import Path
from typing import Final

from edge.health import Health
from edge.whole_file import write_whole
from station.records import ReaderState

FILE: Final = "well.json"


class Wellness:
    """One run's; its file is another's until it has written it."""

    def __init__(self, directory: Path, version: str) -> None:
        self._path, self._version = directory / FILE, version
        self._written: dict[str, object] = {}

    def keep(self, health: Health, *, is_stored: bool, is_settled: bool) -> None:
        """Say how it is.

        Raises:
            OSError: the disk does not take it.
        """
        found: dict[str, object] = {
            "version": self._version, "journal": is_stored, "reader": health.reader is ReaderState.UP,
            "settled": is_settled,
        }  # fmt: skip
        if found == self._written or (self._written and all(self._written.values())):
            return
        write_whole(self._path, json.dumps(found).encode())
        self._written = found
