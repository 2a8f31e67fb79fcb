"""A site's router, as far as a kiosk needs one: it has its address from there (DHCP, RFC 2131)."""

import socket
import sys

from tests.field.machines import BRIDGE

_MAGIC = bytes.fromhex("63825363")
_SERVER, _CLIENT = 67, 68
_OFFERS = {1: 2, 3: 5}  # to whom looks for one, an offer; to whom asks for it, yes
_MASK, _FOR_A_DAY = bytes([255, 255, 255, 0]), (86400).to_bytes(4, "big")


def answer(asked: bytes, own: bytes, given: bytes) -> bytes | None:
    """What to say to that, to whoever it is; None where it is no question."""
    head, options = asked[:236], asked[240:]
    if asked[236:240] != _MAGIC:
        return None
    found = dict(_read(options))
    kind = _OFFERS.get(found.get(53, b"\0")[0])
    if kind is None:
        return None
    told = {53: bytes([kind]), 54: own, 51: _FOR_A_DAY, 1: _MASK}
    said = b"".join(bytes([code, len(value)]) + value for code, value in told.items())
    head = b"\2" + head[1:8] + bytes(2) + head[10:12] + bytes(4) + given + bytes(8) + head[28:44] + bytes(192)
    return head + _MAGIC + said + b"\xff"


def _read(options: bytes) -> list[tuple[int, bytes]]:
    found = []
    while options and options[0] != 255:
        if options[0] == 0:
            options = options[1:]
            continue
        length = options[1]
        found.append((options[0], options[2 : 2 + length]))
        options = options[2 + length :]
    return found


def main(own: str, given: str) -> None:
    """Answer for ever."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, BRIDGE.encode())
        line.bind(("", _SERVER))
        while True:
            said = answer(line.recv(2048), socket.inet_aton(own), socket.inet_aton(given))
            if said is not None:
                line.sendto(said, ("255.255.255.255", _CLIENT))


if __name__ == "__main__":
    main(*sys.argv[1:])
