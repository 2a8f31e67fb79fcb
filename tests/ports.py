"""Ports of this machine that no other test takes, in whatever process it runs.

A port found by binding to 0 and letting go is anybody's until a server listens on it, and again while that server is
down. These lie below the ports that Linux gives away by itself, and each stays this process's until it ends: its name
is bound in the abstract namespace of Unix sockets, which has no files to leave behind.
"""

import os
import socket
from collections.abc import Iterator
from itertools import chain

LOWEST, HIGHEST = 15_000, 32_000  # net.ipv4.ip_local_port_range begins at 32,768
APART = 61  # processes begin to look so far from each other


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens, and no other test will."""
    return next(port for port in _untried if _is_free(port) and _hold(port))


def _ports() -> Iterator[int]:
    size = HIGHEST - LOWEST
    begin = LOWEST + os.getpid() * APART % size
    return iter(chain(range(begin, HIGHEST), range(LOWEST, begin)))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what lingers of an old connection does no harm
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _hold(port: int) -> bool:
    name = socket.socket(socket.AF_UNIX)
    try:
        name.bind(f"\0zaigang test port {port}")
    except OSError:
        name.close()
        return False
    name.detach()  # held until the process ends; nobody is to close it
    return True


_untried = _ports()
