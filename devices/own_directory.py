"""A working directory for one thread alone, for a library that must write where it is loaded.

lgpio makes a pipe in the working directory, which for a service is mostly `/` (joan2937/lg issues 12 and 22). Linux
keeps the directory by thread once that is asked for (unshare(2), CLONE_FS): no other thread's relative paths move.
"""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Final

_CLONE_FS: Final = 0x200


@contextmanager
def own_directory() -> Iterator[None]:
    """Be in an empty directory that this thread may write; where that cannot be had, stay where all are."""
    if ctypes.CDLL(None).unshare(_CLONE_FS) != 0:
        yield
        return
    before = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
    try:
        with TemporaryDirectory(prefix="zaigang-own-") as directory:
            os.chdir(directory)
            try:
                yield
            finally:
                os.fchdir(before)
    finally:
        os.close(before)
