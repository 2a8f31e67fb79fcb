"""SQLite's file layer over forgetting disks: opened by `file:/some/path?vfs=zaigang-forgetting`.

SQLite has one table of layers for the whole process, so there is one layer here too, from the first call of
`forgetting_layer` to the process's end. Reading, locking and sharing memory are left to SQLite's own unix layer, on the
files of `shadows`; what changes a disk passes through here, and a dead file answers nothing any more.
"""

import atexit
import ctypes
import functools
import os
import posixpath
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from simulator.disk import native
from simulator.disk.errors import DiskError, DiskFullError, DiskReadOnlyError, PowerOffError
from simulator.disk.mounts import Handle, Mounts, sync

NAME: Final = "zaigang-forgetting"
_JOURNALS: Final = native.OPEN_MAIN_JOURNAL | native.OPEN_SUPER_JOURNAL | native.OPEN_WAL
_NOT_OF_A_SHADOW: Final = native.OPEN_URI | native.OPEN_EXCLUSIVE | native.OPEN_DELETEONCLOSE | native.OPEN_READONLY
_NULS: Final = bytes(4)  # SQLite looks for them before and after a name, where parameters might be
_LEFT_TO_THE_DEAD: Final = ("xUnlock", "xFileControl", "xSectorSize", "xDeviceCharacteristics", "xShmBarrier")
_UNIX_EPOCH_DAY: Final = 2440587.5  # 1970-01-01 as a Julian day
_DAY_S: Final = 86400


@functools.cache
def forgetting_layer() -> Mounts:
    """The disks of this process, reached by SQLite from the first call on.

    Raises:
        NoSharedSqliteError: Python's SQLite cannot be reached from here.
    """
    library, mounts = native.own_sqlite(), Mounts()
    unix = library.sqlite3_vfs_find(None)
    calls = _LayerCalls(mounts, unix, library)
    named = {name: getattr(calls, name[1:].lower(), None) for name in native.LAYER_CALLS}
    layer = native.Layer(
        version=1, file_bytes=native.Layer.from_address(unix).file_bytes, path_bytes=1024, name=NAME.encode(),
        **{name: native.LAYER_CALLS[name](method) for name, method in named.items() if method is not None},
    )  # fmt: skip
    library.sqlite3_vfs_register(ctypes.addressof(layer), 0)
    mounts.registered = (layer,)
    atexit.register(mounts.give_back)
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
    def answer(self: "_FileCalls | _LayerCalls", *args: Any) -> int:
        with self.mounts.lock:
            try:
                return call(self, *args)
            except DiskError as error:
                return _code(error)

    return answer


class _LayerCalls:
    """sqlite3_vfs: what is asked about names."""

    def __init__(self, mounts: Mounts, unix: int, library: ctypes.CDLL) -> None:
        self.mounts = mounts
        self._unix = unix
        self._open = native.Layer.from_address(unix).xOpen
        self._library = library
        self._tables: dict[int, _Tables] = {}  # by that of the unix layer, which has one for what is locked

    @_answering
    def open(self, _: int, name: int | None, address: int, flags: int, out_flags: Any) -> int:
        methods = ctypes.c_void_p.from_address(address)
        if name is None:  # a file of no disk
            return int(self._open(self._unix, None, address, flags, out_flags))
        methods.value = None
        handle = self.mounts.open(
            os.fsdecode(ctypes.string_at(name)),
            is_made=bool(flags & native.OPEN_CREATE),
            is_journal=bool(flags & _JOURNALS),
            is_deleted_on_close=bool(flags & native.OPEN_DELETEONCLOSE),
        )
        if handle is None:
            return native.CANTOPEN
        code = self._open_shadow(handle, address, flags)
        if code != native.OK:
            return code
        own = methods.value or 0
        tables = self._tables_for(own)
        if not self._library.sqlite3_uri_boolean(name, b"psow", 1):
            tables.trust_no_write(address)
        methods.value = tables.alive
        handle.end = functools.partial(setattr, methods, "value", tables.dead)
        handle.give_back = functools.partial(setattr, methods, "value", own)
        self.mounts.handles[address] = handle
        if handle.disk.is_read_only:
            flags = flags & ~native.OPEN_READWRITE | native.OPEN_READONLY
        if out_flags:
            out_flags[0] = flags
        return native.OK

    def _tables_for(self, unix: int) -> "_Tables":
        if unix not in self._tables:
            self._tables[unix] = _Tables(self.mounts, unix)
        return self._tables[unix]

    def _open_shadow(self, handle: Handle, address: int, flags: int) -> int:
        path = _NULS + os.fsencode(self.mounts.shadows.path_of(handle.file)) + _NULS
        handle.path = kept = ctypes.create_string_buffer(path)
        flags = flags & ~_NOT_OF_A_SHADOW | native.OPEN_READWRITE
        return int(self._open(self._unix, ctypes.addressof(kept) + len(_NULS), address, flags, None))

    @_answering
    def delete(self, _: int, path: bytes, is_directory_synced: int) -> int:
        name = os.fsdecode(path)
        disk = self.mounts.disk_of(name)
        if disk.find(name) is None:
            return native.IOERR_DELETE_NOENT
        self.mounts.delete(disk, name)
        if is_directory_synced:
            disk.sync_directory(posixpath.dirname(name))
        return native.OK

    @_answering
    def access(self, _: int, path: bytes, what: int, answer: Any) -> int:
        name = os.fsdecode(path)
        disk = self.mounts.disk_of(name)
        file = disk.find(name)
        if what == native.ACCESS_EXISTS:
            answer[0] = file is not None and file.size > 0  # an empty file counts for none, as on unix
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


class _Tables:
    """sqlite3_io_methods, twice: of files that are open, and of those that are dead.

    Attributes:
        alive, dead: where the two tables lie.
    """

    def __init__(self, mounts: Mounts, unix: int) -> None:
        own = native.FileMethods.from_address(unix)
        self._file_control = own.xFileControl
        calls = _FileCalls(mounts, own)
        alive = native.FileMethods()
        ctypes.memmove(ctypes.addressof(alive), unix, ctypes.sizeof(alive))
        refused = {name: shape(_refuse) for name, shape in native.FILE_CALLS.items() if name not in _LEFT_TO_THE_DEAD}
        dead = native.FileMethods(**{name: getattr(own, name) for name in _LEFT_TO_THE_DEAD}, **refused)
        dead.xShmUnmap, dead.xShmLock = own.xShmUnmap, own.xShmLock
        for name in ("xClose", "xWrite", "xTruncate", "xSync"):
            setattr(alive, name, native.FILE_CALLS[name](getattr(calls, name[1:].lower())))
        dead.xClose = alive.xClose
        alive.version = dead.version = 2  # files are not mapped into memory
        self._kept = alive, dead
        self.alive, self.dead = ctypes.addressof(alive), ctypes.addressof(dead)

    def trust_no_write(self, address: int) -> None:
        """Let SQLite think that a write may harm the bytes beside it."""
        self._file_control(address, native.FCNTL_POWERSAFE_OVERWRITE, ctypes.addressof(ctypes.c_int(0)))


def _refuse(*_: Any) -> int:
    return native.IOERR


class _FileCalls:
    """What changes an open file, or ends it."""

    def __init__(self, mounts: Mounts, own: native.FileMethods) -> None:
        self.mounts = mounts
        self._close, self._write, self._truncate = own.xClose, own.xWrite, own.xTruncate

    def _alive(self, address: int) -> Handle:
        handle = self.mounts.handles[address]
        handle.require_life()
        return handle

    @_answering
    def close(self, address: int) -> int:
        code = int(self._close(address))
        self.mounts.close(address)
        return code

    def write(self, address: int, content: int, size: int, offset: int) -> int:
        with self.mounts.lock:
            handle = self.mounts.handles[address]
            try:
                if not handle.is_alive:
                    handle.require_life()
                handle.disk.write(handle.file, offset, ctypes.string_at(content, size))
            except DiskError as error:
                if isinstance(error, PowerOffError):
                    self.mounts.lose_power(handle.disk)
                return _code(error)
            return self._write(address, content, size, offset)  # type: ignore[no-any-return]  # an int of ctypes

    @_answering
    def truncate(self, address: int, size: int) -> int:
        handle = self._alive(address)
        handle.disk.truncate(handle.file, size)
        return int(self._truncate(address, size))

    @_answering
    def sync(self, address: int, _: int) -> int:
        sync(self._alive(address))
        return native.OK
