"""Records that are carried by hand from a kiosk without a line: journal messages in a letter of the kiosk's.

The first line of the letter names the kiosk; each other is one journal message as it would go over the wire.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from station.letter import Letter, LetterError, read_letter, write_letter
from station.names import KioskId, StationCode, is_name

KIND: Final = "zaigang-journal 2"
SUFFIX: Final = ".zaigang"


@dataclass(frozen=True, slots=True)
class Carried:
    """Whose records, and the messages; believed once `letter` is verified."""

    station: StationCode
    kiosk: KioskId
    messages: tuple[bytes, ...]
    letter: Letter


def write_carried(
    station: StationCode, kiosk: KioskId, messages: Sequence[bytes], certificate: bytes, sign: Callable[[bytes], bytes]
) -> bytes:
    """The file's content."""
    body = b"\n".join([json.dumps({"station": station, "kiosk": kiosk}).encode(), *messages])
    return write_letter(KIND, certificate, body, sign)


def read_carried(content: bytes) -> Carried:
    """What is in such a file.

    Raises:
        LetterError: it is no such file.
    """
    letter = read_letter(KIND, content)
    first, *messages = letter.body.split(b"\n")
    try:
        whose = json.loads(first)
        station, kiosk = whose["station"], whose["kiosk"]
    except (ValueError, KeyError, TypeError) as exc:
        raise LetterError("cut off, or changed on the way") from exc
    if not (is_name(station) and is_name(kiosk)):
        raise LetterError("changed on the way")
    return Carried(StationCode(station), KioskId(kiosk), tuple(messages), letter)
