"""What a certificate says of whom, and until when. Python's own `ssl` tells that only of the other end's.

X.509 is nested lists of tag, length and value (DER, X.690 8.1); the few that are wanted stand at fixed places
(RFC 5280, 4.1).
"""

import base64
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from edge.errors import KeyFileError
from station.lifetimes import OF_KIOSK
from station.saying import as_said, say

_PEM: Final = re.compile(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)
_VERSION, _UTC_TIME, _LONG, _COMMON_NAME = 0xA0, 0x17, 0x80, b"\x06\x03\x55\x04\x03"
_AHEAD: Final = timedelta(days=1)
_VALIDITY, _SUBJECT = 3, 4  # after serial number, algorithm and issuer


BUILT_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""When this program was made."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a kiosk wants to know of its own."""

    name: str
    ends_at: datetime


def read_certificate(path: Path) -> Certificate:
    """Read it.

    Raises:
        KeyFileError: it is not there, or no certificate.
    """
    try:
        found = _PEM.search(path.read_bytes())
    except OSError as exc:
        raise KeyFileError(
            say(
                "broker.certificate_file {path} cannot be read: {why}", path=path, why=as_said(exc.strerror or str(exc))
            )
        ) from exc
    try:
        assert found is not None
        (whole,) = _parts(base64.b64decode(found[1]))
        fields = [part for part in _parts(_parts(whole[1])[0][1]) if part[0] != _VERSION]
        ends = _parts(fields[_VALIDITY][1])[1]
        names = [_parts(_parts(each)[0][1]) for _, each in _parts(fields[_SUBJECT][1])]
        name = next(value for (tag, oid), (_, value) in names if bytes([tag, len(oid)]) + oid == _COMMON_NAME)
        return Certificate(name.decode(), _moment(*ends))
    except (AssertionError, ValueError, IndexError, StopIteration) as exc:
        raise KeyFileError(
            say("broker.certificate_file {path} holds no certificate; copy the kiosk's folder anew", path=path)
        ) from exc


def known_past(path: Path | None) -> datetime:
    """A moment that lies behind: a clock that shows less was never set.

    That is a day before this kiosk's certificate was signed, for the hub's clock may be a little ahead; or else when
    the program was made. A board without a clock chip stands at 1970 or, since systemd begins nowhere earlier, at when
    its system was made: months ago, which looks like a time.
    """
    if path is not None:
        with suppress(KeyFileError):
            return max(BUILT_AT, read_certificate(path).ends_at - OF_KIOSK - _AHEAD)
    return BUILT_AT


def _parts(content: bytes) -> list[tuple[int, bytes]]:
    found = []
    while content:
        tag, length, at = content[0], content[1], 2
        if length >= _LONG:
            at += length - _LONG
            length = int.from_bytes(content[2:at], "big")
        if at + length > len(content):
            raise ValueError("cut off")
        found.append((tag, content[at : at + length]))
        content = content[at + length :]
    return found


def _moment(tag: int, text: bytes) -> datetime:
    """A UTCTime of 1950 to 2049, or a GeneralizedTime."""
    said = text.decode("ascii")
    if tag == _UTC_TIME:
        said = ("19" if said >= "50" else "20") + said
    return datetime.strptime(said, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
