"""The steps in which a disk changes: the positions at which the power can fail.

A file is named by its number, given in the order of creation, for a name can be given to another file.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Create:
    """A name is given to a new, empty file."""

    name: str


@dataclass(frozen=True, slots=True)
class Delete:
    """A name is taken away."""

    name: str


@dataclass(frozen=True, slots=True)
class SyncDirectory:
    """The names in a directory are put on the medium; a lie where `is_honest` is false."""

    directory: str
    is_honest: bool = True


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes are written into a file, which grows where they reach beyond its end."""

    file: int
    offset: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    """A file is cut down, or grown with zeros, to a size."""

    file: int
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    """A file's content and size are put on the medium; a lie where `is_honest` is false."""

    file: int
    is_honest: bool = True


Step = Create | Delete | SyncDirectory | Write | Truncate | Sync
Change = Write | Truncate  # of a file's content
Naming = Create | Delete  # in a directory
