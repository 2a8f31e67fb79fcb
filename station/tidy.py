"""One tidy-up for all text that enters: sheets, settings, key files, what is typed at a terminal or into a form.

What nobody sees goes, blanks of all sorts become plain ones, digits and letters of full width become usual ones, and
what a spreadsheet wraps text in comes off. What is meant stays: `·` in a name, the brackets of Chinese print, and
rare characters such as 䶮 and 𠮷, which NFKC leaves alone. Pure; tidying twice changes nothing more.
"""

import codecs
import re
import unicodedata
from typing import Final

# Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt): zero-width and direction marks, the byte-order
# mark, selectors of a glyph's variant; and the marks of interlinear annotation.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_BLANKS: Final = re.compile("[\t\v\f\xa0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]")
_LINE_ENDS: Final = re.compile("\r\n?|[\x85\u2028\u2029]")
_RUNS: Final = re.compile(r" *\n *| {2,}")
_WRAPPED: Final = re.compile(r'="([^"]*)"')
_APOSTROPHES: Final = "'＇"  # before a number, to keep it text; no name begins with one
# ASCII of full width, but for the signs of Chinese print, which stay as they are typed.
_NARROW: Final = {
    code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "！＂（），：；＜＞？［］｛｝～｜＾｀"
}
_ZEROS: Final = re.compile(r"(?<!\d)0+(?=\d)")
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def encoding_of(content: bytes) -> str:
    """The encoding that a file's first bytes name; UTF-8 where they name none."""
    return next((encoding for mark, encoding in _MARKS if content.startswith(mark)), "utf-8")


def decode(content: bytes) -> str:
    """The text of a file, whatever mark its editor put before it.

    Raises:
        UnicodeDecodeError: it is no text.
    """
    return content.decode(encoding_of(content))


def visible(text: str) -> str:
    """Without what nobody sees, and with plain blanks and line ends; how many there are stays."""
    shown = text if text.isascii() else _INVISIBLE.sub("", text)
    return _BLANKS.sub(" ", _LINE_ENDS.sub("\n", shown))


def tidy(text: str) -> str:
    """A cell or a field, as it was meant; its lines stay lines."""
    before, after = "", text
    while before != after:
        before = after
        after = _unwrapped(_RUNS.sub(_one, visible(after)).strip(" \n"))
    return after if after.isascii() else unicodedata.normalize("NFC", after.translate(_NARROW))


def tidy_key(text: str) -> str:
    """A number, code or date: what is of another width is not another one."""
    plain = tidy(text)
    return plain if plain.isascii() else tidy(unicodedata.normalize("NFKC", plain))


def bare(key: str) -> str:
    """What two keys share that are alike but for leading zeros, blanks, width and case."""
    return _ZEROS.sub("", re.sub(r"\s", "", tidy_key(key)).casefold())


def _unwrapped(text: str) -> str:
    found = _WRAPPED.fullmatch(text)
    return found[1] if found else text.lstrip(_APOSTROPHES)


def _one(found: re.Match[str]) -> str:
    return "\n" if "\n" in found[0] else " "
