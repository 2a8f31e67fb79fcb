"""Names that go over the wire, each with the shape it must have.

A name that passed its check here is safe in a topic, a column and a URL.
"""

import re
from typing import NamedTuple, NewType

StationCode = NewType("StationCode", str)
KioskId = NewType("KioskId", str)
Token = NewType("Token", str)
PersonId = NewType("PersonId", str)
Epoch = NewType("Epoch", str)
Session = NewType("Session", str)
Seq = NewType("Seq", int)

MAX_SEQ = 2**63 - 1  # a signed 64-bit column holds it

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}\Z")
_HEX16 = re.compile(r"[0-9a-f]{16}\Z")
_HEX32 = re.compile(r"[0-9a-f]{32}\Z")

NAME_RULE = "1 to 32 letters a-z or A-Z, digits, '_', '.', '-', beginning with a letter or digit"
SHAPES: dict[object, tuple[re.Pattern[str], str]] = {
    StationCode: (_NAME, NAME_RULE),
    KioskId: (_NAME, NAME_RULE),
    PersonId: (_NAME, NAME_RULE),
    Session: (_HEX16, "16 lower hex digits"),
    Epoch: (_HEX16, "16 lower hex digits"),
    Token: (_HEX32, "32 lower hex digits"),
}

HUB_KIOSK = KioskId("hub")  # the hub's own journal; no kiosk may bear this name


class RecordName(NamedTuple):
    """What names a record for ever."""

    kiosk: KioskId
    epoch: Epoch
    seq: Seq


def is_name(text: str) -> bool:
    """Whether the text can be a station code, kiosk id or person id."""
    return _NAME.match(text) is not None
