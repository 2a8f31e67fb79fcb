"""The parts of SQLite's C interface that a file layer is made of, and the library that Python itself is linked to.

Shapes and numbers are those of sqlite3.h (sqlite.org/c3ref/vfs.html, io_methods.html); they are frozen there.
"""

import ctypes
import re
import sqlite3
import sys
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_double, c_int, c_int64, c_void_p
from pathlib import Path
from typing import Any, ClassVar, Final

OK: Final = 0
BUSY: Final = 5
FULL: Final = 13
CANTOPEN: Final = 14
IOERR: Final = 10
IOERR_WRITE: Final = IOERR | 3 << 8
IOERR_DELETE_NOENT: Final = IOERR | 23 << 8

OPEN_READONLY: Final = 0x1
OPEN_READWRITE: Final = 0x2
OPEN_CREATE: Final = 0x4
OPEN_DELETEONCLOSE: Final = 0x8
OPEN_EXCLUSIVE: Final = 0x10
OPEN_URI: Final = 0x40
OPEN_MAIN_JOURNAL: Final = 0x800
OPEN_SUPER_JOURNAL: Final = 0x4000
OPEN_WAL: Final = 0x80000

ACCESS_EXISTS: Final = 0
FCNTL_POWERSAFE_OVERWRITE: Final = 13


FILE_CALLS: Final[dict[str, Any]] = {
    "xClose": CFUNCTYPE(c_int, c_void_p),
    "xRead": CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64),
    "xWrite": CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64),
    "xTruncate": CFUNCTYPE(c_int, c_void_p, c_int64),
    "xSync": CFUNCTYPE(c_int, c_void_p, c_int),
    "xFileSize": CFUNCTYPE(c_int, c_void_p, c_void_p),
    "xLock": CFUNCTYPE(c_int, c_void_p, c_int),
    "xUnlock": CFUNCTYPE(c_int, c_void_p, c_int),
    "xCheckReservedLock": CFUNCTYPE(c_int, c_void_p, c_void_p),
    "xFileControl": CFUNCTYPE(c_int, c_void_p, c_int, c_void_p),
    "xSectorSize": CFUNCTYPE(c_int, c_void_p),
    "xDeviceCharacteristics": CFUNCTYPE(c_int, c_void_p),
    "xShmMap": CFUNCTYPE(c_int, c_void_p, c_int, c_int, c_int, c_void_p),
    "xShmLock": CFUNCTYPE(c_int, c_void_p, c_int, c_int, c_int),
    "xShmBarrier": CFUNCTYPE(None, c_void_p),
    "xShmUnmap": CFUNCTYPE(c_int, c_void_p, c_int),
}
LAYER_CALLS: Final[dict[str, Any]] = {
    "xOpen": CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, POINTER(c_int)),
    "xDelete": CFUNCTYPE(c_int, c_void_p, c_char_p, c_int),
    "xAccess": CFUNCTYPE(c_int, c_void_p, c_char_p, c_int, POINTER(c_int)),
    "xFullPathname": CFUNCTYPE(c_int, c_void_p, c_char_p, c_int, c_void_p),
    "xDlOpen": c_void_p,
    "xDlError": c_void_p,
    "xDlSym": c_void_p,
    "xDlClose": c_void_p,
    "xRandomness": CFUNCTYPE(c_int, c_void_p, c_int, c_void_p),
    "xSleep": CFUNCTYPE(c_int, c_void_p, c_int),
    "xCurrentTime": CFUNCTYPE(c_int, c_void_p, POINTER(c_double)),
    "xGetLastError": c_void_p,
}


class FileMethods(Structure):
    """sqlite3_io_methods, version 2: with the shared memory that a write-ahead log needs."""

    _fields_: ClassVar = [("version", c_int), *FILE_CALLS.items()]


class Layer(Structure):
    """sqlite3_vfs, version 1."""

    _fields_: ClassVar = [
        ("version", c_int),
        ("file_bytes", c_int),
        ("path_bytes", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("app_data", c_void_p),
        *LAYER_CALLS.items(),
    ]


class NoSharedSqliteError(Exception):
    """This Python carries SQLite inside itself and shows none of it to the outside."""


def own_sqlite() -> ctypes.CDLL:
    """The very library that Python's sqlite3 module calls, wherever it was loaded from.

    Raises:
        NoSharedSqliteError: there is none that can be reached.
    """
    maps = Path("/proc/self/maps")
    loaded = set(re.findall(r"/\S*sqlite3\S*\.so[.\d]*", maps.read_text())) if maps.exists() else set()
    # the system's library first, then the module itself, where it was linked into that
    for path in (*sorted(loaded, key=lambda path: "_sqlite3" in path), None):
        library = ctypes.CDLL(path)
        if hasattr(library, "sqlite3_vfs_register") and hasattr(library, "sqlite3_libversion"):
            library.sqlite3_libversion.restype = c_char_p
            if library.sqlite3_libversion().decode() == sqlite3.sqlite_version:
                library.sqlite3_vfs_find.argtypes = (c_char_p,)
                library.sqlite3_vfs_find.restype = c_void_p
                library.sqlite3_vfs_register.argtypes = (c_void_p, c_int)
                library.sqlite3_uri_boolean.argtypes = (c_void_p, c_char_p, c_int)
                return library
    raise NoSharedSqliteError(
        f"{sys.executable} shows no SQLite library to the outside; its own cannot be given a file layer"
    )
