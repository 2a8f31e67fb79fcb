"""Which disk lies under which directory, and what is open on it.

Every path below a directory where a disk is mounted lies on that disk. A handle outlives neither the power
of its disk nor the process that is said to have opened it.
"""

import os
import posixpath
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.disk.errors import PowerOffError
from simulator.disk.medium import Disk, File
from simulator.disk.shadows import Shadows


@dataclass(eq=False, slots=True)
class Handle:
    """One open file of one connection.

    Attributes:
        syncs_directory: its next sync is to put its name on the medium too.
        path: its shadow's, as SQLite wants a path; it must stay where it is.
        end: makes every later call fail.
        give_back: leaves the file to SQLite's own layer.
        is_alive: false once the process that opened it was killed, its disk exchanged, or the power cut.
    """

    name: str
    disk: Disk
    file: File
    is_deleted_on_close: bool
    syncs_directory: bool
    path: object = None
    end: Callable[[], None] = field(default=lambda: None)
    give_back: Callable[[], None] = field(default=lambda: None)
    is_alive: bool = True

    def require_life(self) -> None:
        """Raise PowerOffError where the power or the process is gone."""
        self.disk.require_power()
        if not self.is_alive:
            raise PowerOffError(f"{self.name} was opened by a process that is no more")


class Mounts:
    """The disks of this process.

    Attributes:
        lock: held during every call that changes a disk; SQLite calls from any thread.
        shadows: the files that SQLite really has open.
        handles: what is open, by where SQLite keeps it.
        registered: what SQLite points at, kept for as long as this is.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.shadows = Shadows()
        self.handles: dict[int, Handle] = {}
        self.registered: tuple[object, ...] = ()
        self._disks: dict[str, Disk] = {}

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
            for handle in self.handles.values():
                if handle.is_alive and is_below(handle.name, os.fspath(directory)):
                    self._end(handle)

    def give_back(self) -> None:
        """Python is about to end: connections that are still open must close without it."""
        for handle in self.handles.values():
            handle.give_back()

    def lose_power(self, disk: Disk) -> None:
        """End what is open on a disk whose power has failed."""
        with self.lock:
            for handle in self.handles.values():
                if handle.is_alive and handle.disk is disk:
                    self._end(handle)

    def disk_of(self, name: str) -> Disk:
        """The disk that a path lies on.

        Raises:
            PowerOffError: no disk is mounted there.
        """
        found = [directory for directory in self._disks if is_below(name, directory)]
        if not found:
            raise PowerOffError(f"no disk is mounted above {name}")
        return self._disks[max(found, key=len)]

    def open(self, name: str, *, is_made: bool, is_journal: bool, is_deleted_on_close: bool) -> Handle | None:
        """Open a file; None where it is not there and not to be made."""
        disk = self.disk_of(name)
        file = disk.find(name)
        is_new = file is None
        if file is None:
            if not is_made:
                return None
            file = disk.create(name)
        return Handle(name, disk, file, is_deleted_on_close, syncs_directory=is_new and is_journal)

    def close(self, address: int) -> None:
        """Close an open file; works on dead ones too."""
        handle = self.handles.pop(address)
        if handle.is_deleted_on_close and handle.is_alive and handle.disk.is_powered:
            self.delete(handle.disk, handle.name)

    def delete(self, disk: Disk, name: str) -> None:
        """Take a name away; who has the file open goes on reading it."""
        file = disk.names[name]
        disk.delete(name)
        self.shadows.drop(file)

    def _end(self, handle: Handle) -> None:
        handle.is_alive = False
        handle.end()
        self.shadows.drop(handle.file)  # with it the locks and the shared memory of the dead


def sync(handle: Handle) -> None:
    """Sync as SQLite's unix layer does: a journal's first sync puts its name on the medium too."""
    handle.disk.sync(handle.file)
    if handle.syncs_directory:
        handle.disk.sync_directory(posixpath.dirname(handle.name))
        handle.syncs_directory = False


def is_below(name: str, directory: str) -> bool:
    """Whether a path lies under a directory."""
    return name.startswith(directory.rstrip("/") + "/")
