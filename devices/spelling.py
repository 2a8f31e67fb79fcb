"""How a keyboard wedge spells card numbers, and the number behind a spelling. Pure.

One card has many spellings: 62E3086CED is ED6C08E362 with the bytes reversed, 3808980205 in ten digits, which leave
out the first byte, and 008,27885 as Wiegand 26, which leaves out two. What is left out must be told as `prefix`, as in
the hub's spreadsheets; guessing would make one person of two cards.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from devices.card import EM4100, ISO14443A, NUMBER_LENGTHS, Card, Technology
from devices.errors import ReaderUnusableError

# The word in the URL: how many characters, how many bytes they are, and what they look like.
_DIGITS: Final = {
    **{f"hex{2 * size}": (2 * size, size, re.compile(r"[0-9A-F]+")) for size in (3, 4, 5, 7, 10)},
    **{f"dec{n}": (n, size, re.compile(r"[0-9]+")) for n, size in ((8, 3), (10, 4), (13, 5), (17, 7))},
    "wg26": (9, 3, re.compile(r"[0-9]{3},[0-9]{5}")),
}
_WANTED: Final = (
    f"digits={'|'.join(_DIGITS)}, and where needed order=reversed and prefix=HEX, as ?digits=dec10&order=reversed"
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a number.

    Attributes:
        digits: one of the words of `_DIGITS`.
        is_reversed: the byte that is written last is the number's first.
        prefix: the first bytes of the number, where the spelling leaves them out.
    """

    digits: str
    is_reversed: bool = False
    prefix: bytes = b""

    @property
    def size(self) -> int:
        """How many bytes they spell."""
        return _DIGITS[self.digits][1]

    @property
    def technology(self) -> Technology:
        """What cards of that length are read with: five bytes are 125 kHz."""
        return EM4100 if len(self.prefix) + self.size in NUMBER_LENGTHS[EM4100] else ISO14443A

    def read(self, text: str) -> Card | None:
        """The card of that text, letters as capitals; None where it is none."""
        length, size, looks = _DIGITS[self.digits]
        if len(text) != length or not looks.fullmatch(text):
            return None
        value = _value(self.digits, text)
        if value >= 1 << (8 * size):
            return None
        number = value.to_bytes(size, "little" if self.is_reversed else "big")
        return Card(self.technology, self.prefix + number, "other")


def read_spelling(query: str) -> Spelling:
    """The spelling that a URL's query tells.

    Raises:
        ReaderUnusableError: it tells none.
    """
    options = dict(parse_qsl(query, keep_blank_values=True))
    if set(options) - {"digits", "order", "prefix"} or options.get("digits") not in _DIGITS:
        raise ReaderUnusableError("{query!r} tells no spelling; wanted is {wanted}", query=query, wanted=_WANTED)
    if options.get("order", "straight") not in {"straight", "reversed"}:
        raise ReaderUnusableError("order={order!r}; wanted is straight or reversed", order=options["order"])
    try:
        prefix = bytes.fromhex(options.get("prefix", ""))
    except ValueError as exc:
        raise ReaderUnusableError(
            "prefix={prefix!r}; wanted are hex digits, two a byte", prefix=options["prefix"]
        ) from exc
    spelling = Spelling(options["digits"], options.get("order") == "reversed", prefix)
    _require_whole(spelling)
    return spelling


def _require_whole(spelling: Spelling) -> None:
    whole = sorted(length for lengths in NUMBER_LENGTHS.values() for length in lengths)
    if spelling.size + len(spelling.prefix) not in whole:
        raise ReaderUnusableError(
            "digits={digits} spells {size} bytes, and prefix tells {prefix}: no card "
            "has such a number; wanted are {whole} together (5: a 125 kHz card)",
            digits=spelling.digits,
            size=spelling.size,
            prefix=len(spelling.prefix),
            whole=", ".join(map(str, whole)),
        )


def _value(digits: str, text: str) -> int:
    if digits.startswith("hex"):
        return int(text, 16)
    if digits == "wg26":
        site, card = map(int, text.split(","))
        return site << 16 | card if site <= 0xFF and card <= 0xFFFF else 1 << 24  # noqa: PLR2004 -- a byte, two bytes
    return int(text)
