"""How much one import may read: a small file can stand for gigabytes, and for minutes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hub.importing.grid import UnreadableFileError
from hub.saying import say

MAX_LINES: Final = 200_000  # of a sheet; far above a whole city: beyond it the file is not what was meant
MAX_COLUMNS: Final = 200
MAX_FILE_BYTES: Final = 32 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 256 * 1024 * 1024
MAX_CELLS: Final = 2_000_000  # 60,000 people with a card each fill 900,000; these take 0.3 GB at most
MAX_CHARACTERS: Final = 64 * 1024 * 1024
MAX_CELL_CHARACTERS: Final = 32_767  # as spreadsheet programs themselves have it
MAX_S: Final = 60.0


@dataclass(slots=True)
class Budget:
    """What is left, of all files of an import together."""

    cells: int = MAX_CELLS
    characters: int = MAX_CHARACTERS
    unpacked: int = MAX_UNPACKED_BYTES
    seconds: float = MAX_S
    now_s: Callable[[], float] = time.monotonic
    _until_s: float = 0.0

    def __post_init__(self) -> None:
        self._until_s = self.now_s() + self.seconds

    def unpack(self, count: int) -> None:
        """Bytes that came out of an archive.

        Raises:
            UnreadableFileError: they are too many, or it takes too long. So do the others.
        """
        self.unpacked -= count
        if self.unpacked < 0:
            raise UnreadableFileError(say("workbooks of at most {count} MB unpacked", count=MAX_UNPACKED_BYTES >> 20))
        self.look_at_the_clock()

    def take(self, cells: int, characters: int = 0) -> None:
        """Cells that hold something."""
        self.cells -= cells
        self.characters -= characters
        if self.cells < 0:
            raise UnreadableFileError(say("at most {count} filled cells in one import", count=MAX_CELLS))
        if self.characters < 0:
            raise UnreadableFileError(
                say("at most {count} {count:character|characters} in one import", count=MAX_CHARACTERS)
            )

    def look_at_the_clock(self) -> None:
        """See whether there is time left."""
        if self.now_s() > self._until_s:
            raise UnreadableFileError(say("files that are read within {count} s", count=f"{self.seconds:g}"))


def check_line(count: int) -> None:
    """See whether a sheet may have so many lines that hold something.

    Raises:
        UnreadableFileError: it may not.
    """
    if count > MAX_LINES:
        raise UnreadableFileError(say("at most {count} filled lines a sheet", count=MAX_LINES))


def check_column(at: int) -> None:
    """See whether a filled cell may stand in that column, from 0 on.

    Raises:
        UnreadableFileError: it may not.
    """
    if at >= MAX_COLUMNS:
        raise UnreadableFileError(say("at most {count} {count:column|columns}", count=MAX_COLUMNS))
