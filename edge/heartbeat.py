"""Tells systemd that the agent is ready and still moves; nothing, where it was not started by systemd.

The protocol is sd_notify(3): a line of text to a datagram socket that the environment names.
"""

import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

Tell = Callable[[str], None]
READY: Final = "READY=1"
MOVES: Final = "WATCHDOG=1"
ENDS: Final = "STOPPING=1"


def to_nobody(_text: str) -> None:
    """Tell nobody."""


def teller(environ: Mapping[str, str] = os.environ) -> Tell:
    """What tells it."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address:
        return to_nobody
    if address.startswith("@"):
        address = f"\0{address[1:]}"

    def tell(text: str) -> None:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.sendto(text.encode(), address)

    return tell
