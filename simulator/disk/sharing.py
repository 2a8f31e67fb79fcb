"""Who may do what with a file that several connections have open: SQLite's locks, and its shared memory.

All of it is in this process and dies with the power.
"""

from __future__ import annotations

import ctypes
from enum import IntEnum
from typing import Final

_SLOTS: Final = 8  # SQLITE_SHM_NLOCK


class Level(IntEnum):
    """SQLite's five levels (sqlite.org/lockingv3.html)."""

    NONE = 0
    SHARED = 1
    RESERVED = 2
    PENDING = 3
    EXCLUSIVE = 4


class Sharing:
    """The locks and the shared memory of one file, among handles."""

    def __init__(self) -> None:
        self._levels: dict[int, Level] = {}
        self._readers: list[set[int]] = [set() for _ in range(_SLOTS)]
        self._writers: list[int | None] = [None] * _SLOTS
        self._regions: list[ctypes.Array[ctypes.c_char]] = []
        self._mapped: set[int] = set()

    def lock(self, handle: int, level: Level) -> bool:
        """Raise a handle's lock; False where another's is in the way."""
        others = max((held for other, held in self._levels.items() if other != handle), default=Level.NONE)
        if self._levels.get(handle, Level.NONE) >= level:
            return True
        if others >= (Level.PENDING if level == Level.SHARED else Level.RESERVED):
            return False
        if level == Level.EXCLUSIVE and others != Level.NONE:
            self._levels[handle] = Level.PENDING  # lets no new reader in
            return False
        self._levels[handle] = level
        return True

    def unlock(self, handle: int, level: Level) -> None:
        """Lower a handle's lock."""
        self._levels[handle] = min(level, self._levels.get(handle, Level.NONE))

    def is_reserved(self) -> bool:
        """Whether anybody means to write."""
        return any(level >= Level.RESERVED for level in self._levels.values())

    def region(self, handle: int, index: int, size: int, *, is_extending: bool) -> int | None:
        """The address of a piece of shared memory; None where it is not there and not to be made."""
        self._mapped.add(handle)
        while is_extending and len(self._regions) <= index:
            self._regions.append(ctypes.create_string_buffer(size))
        return ctypes.addressof(self._regions[index]) if index < len(self._regions) else None

    def lock_slots(self, handle: int, first: int, count: int, *, is_shared: bool) -> bool:
        """Take slots of the shared memory; False where another is in the way."""
        slots = range(first, first + count)
        if any(self._writers[slot] not in (None, handle) for slot in slots):
            return False
        if is_shared:
            for slot in slots:
                self._readers[slot].add(handle)
            return True
        if any(self._readers[slot] - {handle} for slot in slots):
            return False
        for slot in slots:
            self._writers[slot] = handle
        return True

    def unlock_slots(self, handle: int, first: int, count: int) -> None:
        """Give slots back."""
        for slot in range(first, first + count):
            self._readers[slot].discard(handle)
            if self._writers[slot] == handle:
                self._writers[slot] = None

    def unmap(self, handle: int) -> None:
        """The handle no longer uses the shared memory; the last to leave throws it away."""
        self.unlock_slots(handle, 0, _SLOTS)
        self._mapped.discard(handle)
        if not self._mapped:
            self._regions.clear()

    def leave(self, handle: int) -> None:
        """The handle is closed, or its process was killed."""
        self.unmap(handle)
        self._levels.pop(handle, None)
