"""Which driver reads which reader, by the scheme of its URL: `pn532:/dev/ttyUSB0`.

A driver is loaded only when a reader of its kind is opened, and is one line here and one module with an
`open_reader(address, name)`: ACR122U, serial EM4100 readers and keyboard wedges have their place in this table.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

from devices.errors import ReaderUnusableError

if TYPE_CHECKING:
    from devices.reader import CardReader

_DRIVERS: Final = {"pn532": "devices.pn532"}

SERIAL_PORTS: Final = "/dev/serial/by-id/..., /dev/serial/by-path/..., /dev/serial0 or /dev/tty{AMA,S,USB,ACM}*"
# Two adapters of one make may share their by-id name: the plug they are in (by-path) is then the one that lasts.
_SERIAL_PORT: Final = re.compile(r"/dev/(serial/by-(id|path)/(?!\.)[^/\n]+|serial\d+|tty(AMA|S|USB|ACM)\d+)")


def is_serial_port(path: str) -> bool:
    """Whether only the machine's own device manager makes such a path: at any other a program could invent cards."""
    return _SERIAL_PORT.fullmatch(path) is not None


def check_reader_url(url: str) -> tuple[str, str]:
    """Split a reader's URL into scheme and address, without touching the device.

    Raises:
        ReaderUnusableError: no driver has this scheme, or the address is no absolute path. A reader on the network
            (nfcpy's `udp:`) is refused like any other unknown one: whoever reaches the port could inject cards.
    """
    scheme, colon, address = url.partition(":")
    if not colon or scheme not in _DRIVERS:
        wanted = ", ".join(f"{known}:/dev/..." for known in _DRIVERS)
        raise ReaderUnusableError(f"reader {url!r} is of no known kind; wanted is {wanted}")
    if not address.startswith("/"):
        raise ReaderUnusableError(
            f"reader {url!r} names no device; wanted is an absolute path, as {scheme}:/dev/ttyUSB0"
        )
    return scheme, address


def open_reader(url: str) -> CardReader:
    """Open a reader by its URL.

    Raises:
        ReaderLostError: nothing is there, or what is there does not answer.
        ReaderUnusableError: the URL or the device is not what can be used.
    """
    scheme, address = check_reader_url(url)
    driver = import_module(_DRIVERS[scheme])
    return cast("CardReader", driver.open_reader(address, url))
