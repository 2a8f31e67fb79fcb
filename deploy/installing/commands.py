"""Other programs, run and listened to; and what is said when one of them, or anything else, will not do."""

import fcntl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from deploy.installing.chinese import tell

LOCK: Final = Path("/run/zaigang-install.lock")
USER: Final = "zaigang"
EXIT_INTERRUPTED: Final = 130  # as a shell tells of SIGINT


class NotDone(Exception):  # noqa: N818 -- an answer, not a fault
    """Why nothing more was done, in one sentence that says what to do."""


def do(*command: str) -> str:
    """Run one that must succeed; what it said.

    Raises:
        NotDone: it failed.
    """
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NotDone(f"{' '.join(command)}: {said[-1] if said else f'status {done.returncode}'}")
    return done.stdout


def restart(unit: str) -> None:
    """Start a service anew.

    Raises:
        NotDone: it does not come up.
    """
    try:
        do("systemctl", "restart", unit)
    except NotDone:  # who restarts it in the same moment ends this try, and that says nothing of it
        do("systemctl", "restart", unit)


def works(*command: str) -> bool:
    """Run one that may fail, or not be there; whether it did what it was asked."""
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return done.returncode == 0


def make_user(home: str) -> None:
    """The program's own."""
    if not works("id", USER):
        do("useradd", "--system", "--no-create-home", "--home-dir", home, "--shell", "/usr/sbin/nologin", USER)


def is_booted() -> bool:
    """Whether systemd runs here; in an image that is being made it does not."""
    return Path("/run/systemd/system").is_dir()


def guarded(install: Callable[[], str]) -> int:
    """Install with nobody else at it, and say in one sentence what came of it; the exit status."""
    try:
        with alone():
            said = install()
    except NotDone as exc:
        return _told_why(str(exc), 1)
    except OSError as exc:
        return _told_why(f"{exc}; mend that and run install again", 1)
    except KeyboardInterrupt:
        return _told_why("interrupted; run install again, and it goes on from there", EXIT_INTERRUPTED)
    sys.stdout.write(f"zaigang: {tell(said)}\n")
    return 0


def _told_why(said: str, status: int) -> int:
    sys.stderr.write(f"zaigang: {tell(said)}\n")
    return status


@contextmanager
def alone(*, waits: bool = False) -> Iterator[None]:
    """One install at a time; another is refused, or waits for its turn."""
    with LOCK.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise NotDone("another install is at work; wait for it") from exc
        yield
