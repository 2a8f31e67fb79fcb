"""SQLite's file layer over forgetting disks: opened by `file:/some/path?vfs=zaigang-forgetting`.

SQLite has one table of layers for the whole process, so there is one layer here too, from the first call of
`forgetting_layer` to the process's end. This module only translates; which disk a path lies on is `mounts`'
work. It syncs, and claims of the device, what SQLite's own unix layer does.
"""

from __future__ import annotations

import ctypes
import functools
import os
import posixpath
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from simulator.disk import native
from simulator.disk.errors import DiskError, DiskFullError, DiskReadOnlyError
from simulator.disk.mounts import Handle, Mounts
from simulator.disk.sharing import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAME: Final = "zaigang-forgetting"
_SECTOR_BYTES: Final = 4096  # what SQLite's unix layer answers
_JOURNALS: Final = native.OPEN_MAIN_JOURNAL | native.OPEN_SUPER_JOURNAL | native.OPEN_WAL
_UNIX_EPOCH_DAY: Final = 2440587.5  # 1970-01-01 as a Julian day
_DAY_S: Final = 86400


@functools.cache
def forgetting_layer() -> Mounts:
    """The disks of this process, reached by SQLite from the first call on.

    Raises:
        NoSharedSqliteError: Python's SQLite cannot be reached from here.
    """
    library, mounts = native.own_sqlite(), Mounts()
    methods = native.FileMethods(version=2, **_answers(_FileCalls(mounts), native.FILE_CALLS))
    calls = _answers(_LayerCalls(mounts, methods, library), native.LAYER_CALLS)
    layer = native.Layer(
        version=1, file_bytes=ctypes.sizeof(native.NativeFile), path_bytes=1024, name=NAME.encode(), **calls
    )
    library.sqlite3_vfs_register(ctypes.addressof(layer), 0)
    mounts.registered = (methods, layer)
    return mounts


@contextmanager
def only_layer() -> Iterator[Mounts]:
    """Let this process open every file on the forgetting disks, also where the path does not say so."""
    mounts, library = forgetting_layer(), native.own_sqlite()
    before = library.sqlite3_vfs_find(None)
    library.sqlite3_vfs_register(library.sqlite3_vfs_find(NAME.encode()), 1)
    try:
        yield mounts
    finally:
        library.sqlite3_vfs_register(before, 1)


def _answers(calls: object, shapes: dict[str, Any]) -> dict[str, Any]:
    """Each of SQLite's calls that `calls` has a method for, in C's shape."""
    named = {name: getattr(calls, name[1:].lower(), None) for name in shapes}
    return {name: shapes[name](method) for name, method in named.items() if method is not None}


def _code(error: DiskError) -> int:
    match error:
        case DiskFullError():
            return native.FULL
        case DiskReadOnlyError():
            return native.IOERR_WRITE
    return native.IOERR


def _answering(call: Callable[..., int]) -> Callable[..., int]:
    """Let one caller in at a time, and answer a disk's refusal with SQLite's code for it."""

    @functools.wraps(call)
    def answer(self: _FileCalls | _LayerCalls, *args: Any) -> int:
        with self.mounts.lock:
            try:
                return call(self, *args)
            except DiskError as error:
                return _code(error)

    return answer


class _LayerCalls:
    """sqlite3_vfs: what is asked about names."""

    def __init__(self, mounts: Mounts, methods: native.FileMethods, library: ctypes.CDLL) -> None:
        self.mounts = mounts
        self._methods = methods
        self._library = library

    @_answering
    def open(self, _: int, name: int | None, out: Any, flags: int, out_flags: Any) -> int:
        out.contents.methods = None
        handle = self.mounts.open(
            os.fsdecode(ctypes.string_at(name)) if name else None,
            is_made=bool(flags & native.OPEN_CREATE),
            is_journal=bool(flags & _JOURNALS),
            is_deleted_on_close=bool(flags & native.OPEN_DELETEONCLOSE),
            is_powersafe=bool(self._library.sqlite3_uri_boolean(name, b"psow", 1)),
        )
        if handle is None:
            return native.CANTOPEN
        if handle.disk.is_read_only:
            flags = flags & ~native.OPEN_READWRITE | native.OPEN_READONLY
        if out_flags:
            out_flags[0] = flags
        out.contents.handle = handle.number
        out.contents.methods = ctypes.addressof(self._methods)
        return native.OK

    @_answering
    def delete(self, _: int, path: bytes, is_directory_synced: int) -> int:
        name = os.fsdecode(path)
        disk = self.mounts.disk_of(name)
        if disk.find(name) is None:
            return native.IOERR_DELETE_NOENT
        disk.delete(name)
        if is_directory_synced:
            disk.sync_directory(posixpath.dirname(name))
        return native.OK

    @_answering
    def access(self, _: int, path: bytes, what: int, answer: Any) -> int:
        name = os.fsdecode(path)
        disk = self.mounts.disk_of(name)
        file = disk.find(name)
        if what == native.ACCESS_EXISTS:
            answer[0] = file is not None and len(file.content) > 0  # an empty file counts for none, as on unix
        else:
            answer[0] = file is not None and not disk.is_read_only
        return native.OK

    def fullpathname(self, _: int, path: bytes, size: int, out: int) -> int:
        full = os.fsencode(Path(os.fsdecode(path)).absolute()) + b"\0"
        if len(full) > size:
            return native.CANTOPEN
        ctypes.memmove(out, full, len(full))
        return native.OK

    def randomness(self, _: int, size: int, out: int) -> int:
        ctypes.memmove(out, os.urandom(size), size)
        return size

    def sleep(self, _: int, microseconds: int) -> int:
        time.sleep(microseconds / 1_000_000)
        return microseconds

    def currenttime(self, _: int, answer: Any) -> int:
        answer[0] = _UNIX_EPOCH_DAY + time.time() / _DAY_S
        return native.OK


class _FileCalls:
    """sqlite3_io_methods: what is asked of an open file."""

    def __init__(self, mounts: Mounts) -> None:
        self.mounts = mounts

    def _alive(self, file: Any) -> Handle:
        handle = self.mounts.handle(file.contents.handle)
        handle.require_life()
        return handle

    @_answering
    def close(self, file: Any) -> int:
        self.mounts.close(file.contents.handle)
        return native.OK

    @_answering
    def read(self, file: Any, out: int, size: int, offset: int) -> int:
        found = bytes(self._alive(file).file.content[offset : offset + size])
        ctypes.memmove(out, found.ljust(size, b"\0"), size)
        return native.OK if len(found) == size else native.IOERR_SHORT_READ

    @_answering
    def write(self, file: Any, content: int, size: int, offset: int) -> int:
        handle = self._alive(file)
        handle.disk.write(handle.file, offset, ctypes.string_at(content, size))
        return native.OK

    @_answering
    def truncate(self, file: Any, size: int) -> int:
        handle = self._alive(file)
        handle.disk.truncate(handle.file, size)
        return native.OK

    @_answering
    def sync(self, file: Any, _: int) -> int:
        self.mounts.sync(self._alive(file))
        return native.OK

    @_answering
    def filesize(self, file: Any, answer: Any) -> int:
        answer[0] = len(self._alive(file).file.content)
        return native.OK

    @_answering
    def lock(self, file: Any, level: int) -> int:
        handle = self._alive(file)
        return native.OK if handle.sharing.lock(handle.number, Level(level)) else native.BUSY

    @_answering
    def unlock(self, file: Any, level: int) -> int:
        handle = self.mounts.handle(file.contents.handle)
        handle.sharing.unlock(handle.number, Level(level))
        return native.OK

    @_answering
    def checkreservedlock(self, file: Any, answer: Any) -> int:
        answer[0] = self._alive(file).sharing.is_reserved()
        return native.OK

    def filecontrol(self, _file: Any, _what: int, _argument: int) -> int:
        return native.NOTFOUND

    def sectorsize(self, _file: Any) -> int:
        return _SECTOR_BYTES

    def devicecharacteristics(self, file: Any) -> int:
        is_powersafe = self.mounts.handle(file.contents.handle).is_powersafe
        return native.IOCAP_POWERSAFE_OVERWRITE if is_powersafe else 0

    @_answering
    def shmmap(self, file: Any, index: int, size: int, is_extending: int, out: Any) -> int:
        handle = self._alive(file)
        out[0] = handle.sharing.region(handle.number, index, size, is_extending=bool(is_extending))
        return native.OK

    @_answering
    def shmlock(self, file: Any, first: int, count: int, flags: int) -> int:
        handle = self.mounts.handle(file.contents.handle)
        if flags & native.SHM_UNLOCK:
            handle.sharing.unlock_slots(handle.number, first, count)
            return native.OK
        is_shared = bool(flags & native.SHM_SHARED)
        return native.OK if handle.sharing.lock_slots(handle.number, first, count, is_shared=is_shared) else native.BUSY

    def shmbarrier(self, _file: Any) -> None:
        with self.mounts.lock:  # taking a lock is a barrier
            return

    @_answering
    def shmunmap(self, file: Any, _is_deleted: int) -> int:
        handle = self.mounts.handle(file.contents.handle)
        handle.sharing.unmap(handle.number)
        return native.OK
