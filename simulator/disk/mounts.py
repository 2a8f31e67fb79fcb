"""Which disk lies under which directory, and what is open on it.

Every path below a directory where a disk is mounted lies on that disk. A handle outlives neither the power
of its disk nor the process that is said to have opened it.
"""

from __future__ import annotations

import os
import posixpath
import threading
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from simulator.disk.errors import PowerOffError
from simulator.disk.medium import Disk, File
from simulator.disk.sharing import Sharing


@dataclass(eq=False, slots=True)
class Handle:
    """One open file of one connection.

    Attributes:
        syncs_directory: its next sync is to put its name on the medium too.
        is_powersafe: SQLite may trust that a write harms no byte beside it.
        is_alive: false once the process that opened it was killed, or its disk exchanged.
    """

    number: int
    name: str
    disk: Disk
    file: File
    sharing: Sharing
    is_deleted_on_close: bool
    syncs_directory: bool
    is_powersafe: bool
    is_alive: bool = True

    def require_life(self) -> None:
        """Raise PowerOffError where the power or the process is gone."""
        self.disk.require_power()
        if not self.is_alive:
            raise PowerOffError(f"{self.name} was opened by a process that is no more")


class Mounts:
    """The disks of this process.

    Attributes:
        lock: held during every call; SQLite calls from any thread.
        registered: what SQLite points at, kept for as long as this is.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.registered: tuple[object, ...] = ()
        self._disks: dict[str, Disk] = {}
        self._scratch = Disk()
        self._handles: dict[int, Handle] = {}
        self._last_number = 0
        self._sharing: WeakKeyDictionary[File, Sharing] = WeakKeyDictionary()

    def mount(self, directory: str | os.PathLike[str], disk: Disk) -> None:
        """Put a disk under a directory, in place of any other."""
        with self.lock:
            self.kill(directory)
            self._disks[os.fspath(directory)] = disk

    def unmount(self, directory: str | os.PathLike[str]) -> None:
        """Take the disk away."""
        with self.lock:
            self.kill(directory)
            self._disks.pop(os.fspath(directory), None)

    def kill(self, directory: str | os.PathLike[str]) -> None:
        """End what is open under a directory as `kill -9` does: written bytes stay, locks and memory do not."""
        with self.lock:
            for handle in self._handles.values():
                if is_below(handle.name, os.fspath(directory)):
                    handle.is_alive = False
                    handle.sharing.leave(handle.number)

    def disk_of(self, name: str) -> Disk:
        """The disk that a path lies on.

        Raises:
            PowerOffError: no disk is mounted there.
        """
        found = [directory for directory in self._disks if is_below(name, directory)]
        if not found:
            raise PowerOffError(f"no disk is mounted above {name}")
        return self._disks[max(found, key=len)]

    def open(
        self, name: str | None, *, is_made: bool, is_journal: bool, is_deleted_on_close: bool, is_powersafe: bool
    ) -> Handle | None:
        """Open a file; None where it is not there and not to be made. Without a name it is a file of no disk."""
        disk = self.disk_of(name) if name else self._scratch
        name = name or f"scratch-{self._last_number}"
        file = disk.find(name)
        is_new = file is None
        if file is None:
            if not is_made:
                return None
            file = disk.create(name)
        self._last_number += 1
        handle = Handle(
            number=self._last_number,
            name=name,
            disk=disk,
            file=file,
            sharing=self._sharing.setdefault(file, Sharing()),
            is_deleted_on_close=is_deleted_on_close,
            syncs_directory=is_new and is_journal,
            is_powersafe=is_powersafe,
        )
        self._handles[handle.number] = handle
        return handle

    def handle(self, number: int) -> Handle:
        """The open file of that number."""
        return self._handles[number]

    def close(self, number: int) -> None:
        """Close an open file; works on dead ones too."""
        handle = self._handles.pop(number)
        handle.sharing.leave(number)
        if handle.is_deleted_on_close and handle.is_alive and handle.disk.is_powered:
            handle.disk.delete(handle.name)

    def sync(self, handle: Handle) -> None:
        """Sync as SQLite's unix layer does: a journal's first sync puts its name on the medium too."""
        handle.disk.sync(handle.file)
        if handle.syncs_directory:
            handle.disk.sync_directory(posixpath.dirname(handle.name))
            handle.syncs_directory = False


def is_below(name: str, directory: str) -> bool:
    """Whether a path lies under a directory."""
    return name.startswith(directory.rstrip("/") + "/")
