"""The steps in which a disk changes: the positions at which the power can fail.

A file is named by its number, given in the order of creation, for a name can be given to another file. Steps are made
by the million, so they are tuples; tell them apart by class, not by content.
"""

from typing import NamedTuple


class Create(NamedTuple):
    """A name is given to a new, empty file."""

    name: str


class Delete(NamedTuple):
    """A name is taken away."""

    name: str


class SyncDirectory(NamedTuple):
    """The names in a directory are put on the medium; a lie where `is_honest` is false."""

    directory: str
    is_honest: bool = True


class Write(NamedTuple):
    """Bytes are written into a file, which grows where they reach beyond its end."""

    file: int
    offset: int
    content: bytes


class Truncate(NamedTuple):
    """A file is cut down, or grown with zeros, to a size."""

    file: int
    size: int


class Sync(NamedTuple):
    """A file's content and size are put on the medium; a lie where `is_honest` is false."""

    file: int
    is_honest: bool = True


DiskStep = Create | Delete | SyncDirectory | Write | Truncate | Sync
ContentStep = Write | Truncate  # of a file's content
Naming = Create | Delete  # in a directory
