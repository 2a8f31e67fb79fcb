"""A small disk that a test can fill or make read-only, for the agent alone: tmpfs in a mount namespace of its own.

One process holds the namespace (`hold`), others are started inside (`enter`); where the system lets no user make one,
`MadeNoneError`. The test sees the files by the holder's root.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_RDONLY, MS_REMOUNT, MS_REC, MS_PRIVATE = 0x1, 0x20, 0x4000, 0x40000
MIB = 96  # more than what the agent calls short
HOLD = "print('held', flush=True); import sys; sys.stdin.read()"
MODULE = "tests.whole.small_disk"


class MadeNoneError(Exception):
    """This system lets nobody have a disk of their own."""


class SmallDisk:
    """One disk, until `close`."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._holder = subprocess.Popen(
            [sys.executable, "-m", MODULE, "hold", str(directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self._holder.stdout is not None
        if self._holder.stdout.readline() != b"held\n":
            self.close()
            raise MadeNoneError("no disk of its own can be mounted here")
        self.path = Path(f"/proc/{self._holder.pid}/root{directory}")
        if not self._is_usable():
            self.close()
            raise MadeNoneError("a disk of its own can be mounted here, but not be used")

    def _is_usable(self) -> bool:
        try:
            os.statvfs(self.path)
        except OSError:
            return False
        return (
            subprocess.run([sys.executable, "-m", *self.inside, "this"], check=False, capture_output=True).returncode
            == 0
        )

    @property
    def inside(self) -> tuple[str, ...]:
        """What a module's command is run by, to see this disk in place of the directory."""
        return MODULE, "enter", str(self._holder.pid)

    def fill(self) -> None:
        """Leave room for nothing, not even by giving up the ballast."""
        (self.path / "ballast").unlink(missing_ok=True)
        self.fill_but_for_ballast()

    def fill_but_for_ballast(self) -> None:
        """Leave no room as long as the agent keeps what it has."""
        with (self.path / "filler").open("wb") as filler:
            size = 0
            while room := self._room_bytes():
                with suppress(OSError):  # the agent has just taken some of it
                    os.posix_fallocate(filler.fileno(), size, room)
                    size += room

    def _room_bytes(self) -> int:
        room = os.statvfs(self.path)
        return room.f_bavail * room.f_bsize

    def make_room(self) -> None:
        """Let it be used again."""
        (self.path / "filler").unlink()

    def remount(self, flags: int) -> None:
        """Make it read-only, or not any more; nothing on it may be open for writing."""
        command = [sys.executable, "-m", *self.inside, MODULE, "remount", str(self._directory), str(flags)]
        subprocess.run(command, check=True)

    def close(self) -> None:
        """Throw it away with all that is on it."""
        self._holder.kill()
        self._holder.communicate()


def main(what: str, *arguments: str) -> None:
    match what, arguments:
        case "hold", (directory,):
            _part_from_others()
            _mount(b"tmpfs", directory, b"tmpfs", 0, f"size={MIB}m".encode())
            os.execv(sys.executable, [sys.executable, "-c", HOLD])
        case "enter", (holder, *command):
            here = Path.cwd()
            for kind in ("user", "mnt"):
                with Path(f"/proc/{holder}/ns/{kind}").open() as namespace:
                    _check(_libc.setns(namespace.fileno(), 0))
            os.chdir(here)
            os.execv(sys.executable, [sys.executable, "-m", *command])
        case "remount", (directory, flags):
            _mount(b"tmpfs", directory, b"tmpfs", MS_REMOUNT | int(flags), None)


_libc = ctypes.CDLL(None, use_errno=True)


def _part_from_others() -> None:
    user, group = os.getuid(), os.getgid()
    _check(_libc.unshare(CLONE_NEWUSER | CLONE_NEWNS))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    _mount(b"none", "/", None, MS_REC | MS_PRIVATE, None)


def _mount(source: bytes, target: str, kind: bytes | None, flags: int, options: bytes | None) -> None:
    _check(_libc.mount(source, target.encode(), kind, ctypes.c_ulong(flags), options))


def _check(answer: int) -> None:
    if answer != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


if __name__ == "__main__":
    main(*sys.argv[1:])
