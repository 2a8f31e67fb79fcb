"""Where a channel leads, as it may be shown: no key, no path, no user."""

import ipaddress
import socket
import urllib.parse
from contextlib import suppress
from typing import Final

from hub.alarms.addresses import Sort, SoundAddress

REST: Final = "/…"


def shown_address(told: SoundAddress) -> str:
    """Its host; of a mailbox also whose it is, by the first letter."""
    parts = urllib.parse.urlsplit(told.address)
    host = parts.netloc.rpartition("@")[2]
    if told.sort is not Sort.MAIL:
        return f"{host}{REST}"
    user, _, domain = urllib.parse.parse_qs(parts.query).get("to", [""])[0].partition("@")
    return f"{host} → {user[:1]}…@{domain}"


def is_this_machine(told: SoundAddress) -> bool:
    """Whether its address, as it is written, is this machine's own or its link's, which nobody reaches by a page."""
    host = (urllib.parse.urlsplit(told.address).hostname or "").rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    found: ipaddress.IPv4Address | ipaddress.IPv6Address | None = None
    with suppress(ValueError):
        found = ipaddress.ip_address(host)
    with suppress(OSError):  # 127.1, 0x7f000001 and their like
        found = found or ipaddress.ip_address(socket.inet_aton(host))
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    return found is not None and (found.is_loopback or found.is_link_local or found.is_unspecified)
