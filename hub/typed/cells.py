"""One cell's text into a value. A reader takes text that is not empty, and says what is wanted of it."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Final

from hub.errors import HubError
from hub.register.kinds import KINDS, Kind, kind_named
from hub.register.personal import WITHOUT_NUMBER, has_identity_number, is_personal, tells_a_number
from hub.register.telephones import WANTED, tidy_number
from hub.saying import Said, as_said, say
from station.names import NAME_RULE, is_name
from station.strict import FIRST_YEAR, LAST_YEAR
from station.tidy import tidy, tidy_key

MAX_TEXT: Final = 100
_SPREADSHEET_ERRORS: Final = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)")
_ROUNDED: Final = re.compile(r"[\d.]+E\+\d+", re.IGNORECASE)  # 1.10101E+17: most digits are gone
_MADE_A_DATE: Final = re.compile(
    r"\d{4}-\d\d-\d\d( .*)?|\d{1,2}月\d{1,2}日|\d{1,2}-[A-Z]{3}|[A-Z]{3}-\d{2}", re.IGNORECASE
)
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_DAY_ZERO: Final = date(1899, 12, 30)  # ECMA-376-1 18.17.4.1, with its leap day of 1900 that never was
_LIST_SEPARATORS: Final = re.compile(r"[\s,，、;；/]+")
_ONE_NUMBER: Final = re.compile(r"(\d[\s-]*){11,17}[\dX]?", re.IGNORECASE)
_NO_PERSONS_NUMBER: Final = "a code; no number of an identity card or a telephone is kept here"
_HAN: Final = re.compile(r"[⺀-〇㐀-鿿豈-﫿𠀀-\U000323af·•・\s]+")
_ANY_HAN: Final = re.compile(r"[㐀-鿿]")
_SERIAL: Final = re.compile(r"[2-6]\d{4}")  # a date whose cell is formatted as a number: days since the end of 1899
_SHORT_YEAR: Final = re.compile(r"(\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MANY_NAMES: Final = re.compile(r"[、，；;/|]|(?<=[㐀-鿿]),")
_NO_NAMES: Final = ("男", "女", "是", "否", "无", "有")  # a column has slipped
_NUMBERED: Final = re.compile(r"[^:：]*[0-9A-Za-z][^:：]*")
_FRACTION: Final = re.compile(r"\d+\.\d+")  # of a number cell that has lost the zeros at its end, or a slipped column
_VALID: Final = ("有效", "正常", "启用", "valid")
_LOST: Final = ("挂失", "丢失", "遗失", "注销", "作废", "停用", "revoked", "lost")
ALL_DIGITS: Final = "all of the number's digits: make the column text, not number, and type it again"


class CellError(HubError):
    """The cell cannot stand.

    Attributes:
        wanted: what would do; it never says what was found.
        words: those that would do, where they are few.
        near: what was meant as likely as not, where it is known without looking for the nearest word.
    """

    def __init__(self, wanted: Said, words: Sequence[str] = (), near: str = "") -> None:
        super().__init__(wanted)
        self.wanted, self.words, self.near = wanted, words, near


def text(cell: str) -> str:
    """Text of one line."""
    plain = tidy(cell)
    if len(plain) > MAX_TEXT or any(unicodedata.category(c) in {"Cc", "Cs"} for c in plain):
        raise CellError(say("text of one line, at most {count} {count:character|characters}", count=MAX_TEXT))
    if _SPREADSHEET_ERRORS.match(plain) or plain.startswith("="):
        raise CellError(say("a value, not a formula that failed"))
    if _ROUNDED.fullmatch(plain):
        raise CellError(say(ALL_DIGITS))
    return plain


def free_text(most: int) -> Callable[[str], str]:
    """A reader of what somebody writes in their own words, as a reason or a note."""

    def read(cell: str) -> str:
        plain = tidy(cell)
        if len(plain) > most or any(unicodedata.category(c) in {"Cc", "Cs"} for c in plain):
            raise CellError(say("text of one line, at most {count} {count:character|characters}", count=most))
        if tells_a_number(plain):
            raise CellError(say(WITHOUT_NUMBER))
        return plain

    return read


note: Final = free_text(200)
"""Reasons, notes and answers."""


def public_reason(cell: str) -> str:
    """Why a station is closed or keeps other hours, which everybody reads; whatever is taken, a sheet takes back."""
    return text(note(cell))


def person_name(cell: str) -> str:
    """Somebody's name; blanks within a Chinese one only make it as wide as others."""
    plain = text(cell)
    if is_personal(plain):
        raise CellError(say("a name alone; no number of an identity card or a telephone is kept here"))
    if plain in _NO_NAMES or not any(c.isalpha() for c in plain) or _MANY_NAMES.search(plain):
        raise CellError(say("the name of one person"))
    return plain.replace(" ", "") if _HAN.fullmatch(plain) else plain


def code(cell: str) -> str:
    """A station code or kiosk id, safe in a topic and a URL."""
    plain = tidy_key(cell)
    _check_digits(plain)
    if is_personal(plain):
        raise CellError(say(_NO_PERSONS_NUMBER))
    if not is_name(plain):
        rule = as_said(NAME_RULE)
        raise CellError(say("a code, not a name: {rule}", rule=rule) if _ANY_HAN.search(plain) else rule)
    return plain


def parts(cell: str) -> list[str]:
    """Those of a list, however they are parted: blanks, lines, commas of any width, 、, semicolons or strokes."""
    return [part for part in _LIST_SEPARATORS.split(tidy(cell)) if part]


def codes(cell: str) -> tuple[str, ...]:
    """Several codes, parted by blanks or commas, each once."""
    if _ONE_NUMBER.fullmatch(tidy_key(cell)) and is_personal(cell):  # 110105 19491231 002X are no three codes
        raise CellError(say(_NO_PERSONS_NUMBER))
    return tuple(sorted({code(part) for part in parts(cell)}))


def station_code(cell: str) -> str:
    """The code of a station, or what may be its name: no code is one, and the import knows whose it is."""
    plain = tidy(cell)
    return plain if _ANY_HAN.search(plain) and not is_personal(plain) else code(cell)


def station_codes(cell: str) -> tuple[str, ...]:
    """Several, parted by blanks or commas, each once."""
    if _ONE_NUMBER.fullmatch(tidy_key(cell)) and is_personal(cell):  # as in `codes`
        raise CellError(say(_NO_PERSONS_NUMBER))
    return tuple(sorted({station_code(part) for part in parts(cell)}))


def volunteer_number(cell: str) -> str:
    """A volunteer's number in the city's register; neither an identity card's number nor a telephone's is taken."""
    plain = text(tidy_key(cell)).upper()
    _check_digits(plain)
    if is_personal(plain):
        if has_identity_number(plain):
            raise CellError(say("the volunteer's number in the register; an identity card's number is not kept here"))
        raise CellError(say("the volunteer's number in the register; a telephone's number is not kept here"))
    if not _NUMBERED.fullmatch(plain):
        raise CellError(say("a number of the register: with digits or letters, and without a colon"))
    if _FRACTION.fullmatch(plain):
        raise CellError(say("a number of the register, not a fraction"))
    return plain


def people(cell: str) -> tuple[str, ...]:
    """Several people by number or name, parted by blanks or commas, each once."""
    if _ONE_NUMBER.fullmatch(tidy_key(cell)) and is_personal(cell):
        raise CellError(say(_NO_PERSONS_NUMBER))
    read = [text(part) for part in parts(cell)]
    if any(is_personal(one) for one in read):
        raise CellError(say(_NO_PERSONS_NUMBER))
    return tuple(dict.fromkeys(read))


def unread(cell: str) -> str:
    """What stands there for people to read."""
    return cell


def telephone(cell: str) -> str:
    """A telephone number, as it is kept."""
    _check_digits(tidy_key(cell).upper())
    number = tidy_number(cell)
    if not number:
        raise CellError(WANTED)
    return number


def _check_digits(plain: str) -> None:
    """That a spreadsheet has left a number as it was typed."""
    if _ROUNDED.fullmatch(plain):
        raise CellError(say(ALL_DIGITS))
    if _MADE_A_DATE.fullmatch(plain):
        raise CellError(say("the number itself, which was made a date: make the column text, and type it again"))


def whole(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers of that range."""

    def read(cell: str) -> int:
        plain = tidy_key(cell)
        if not re.fullmatch(r"[0-9]{1,6}", plain) or not low <= int(plain) <= high:
            raise CellError(say("a whole number from {low} to {high}", low=low, high=high))
        return int(plain)

    return read


def day(cell: str) -> date:
    """A date, as 2026-03-05, 2026/3/5, 2026年3月5日 or 20260305."""
    try:
        read = _date(cell)
    except ValueError as exc:
        raise CellError(say("a date as 2026-03-05"), near=_meant_day(tidy_key(cell))) from exc
    return _within_years(read)


def _date(cell: str) -> date:
    found = _DAY.fullmatch(tidy_key(cell))
    year, month, number = (int(part) for part in (found.groups() if found else ()) if part)
    return date(year, month, number)


def _within_years(read: date) -> date:
    if not FIRST_YEAR <= read.year < LAST_YEAR:  # 9999-12-31 means "no end" to some: that is an empty cell
        raise CellError(say("a date from {first} to {last}", first=FIRST_YEAR, last=LAST_YEAR - 1))
    return read


def _meant_day(plain: str) -> str:
    """Which day a number without a date's format stands for, or one with a short year; asked about, never taken."""
    if _SERIAL.fullmatch(plain):
        return str(_DAY_ZERO + timedelta(days=int(plain)))
    found = _SHORT_YEAR.fullmatch(plain)
    with suppress(ValueError):
        return str(date(2000 + int(found[1]), int(found[2]), int(found[3]))) if found else ""
    return ""


def kind(cell: str) -> Kind:
    """One of the eleven kinds of host."""
    plain = tidy_key(cell)
    found = kind_named(plain) or kind_named(cell)
    if found is None:
        chinese = [kind.zh for kind in KINDS.values()]
        wanted = say("one of {words}; or {codes}", words=chinese, codes=list(KINDS))
        raise CellError(wanted, [*chinese, *KINDS, *(alias for kind in KINDS.values() for alias in kind.aliases)])
    return found


def one_of(words: Mapping[str, str]) -> Callable[[str], str]:
    """A reader of words that stand for codes; the codes themselves are taken too."""
    known = {**words, **{code: code for code in words.values()}}

    def read(cell: str) -> str:
        found = known.get(tidy_key(cell).lower().replace(" ", ""))
        if found is None:
            raise CellError(say("one of {words}", words=sorted(set(known.values()))), list(known))
        return found

    return read


def yes_or_no(cell: str) -> bool:
    """Whether a thing is so."""
    return one_of({"是": "yes", "对": "yes", "否": "no", "不": "no"})(cell) == "yes"


def moment(cell: str) -> datetime:
    """A date, with or without a time of day, as 2026-03-05 or 2026-03-05 10:30; the city's own, without a zone."""
    text, _, clock = tidy_key(cell).partition(" ")
    try:
        read, at = _date(text), time.fromisoformat(clock) if clock else time()
    except ValueError as exc:
        raise CellError(say("a date, or a date and a time, as 2026-03-05 10:30")) from exc
    return datetime.combine(_within_years(read), at)


def lost(cell: str) -> bool:
    """Whether a card's status says that it no longer counts."""
    plain = tidy_key(cell).lower()
    if plain in (*_VALID, *_LOST):
        return plain in _LOST
    raise CellError(say("one of {words}", words=[*_VALID, *_LOST]), [*_VALID, *_LOST])
