"""Runs a command that must not outlive its parent: `python -m simulator.leash PARENT COMMAND...`.

Linux ends the process when the thread that started it does (prctl(2), PR_SET_PDEATHSIG); the setting survives the exec,
and a parent that is gone already is noticed.
"""

import ctypes
import os
import signal
import sys
from typing import Final

PR_SET_PDEATHSIG: Final = 1


def take_leash(parent: int) -> None:
    """Let this process end with the thread that started it.

    Raises:
        SystemExit: that one is gone already.
    """
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        sys.exit("the parent is gone")


def main(arguments: list[str]) -> None:
    """Take the leash and become the command."""
    parent, *command = arguments
    take_leash(int(parent))
    os.execvp(command[0], command)  # noqa: S606  no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])
