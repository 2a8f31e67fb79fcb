"""Which driver reads which reader, by the scheme of its URL: `pn532:/dev/ttyUSB0`.

A driver is loaded only when a reader of its kind is opened, and is one line here and one module with an
`open_reader(address, name)`.
"""

import re
from dataclasses import dataclass
from importlib import import_module
from typing import Final, cast

from devices.announced import NAMED_ONCE_GONE_S, REPEATED_GONE_S
from devices.errors import ReaderUnusableError
from devices.reader import CardReader
from devices.spelling import read_spelling

SERIAL_PORTS: Final = "/dev/serial/by-id/..., /dev/serial/by-path/..., /dev/serial0 or /dev/tty{AMA,S,USB,ACM}*"
# Two adapters of one make may share their by-id name: the plug they are in (by-path) is then the one that lasts.
_SERIAL_PORT: Final = re.compile(r"/dev/(serial/by-(id|path)/(?!\.)[^/\n]+|serial\d+|tty(AMA|S|USB|ACM)\d+)")
_INPUTS: Final = "/dev/input/by-id/..., /dev/input/by-path/... or /dev/input/event*"
_INPUT: Final = re.compile(r"/dev/input/(by-(id|path)/(?!\.)[^/\n]+|event\d+)")
_USB: Final = re.compile(r"usb(:\d+-\d+(\.\d+)*)?")


@dataclass(frozen=True, slots=True)
class _Kind:
    """One sort of reader.

    Attributes:
        driver: its module.
        example: an address that can stand.
        silence_s: how long its silence means that a card is gone; 0 where its driver asks, and is told.
    """

    driver: str
    example: str
    silence_s: float


_WEDGE: Final = "wedge"
_ACR122U: Final = "acr122u"
_KINDS: Final = {
    "pn532": _Kind("devices.pn532", "/dev/ttyUSB0", silence_s=0.0),
    _ACR122U: _Kind("devices.acr122u", "usb", silence_s=0.0),
    "em4100": _Kind("devices.em4100", "/dev/ttyUSB0", silence_s=REPEATED_GONE_S),
    _WEDGE: _Kind("devices.wedge", "/dev/input/by-id/...?digits=dec10", silence_s=NAMED_ONCE_GONE_S),
}


def is_serial_port(path: str) -> bool:
    """Whether only the machine's own device manager makes such a path: at any other a program could invent cards."""
    return _SERIAL_PORT.fullmatch(path) is not None


def check_reader_url(url: str) -> tuple[str, str]:
    """Split a reader's URL into scheme and address, without touching the device.

    Raises:
        ReaderUnusableError: no driver has this scheme, or the address is none. A reader on the network (nfcpy's
            `udp:`) is refused like any other unknown one: whoever reaches the port could inject cards.
    """
    scheme, colon, address = url.partition(":")
    if not colon or scheme not in _KINDS:
        wanted = ", ".join(f"{known}:{kind.example}" for known, kind in _KINDS.items())
        raise ReaderUnusableError("reader {url!r} is of no known kind; wanted is {wanted}", url=url, wanted=wanted)
    if scheme == _ACR122U:
        if not _USB.fullmatch(address):
            raise ReaderUnusableError(
                "reader {url!r} names no plug; wanted is {scheme}:usb, or with several of them {scheme}:usb:1-1.2",
                url=url,
                scheme=scheme,
            )
        return scheme, address
    if not address.startswith("/"):
        raise ReaderUnusableError(
            "reader {url!r} names no device; wanted is an absolute path, as {wanted}",
            url=url,
            wanted=f"{scheme}:{_KINDS[scheme].example}",
        )
    if scheme == _WEDGE:
        try:
            read_spelling(address.partition("?")[2])
        except ReaderUnusableError as exc:
            raise ReaderUnusableError("reader {url!r}: {exc}", url=url, exc=exc) from exc
    return scheme, address


def wanted_in_service(url: str) -> str:
    """Which addresses only the machine's own device manager makes; empty where a sound URL has one of them."""
    scheme, address = check_reader_url(url)
    if scheme == _ACR122U:
        return ""
    if scheme == _WEDGE:
        return "" if _INPUT.fullmatch(address.partition("?")[0]) else f"an input device: {_INPUTS}"
    return "" if is_serial_port(address) else f"a serial port: {SERIAL_PORTS}"


def silence_s(url: str) -> float:
    """How long a reader must be silent for a card to be gone; 0 where it is asked, so that an answer shows it works."""
    return _KINDS[check_reader_url(url)[0]].silence_s


def open_reader(url: str) -> CardReader:
    """Open a reader by its URL.

    Raises:
        ReaderLostError: nothing is there, or what is there does not answer.
        ReaderUnusableError: the URL or the device is not what can be used.
    """
    scheme, address = check_reader_url(url)
    driver = import_module(_KINDS[scheme].driver)
    return cast("CardReader", driver.open_reader(address, url))
