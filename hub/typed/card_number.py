"""A card's number as spreadsheets spell it, into the bytes that a reader gives. Pure; the number goes no further.

One EM4100 card has many spellings: 62E3086CED is 3808980205 on a reader of ten digits, which leaves out the
first byte, and 008,27885 as Wiegand 26, which leaves out two. A spelling that leaves bytes out needs them in a
column of their own; guessing would make one person of two cards.
"""

import re
from typing import Final

from hub.saying import Said, say
from hub.typed.cells import ALL_DIGITS, CellError
from station.tidy import tidy_key

ISO14443A: Final = "iso14443a"
EM4100: Final = "em4100"
TECHNOLOGY_WORDS: Final = {
    "nfc": ISO14443A, "ic": ISO14443A, "ic卡": ISO14443A, "m1": ISO14443A, "mifare": ISO14443A, "ntag": ISO14443A,
    "id": EM4100, "id卡": EM4100, "em": EM4100, "125khz": EM4100,
}  # fmt: skip

HEX: Final = "hex"
HEX_REVERSED: Final = "hex-reversed"
DECIMAL: Final = "decimal"
DECIMAL_REVERSED: Final = "decimal-reversed"
WIEGAND26: Final = "wiegand26"
FORMAT_WORDS: Final = {
    "十六进制": HEX, "十六进制反序": HEX_REVERSED, "反序十六进制": HEX_REVERSED, "十进制": DECIMAL,
    "十进制反序": DECIMAL_REVERSED, "反序十进制": DECIMAL_REVERSED, "韦根26": WIEGAND26, "wg26": WIEGAND26,
    "16进制": HEX, "10进制": DECIMAL, "hexreversed": HEX_REVERSED, "decimalreversed": DECIMAL_REVERSED,
}  # fmt: skip

_LENGTHS: Final = {ISO14443A: (4, 7, 10), EM4100: (5,)}  # bytes; ISO/IEC 14443-3 6.5.4, EM4100 data sheet
_SINGLE: Final = 4
_RANDOM: Final = 0x08
_FIXED: Final = 0x0F  # in the low nibble of the first byte
_CASCADE_TAG: Final = 0x88
# What cards with a settable number are sold with. Two of them would be one person.
_SOLD_WITH: Final = frozenset(
    bytes.fromhex(number) for number in ("01020304", "04030201", "11223344", "12345678", "DEADBEEF")
)
_HEX_SEPARATORS: Final = re.compile(r"[\s:\-]")
_WIEGAND: Final = re.compile(r"(\d{1,3})[\s,]+(\d{1,5})")
_WIEGAND_BYTES: Final = 3
_TEN_DIGITS_BYTES: Final = 4


def read_card_number(cell: str, technology: str, number_format: str, prefix: str = "") -> bytes:
    """The number as a reader gives it, most significant byte first.

    Args:
        cell: the number as the spreadsheet has it.
        technology: `ISO14443A` or `EM4100`.
        number_format: `HEX` and so on.
        prefix: the bytes that the spelling leaves out, in hex.

    Raises:
        CellError: it is no such number, or one that cannot stand for one card; the text never holds it.
    """
    plain = tidy_key(cell)
    if re.fullmatch(r"[\d.]+e\+\d+", plain, re.IGNORECASE):
        raise CellError(say(ALL_DIGITS))
    digits = _digits(plain, technology, number_format)
    number = _prefix(prefix) + digits
    _check_length(number, digits, technology)
    _check_unique(number, technology)
    return number


def _digits(plain: str, technology: str, number_format: str) -> bytes:
    if number_format in {HEX, HEX_REVERSED}:
        digits = _hex(plain)
        return digits if number_format == HEX else digits[::-1]
    if number_format == WIEGAND26:
        if technology != EM4100:
            raise CellError(say("hex or decimal for this technology; wiegand26 leaves out bytes"))
        return _wiegand(plain)
    if not re.fullmatch(r"\d{1,24}", plain):
        raise CellError(say("a number of digits only"))
    value = int(plain)
    shortest = _TEN_DIGITS_BYTES if technology == EM4100 else _SINGLE
    length = next((n for n in (shortest, *_LENGTHS[technology]) if value < 1 << (8 * n)), 0)
    if not length:
        raise CellError(_wanted_length(technology))
    digits = value.to_bytes(length, "big")
    return digits if number_format == DECIMAL else digits[::-1]


def _hex(plain: str) -> bytes:
    try:
        return bytes.fromhex(_HEX_SEPARATORS.sub("", plain.removeprefix("0x")))
    except ValueError as exc:
        raise CellError(say("an even count of hex digits; leading zeros belong to the number")) from exc


def _wiegand(plain: str) -> bytes:
    found = _WIEGAND.fullmatch(plain)
    if found is None or int(found[1]) > 0xFF or int(found[2]) > 0xFFFF:  # noqa: PLR2004 -- one byte, two bytes
        raise CellError(say("a number as 008,27885"))
    return int(found[1]).to_bytes(1, "big") + int(found[2]).to_bytes(2, "big")


def _prefix(prefix: str) -> bytes:
    try:
        return bytes.fromhex(tidy_key(prefix))
    except ValueError as exc:
        raise CellError(say("a prefix of hex digits, as 62E3")) from exc


def _check_length(number: bytes, digits: bytes, technology: str) -> None:
    if len(number) in _LENGTHS[technology]:
        return
    if technology == EM4100 and len(digits) in {_WIEGAND_BYTES, _TEN_DIGITS_BYTES}:
        left_out = _LENGTHS[EM4100][0] - len(digits)
        raise CellError(
            say("the {count} first bytes that this spelling leaves out, in hex, in the column 卡号前缀", count=left_out)
        )
    raise CellError(_wanted_length(technology))


def _wanted_length(technology: str) -> Said:
    lengths = "/".join(str(length) for length in _LENGTHS[technology])
    return say("a number of {lengths} bytes for {technology}", lengths=lengths, technology=technology)


def _check_unique(number: bytes, technology: str) -> None:
    if number.count(number[0]) == len(number):
        raise CellError(say("a number that one card has alone; all bytes of this one are the same"))
    if technology != ISO14443A or len(number) != _SINGLE:
        return
    first = number[0]
    if first == _RANDOM:
        raise CellError(say("a number that stays; this one is random, as phones give it, another each time"))
    if first & 0x0F == _FIXED or first == _CASCADE_TAG or number in _SOLD_WITH:
        raise CellError(say("a number that one card has alone; many cards carry this one"))
