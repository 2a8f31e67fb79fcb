"""One cell's text into a value. A reader takes text that is not empty, and says what is wanted of it."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Final

from hub.errors import HubError
from hub.register.kinds import KINDS, Kind, kind_named
from station.names import NAME_RULE, is_name

MAX_TEXT: Final = 100
_SPREADSHEET_ERRORS: Final = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)")
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_LIST_SEPARATORS: Final = re.compile(r"[\s,，、;；/]+")
_VALID: Final = ("有效", "正常", "启用", "valid")
_LOST: Final = ("挂失", "丢失", "遗失", "注销", "作废", "停用", "revoked", "lost")
_ID_NUMBER: Final = re.compile(r"\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")
_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999, 4.2
_ID_CHECK: Final = "10X98765432"


class CellError(HubError):
    """The cell cannot stand; the text says what is wanted, never what was found."""


def text(cell: str) -> str:
    """Text of one line."""
    if len(cell) > MAX_TEXT or any(unicodedata.category(c) in {"Cc", "Cs"} for c in cell):
        raise CellError(f"text of one line, at most {MAX_TEXT} characters")
    if _SPREADSHEET_ERRORS.match(cell):
        raise CellError("a value, not a formula that failed")
    return unicodedata.normalize("NFC", cell)


def code(cell: str) -> str:
    """A station code or kiosk id, safe in a topic and a URL."""
    plain = unicodedata.normalize("NFKC", cell)
    if not is_name(plain):
        raise CellError(NAME_RULE)
    return plain


def codes(cell: str) -> tuple[str, ...]:
    """Several codes, parted by blanks or commas, each once."""
    return tuple(sorted({code(part) for part in _LIST_SEPARATORS.split(cell) if part}))


def volunteer_number(cell: str) -> str:
    """A volunteer's number in the city's register; an identity card's number is not taken."""
    plain = text(unicodedata.normalize("NFKC", cell)).upper()
    if _is_id_number(plain):
        raise CellError("the volunteer's number in the register; an identity card's number is not kept here")
    return plain


def whole(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers of that range."""

    def read(cell: str) -> int:
        plain = unicodedata.normalize("NFKC", cell)
        if not re.fullmatch(r"\d{1,6}", plain) or not low <= int(plain) <= high:
            raise CellError(f"a whole number from {low} to {high}")
        return int(plain)

    return read


def day(cell: str) -> date:
    """A date, as 2026-03-05, 2026/3/5, 2026年3月5日 or 20260305."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", cell))
    try:
        year, month, number = (int(part) for part in (found.groups() if found else ()) if part)
        read = date(year, month, number)
    except ValueError as exc:
        raise CellError("a date as 2026-03-05") from exc
    return read


def kind(cell: str) -> Kind:
    """One of the eleven kinds of host."""
    found = kind_named(unicodedata.normalize("NFKC", cell)) or kind_named(cell)
    if found is None:
        raise CellError("one of " + ", ".join(kind.zh for kind in KINDS.values()) + "; or " + ", ".join(KINDS))
    return found


def one_of(words: dict[str, str]) -> Callable[[str], str]:
    """A reader of words that stand for codes; the codes themselves are taken too."""
    known = words | {code: code for code in words.values()}

    def read(cell: str) -> str:
        found = known.get(unicodedata.normalize("NFKC", cell).lower().replace(" ", ""))
        if found is None:
            raise CellError("one of " + ", ".join(sorted(set(known.values()))))
        return found

    return read


def moment(cell: str) -> datetime:
    """A date, with or without a time of day, as 2026-03-05 or 2026-03-05 10:30; the city's own, without a zone."""
    plain = unicodedata.normalize("NFKC", cell)
    text, _, clock = plain.partition(" ")
    try:
        return datetime.combine(day(text), time.fromisoformat(clock.strip()) if clock.strip() else time())
    except ValueError as exc:
        raise CellError("a date, or a date and a time, as 2026-03-05 10:30") from exc


def lost(cell: str) -> bool:
    """Whether a card's status says that it no longer counts."""
    if cell.lower() in (*_VALID, *_LOST):
        return cell.lower() in _LOST
    raise CellError("one of " + ", ".join((*_VALID, *_LOST)))


def _is_id_number(number: str) -> bool:
    if _ID_NUMBER.fullmatch(number) is None:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False))
    return number[-1] == _ID_CHECK[total % 11]
