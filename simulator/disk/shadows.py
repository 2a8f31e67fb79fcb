"""Real files behind the files of a disk in memory: SQLite reads, locks and shares these by its own code.

A shadow always holds what programs see of its file; what is on the medium is `medium`'s affair. They lie in memory
where there is a file system for that, and go with the process.
"""

import tempfile
from itertools import count
from pathlib import Path
from typing import Final
from weakref import WeakKeyDictionary, finalize

from simulator.disk.medium import File

IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108  the directory made in it is this process's own


class Shadows:
    """The shadows of this process's disks."""

    def __init__(self) -> None:
        home = tempfile.TemporaryDirectory(prefix="disks-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None)
        self._home = Path(home.name)
        self._end = finalize(self, home.cleanup)
        self._paths: WeakKeyDictionary[File, Path] = WeakKeyDictionary()
        self._numbers = count(1)

    def path_of(self, file: File) -> Path:
        """Where a file's shadow lies, made where there is none."""
        path = self._paths.get(file)
        if path is None:
            path = self._paths[file] = self._home / f"{next(self._numbers)}.file"  # the dot keeps SQLite from guessing
            path.write_bytes(file.content)
            finalize(file, path.unlink, missing_ok=True)
        return path

    def drop(self, file: File) -> None:
        """Leave a file's shadow to those who have it open; who opens the file next gets another."""
        path = self._paths.pop(file, None)
        if path is not None:
            path.unlink(missing_ok=True)
