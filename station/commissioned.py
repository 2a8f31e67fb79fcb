"""终端投用记录: what a kiosk signs once it was tried at its place; a letter, believed once it is verified."""

import json
from dataclasses import dataclass
from typing import Any, Final

from station.letter import Letter, LetterError, read_letter

KIND: Final = "zaigang-commission 1"
SUFFIX: Final = ".zaigang-record"


@dataclass(frozen=True, slots=True)
class Commissioned:
    """What it says.

    Attributes:
        steps: name and moment of each, in order.
        checks: what was looked at in the end: what, is_well, text.
        trouble: what went wrong; empty where all went well.
    """

    kiosk: str
    station: str
    by: str
    ok: bool
    begun_at: str
    ended_at: str
    version: str
    steps: list[dict[str, str]]
    checks: list[dict[str, Any]]
    trouble: str
    letter: Letter


def read_commissioned(content: bytes) -> Commissioned:
    """Take the letter apart.

    Raises:
        LetterError: it is no such record.
    """
    letter = read_letter(KIND, content)
    try:
        return Commissioned(**json.loads(letter.body), letter=letter)
    except (ValueError, TypeError) as exc:
        raise LetterError("cut off, or changed on the way") from exc
