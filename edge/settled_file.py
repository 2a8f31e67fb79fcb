"""How far the hub said that it holds each run, on disk: for who exports records without a line, and nobody else.

A hint: only the word of a session counts for what may be forgotten. It is written seldom, for a card in a kiosk wears;
what was settled since is exported once more, and counted once.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from edge.whole_file import write_whole
from station.names import Epoch
from station.wire.messages import Through

NAME: Final = "settled.json"
EVERY_S: Final = 600.0


class SettledFile:
    """The file in one data directory."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / NAME
        self._lies: dict[str, int] = {}
        self._written_s = float("-inf")

    def keep(self, said: Mapping[Epoch, Through], now_s: float) -> None:
        """Write what was said, where it is news and time.

        Raises:
            OSError: the disk does not take it.
        """
        through = {str(epoch): each.through for epoch, each in said.items()}
        if not through or through == self._lies or now_s - self._written_s < EVERY_S:
            return
        self._written_s = now_s
        write_whole(self._path, json.dumps(through).encode())
        self._lies = through


def read_settled(directory: Path) -> dict[str, int]:
    """How far each run is settled; nothing where that cannot be read."""
    try:
        said = json.loads((directory / NAME).read_bytes())
        return {str(epoch): int(through) for epoch, through in said.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
