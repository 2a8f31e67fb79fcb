"""What a workbook's cell shows, by its raw text, its type and its style. Pure.

Excel holds numbers as floats of 15 digits: a card number typed as a number may have lost digits or leading zeros
before it comes here. Such a number is spelled with an exponent, so that no reader of cells takes it.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

EXACT: Final = 10**15  # the first number that Excel may not hold exactly
_GENERAL: Final = "General"
_CHINESE_DATES: Final = frozenset((*range(27, 37), *range(50, 59)))  # ECMA-376-1 18.8.30, zh-cn: 2026年3月5日 and so on
_SHOWN: Final = re.compile(r"""((?:"[^"]*"|\\.|-)*)(0{1,24})((?:"[^"]*"|\\.)*)(?:;.*)?""")
"""Shows 7147 as 007147, or as V-007147."""
_PADDED: Final = 2  # zeros: with one, as in 0"人", what follows is a unit
_QUOTES: Final = re.compile(r""""([^"]*)"|\\(.)""")


class CellValues:
    """Spells cells of one workbook.

    Args:
        shared: its shared strings.
        formats: the number format of each style, by the style's number.
        is_mac: its days count from 1904.
    """

    def __init__(self, shared: Sequence[str], formats: Sequence[str], *, is_mac: bool) -> None:
        from openpyxl.styles.numbers import is_date_format  # noqa: PLC0415 -- 6 MB, seldom needed
        from openpyxl.utils.datetime import CALENDAR_MAC_1904, WINDOWS_EPOCH, from_excel  # noqa: PLC0415 -- as above

        self._is_date_format, self._from_excel = is_date_format, from_excel
        self._shared, self._formats = shared, formats
        self._epoch = CALENDAR_MAC_1904 if is_mac else WINDOWS_EPOCH

    def spell(self, raw: str, kind: str, style: int) -> str:
        """The text that a cell shows.

        Raises:
            ValueError, IndexError: it is no sound workbook.
        """
        if kind == "s":
            return self._shared[int(raw)]
        if kind == "d":
            return _spell_moment(datetime.fromisoformat(raw.removesuffix("Z")))
        if kind == "b":
            return "TRUE" if raw == "1" else "FALSE"
        return self._spell_number(raw, style) if kind == "n" else raw

    def _spell_number(self, raw: str, style: int) -> str:
        value = float(raw)
        shape = self._formats[style] if 0 <= style < len(self._formats) else _GENERAL
        if shape != _GENERAL and self._is_date_format(shape):
            try:
                return _spell_moment(self._from_excel(value, self._epoch))
            except (ValueError, OverflowError):
                return raw  # a day before the first, or after the last
        if abs(value) >= EXACT:
            return f"{value:E}"
        whole = str(int(value)) if value == int(value) else raw
        return _as_shown(whole, shape) if value >= 0 else whole


def formats_of(styles: Sequence[int], own: Mapping[int, str]) -> list[str]:
    """The number format of each style.

    Args:
        styles: the number of each one's format.
        own: the workbook's own formats by number.
    """
    from openpyxl.styles.numbers import BUILTIN_FORMATS  # noqa: PLC0415 -- as above

    return [
        own.get(each) or ("yyyy-mm-dd" if each in _CHINESE_DATES else BUILTIN_FORMATS.get(each, _GENERAL))
        for each in styles
    ]


def _as_shown(whole: str, shape: str) -> str:
    """With the zeros and letters that the format puts around a whole number; a sign or a unit is none of the number."""
    found = _SHOWN.fullmatch(shape)
    if found is None or not whole.isdigit():
        return whole
    before, after = (_QUOTES.sub(r"\1\2", part) for part in (found[1], found[3]))
    if len(found[2]) < _PADDED and not any(c.isalnum() for c in before):
        return whole
    return f"{before}{whole.zfill(len(found[2]))}{after}"


def _spell_moment(value: datetime | date | time | timedelta | None) -> str:
    if isinstance(value, datetime):
        rounded = value.replace(microsecond=0)
        return rounded.date().isoformat() if rounded.time() == time() else rounded.isoformat(" ")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return "" if value is None else str(value)
