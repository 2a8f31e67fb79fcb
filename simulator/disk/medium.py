"""A disk in memory that keeps apart what was written and what is on the medium.

All changes are steps, so that a recorded run can be played again and cut at each. What a cut leaves is
`cuts`' work, how SQLite reaches the disk `vfs`'. A file's name is on the medium only once its directory is
synced; a file's own sync puts its content there, not its name (POSIX promises no more; ext4 is kinder).
"""

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from simulator.disk.errors import DiskFullError, DiskReadOnlyError, PowerOffError
from simulator.disk.steps import ContentStep, Create, Delete, DiskStep, Naming, Sync, SyncDirectory, Truncate, Write


@dataclass(eq=False, slots=True, weakref_slot=True)
class File:
    """One file as the medium holds it, and the changes that it does not hold yet.

    Attributes:
        size: in bytes, as programs see it.
    """

    number: int
    on_medium: bytearray = field(default_factory=bytearray)
    unsynced: list[ContentStep] = field(default_factory=list)
    size: int = 0

    @property
    def content(self) -> bytearray:
        """All of it, as programs see it."""
        content = bytearray(self.on_medium)
        for step in self.unsynced:
            change(content, step)
        return content

    def take(self, step: ContentStep) -> None:
        """Change it; the medium does not know."""
        self.unsynced.append(step)
        if isinstance(step, Truncate):
            self.size = step.size
        elif step.offset + len(step.content) > self.size:
            self.size = step.offset + len(step.content)

    def keep(self) -> None:
        """Let the medium hold it as it is."""
        medium = self.on_medium
        for step in self.unsynced:
            if isinstance(step, Write) and step.offset <= len(medium):  # as `change`, without a call for each
                medium[step.offset : step.offset + len(step.content)] = step.content
            else:
                change(medium, step)
        self.unsynced.clear()


class Disk:
    """One disk, powered until it is cut.

    Attributes:
        position: how many steps it has taken.
        cut_at: the power fails instead of the step that begins at this position.
        capacity_bytes: more than this is not held; None for no bound.
        is_read_only: writes are refused from now on.
        is_lying: syncing is answered, but not done, from now on.
        names, names_on_medium: which file a path is, as programs see it and after a cut.
        unsynced_names: the namings between the two.
        recorded: every step so far, where recording was asked for.
    """

    def __init__(self, *, is_recording: bool = False, capacity_bytes: int | None = None) -> None:
        self.position = 0
        self.cut_at: int | None = None
        self.capacity_bytes = capacity_bytes
        self.is_read_only = False
        self.is_lying = False
        self.is_powered = True
        self.files: list[File] = []
        self.names: dict[str, File] = {}
        self.names_on_medium: dict[str, File] = {}
        self.unsynced_names: list[tuple[Naming, File]] = []
        self.recorded: list[DiskStep] | None = [] if is_recording else None

    def find(self, name: str) -> File | None:
        """The file of that name.

        Raises:
            PowerOffError: the power is cut.
        """
        self.require_power()
        return self.names.get(name)

    def create(self, name: str) -> File:
        """Make an empty file of a name that is free."""
        self._take(Create(name))
        return self.names[name]

    def delete(self, name: str) -> None:
        """Take a name away; who has the file open goes on reading it."""
        self._take(Delete(name))

    def sync_directory(self, directory: str) -> None:
        """Put the names of a directory on the medium."""
        self._take(SyncDirectory(directory, is_honest=not self.is_lying))

    def write(self, file: File, offset: int, content: bytes) -> None:
        """Write bytes into a file.

        Raises:
            DiskFullError: the file would not fit any more; nothing is written.
        """
        if self.capacity_bytes is not None:
            growth = offset + len(content) - file.size
            if growth > 0 and self.used_bytes + growth > self.capacity_bytes:
                raise DiskFullError(f"{growth} bytes more than the {self.capacity_bytes} that the disk holds")
        step = Write(file.number, offset, content)
        self._pass(step)
        file.unsynced.append(step)  # as `File.take`, which most of a world's steps would pass through
        file.size = max(file.size, offset + len(content))

    def truncate(self, file: File, size: int) -> None:
        """Give a file this size."""
        self._take(Truncate(file.number, size))

    def sync(self, file: File) -> None:
        """Put a file's content on the medium."""
        self._pass(Sync(file.number, is_honest=not self.is_lying))
        if not self.is_lying:
            file.keep()

    def require_power(self) -> None:
        """Raise PowerOffError where the power is cut."""
        if not self.is_powered:
            raise PowerOffError(f"the power failed at step {self.position}")

    def _take(self, step: DiskStep) -> None:
        self._pass(step)
        self.play(step)

    def _pass(self, step: DiskStep) -> None:
        """Let the step be one of the disk's, if the disk takes it."""
        if self.position == self.cut_at:
            self.is_powered = False
        if not self.is_powered:
            self.require_power()
        if self.is_read_only:
            raise DiskReadOnlyError("the card takes no writes")
        self.position += 1
        if self.recorded is not None:
            self.recorded.append(step)

    def play(self, step: DiskStep) -> None:
        """Do what a step says, whatever the disk's faults."""
        match step:
            case Create(name):
                self.files.append(File(len(self.files)))
                self.names[name] = self.files[-1]
                self.unsynced_names.append((step, self.files[-1]))
            case Delete(name):
                self.unsynced_names.append((step, self.names.pop(name)))
            case SyncDirectory(directory, is_honest=True):
                self._keep_names(directory)
            case Write(number) | Truncate(number):
                self.files[number].take(step)
            case Sync(number, is_honest=True):
                self.files[number].keep()

    def _keep_names(self, directory: str) -> None:
        waiting = self.unsynced_names
        self.unsynced_names = []
        for naming, file in waiting:
            if posixpath.dirname(naming.name) == directory:
                rename(self.names_on_medium, naming, file)
            else:
                self.unsynced_names.append((naming, file))

    @property
    def used_bytes(self) -> int:
        """How much the files hold that have a name."""
        return sum(file.size for file in self.names.values())


def change(content: bytearray, step: ContentStep) -> None:
    """Do to a file's content what a step says."""
    begin = step.size if isinstance(step, Truncate) else step.offset
    if begin > len(content):
        content.extend(bytes(begin - len(content)))
    if isinstance(step, Truncate):
        del content[begin:]
    else:
        content[begin : begin + len(step.content)] = step.content


def rename(names: dict[str, File], naming: Naming, file: File) -> None:
    """Do to a table of names what a step says."""
    match naming:
        case Create(name):
            names[name] = file
        case Delete(name):
            names.pop(name, None)


def replayed(steps: Iterable[DiskStep], disk: Disk | None = None) -> Iterator[Disk]:
    """The same disk after no step, after the first, and so on to the last; its `position` says where it stands.

    Args:
        steps: what was recorded.
        disk: what it was recorded on, as it was before; it is changed. A new disk where none is given.
    """
    disk = disk or Disk()
    yield disk
    for step in steps:
        disk.play(step)
        disk.position += 1
        yield disk
