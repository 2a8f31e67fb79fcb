"""What the hub must not take for a register's number: identity cards' numbers and mobile ones, however disguised. Pure.

Somebody may have typed them with blanks, dashes or a word before, or a spreadsheet may have rounded the last digits
away; so the shape is looked for, and the check digit is not asked.
"""

import re
from typing import Final

from station.tidy import tidy_key

WITHOUT_NUMBER: Final = "words without the number of a telephone or an identity card"
"""What is wanted of whatever people write in their own words."""
_SEPARATORS: Final = re.compile(r"[\W_]+")
_PROVINCE: Final = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|7[1]|8[1-3])"  # GB/T 2260
_MONTH_AND_DAY: Final = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_IDENTITY: Final = re.compile(  # GB 11643: eighteen digits, and the fifteen of cards before 1999
    rf"{_PROVINCE}\d{{4}}(?:18|19|20)\d\d{_MONTH_AND_DAY}\d{{3}}[\dX]|(?<!\d){_PROVINCE}\d{{4}}\d\d{_MONTH_AND_DAY}\d{{3}}(?!\d)"
)
# Numbers of people, not of things (14x but for 145 to 149): a register that begins with its district's 140400 is none.
_MOBILE: Final = re.compile(
    r"(?<!\d)(?:0{0,2}86)?1(?:3\d|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9\d)\d{8}(?!\d)"
)  # fmt: skip

_HOUR: Final = "(?:[01]?[0-9]|2[0-4])"
_MONTH: Final = "(?:1[0-2]|0?[1-9])"
_DAY: Final = "(?:3[01]|[12][0-9]|0?[1-9])"
_ALONE: Final = r"(?<![\d.])", r"(?![\d]|\.\d)"  # no part of digits that go on, as 138.0013.8000 do
_DAY_OR_TIME: Final = re.compile(
    rf"(?<!\d)(?:19|20)\d\d[-/.]{_MONTH}[-/.]{_DAY}(?!\d)|(?<!\d){_HOUR}:[0-5]\d(?::[0-5]\d)?(?!\d)"
    rf"|{_ALONE[0]}(?:{_HOUR}\.[0-5]\d|{_MONTH}\.{_DAY}){_ALONE[1]}"
)
_HOURS: Final = re.compile(rf"(?<![\d-])(?<![\d-] )({_HOUR}[0-5]\d) ?- ?({_HOUR}[0-5]\d)(?! ?-|\d)")  # 1330-1430
_WITHIN: Final = re.compile(r"[\s()（）.·_+\-\u2010-\u2015－]+")  # what people put between a number's digits


def has_identity_number(text: str) -> bool:
    """Whether an identity card's number stands in it."""
    return _IDENTITY.search(_joined(text)) is not None


def has_mobile_number(text: str) -> bool:
    """Whether a mobile telephone's number stands in it."""
    return _MOBILE.search(_joined(text)) is not None


def is_personal(text: str) -> bool:
    """Whether either stands in it, so that no message may repeat it."""
    return has_identity_number(text) or has_mobile_number(text)


def tells_a_number(text: str) -> bool:
    """Whether either stands in a sentence: days and times of day in it are none, and its commas part."""
    parted = _DAY_OR_TIME.sub("，", _HOURS.sub(_without_hours, tidy_key(text)))
    joined = _WITHIN.sub("", parted).upper()
    return _IDENTITY.search(joined) is not None or _MOBILE.search(joined) is not None


def _without_hours(found: re.Match[str]) -> str:
    begin, end = (int(part) for part in found.groups())
    return "，" if begin < end else found[0]


def _joined(text: str) -> str:
    return _SEPARATORS.sub("", tidy_key(text)).upper()
