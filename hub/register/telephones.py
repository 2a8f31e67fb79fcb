"""Telephone numbers: whose they are, what for, how they are written, and how who may not call sees them. Pure."""

import re
from enum import StrEnum
from typing import Final

from hub.saying import say
from station.tidy import tidy_key

WANTED: Final = say("a telephone number, as 13800001234 or 0355-2000123")
_COUNTRY: Final = re.compile(r"(?:\+|00)86")
_SEPARATORS: Final = re.compile(r"[\s.·()/-]+")
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_AREA: Final = re.compile(r"(010|02\d|0[3-9]\d\d)(\d{7,8})")
_SERVICE: Final = re.compile(r"[48]00\d{7}|[19]\d{4,5}")  # 400 and 800 numbers; 12345, 955xx, 96xxx
_SHOWN_FROM: Final = 11


class Whose(StrEnum):
    """What a number belongs to."""

    STATION = "station"
    """The station's own."""
    LEAD = "lead"
    """Its lead's: it goes when another leads."""
    PERSON = "person"
    """A volunteer's, who agreed."""


class Purpose(StrEnum):
    """What a number is kept for."""

    DUTY = "duty"
    """To call when a station lacks somebody."""
    ROSTER = "roster"
    """To agree on days of duty."""


class ConsentMatter(StrEnum):
    """What somebody agrees to."""

    RECORD = "record"
    """Name, number in the register, cards and service are kept."""
    TELEPHONE = "telephone"
    """They may be called."""


def tidy_number(text: str) -> str:
    """A number as it is kept; empty for what is none."""
    plain = _SEPARATORS.sub("", _COUNTRY.sub("", tidy_key(text), count=1))
    area = _AREA.fullmatch(plain)
    if area:
        return f"{area[1]}-{area[2]}"
    return plain if _MOBILE.fullmatch(plain) or _SERVICE.fullmatch(plain) else ""


def mask_number(number: str) -> str:
    """As whoever may not call sees it: 138****1234; of a short one only its end."""
    digits = number.replace("-", "")
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= _SHOWN_FROM else f"****{digits[-2:]}"
