"""Records that are carried by hand, from a kiosk without a line to its hub: journal messages, under the site's key.

The first line says what this is and has the mark: HMAC-SHA256(site key, `carried:` and all that follows). The second
names the kiosk; each other is one journal message as it would go over the wire.
"""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from station.names import KioskId, StationCode, is_name

HEAD: Final = "zaigang-journal 1"
SUFFIX: Final = ".zaigang"


class CarriedError(ValueError):
    """The file is none that this site's kiosk made; the text says what it is."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Whose records, and the messages."""

    station: StationCode
    kiosk: KioskId
    messages: tuple[bytes, ...]


def write_carried(site_key: bytes, station: StationCode, kiosk: KioskId, messages: Sequence[bytes]) -> bytes:
    """The file's content."""
    body = b"\n".join([json.dumps({"station": station, "kiosk": kiosk}).encode(), *messages])
    return f"{HEAD} {_mark(site_key, body)}\n".encode() + body


def read_carried(site_key: bytes, content: bytes) -> Carried:
    """What is in such a file.

    Raises:
        CarriedError: it is no such file, was changed on the way, or is another site's.
    """
    head, _, body = content.partition(b"\n")
    name, _, mark = head.decode("ascii", "replace").rpartition(" ")
    if name != HEAD:
        raise CarriedError("no file that zaigang-edge export made")
    if not hmac.compare_digest(mark.encode(), _mark(site_key, body).encode()):
        raise CarriedError("another site's, or changed on the way; export it anew at the kiosk")
    first, *messages = body.split(b"\n")
    whose = json.loads(first)
    station, kiosk = whose["station"], whose["kiosk"]
    assert is_name(station)
    assert is_name(kiosk)
    return Carried(StationCode(station), KioskId(kiosk), tuple(messages))


def _mark(site_key: bytes, body: bytes) -> str:
    return hmac.new(site_key, b"carried:" + body, sha256).hexdigest()
