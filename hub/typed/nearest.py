"""Of the words that would do the one that was meant, as likely as not. Pure."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_ALIKE: Final = 0.6  # of 1: 潞州 and 潞州区 are 0.8, bancs and bank 0.67
_LONGEST: Final = 60


def nearest(found: str, words: Iterable[str]) -> str:
    """The word that is most like it; empty where none is."""
    if not found or len(found) > _LONGEST:
        return ""
    plain = found.casefold()
    by_plain = {word.casefold(): word for word in reversed(list(words))}
    close = get_close_matches(plain, by_plain, n=1, cutoff=_ALIKE)
    if close:
        return by_plain[close[0]]
    parts = [word for each, word in by_plain.items() if len(plain) > 1 and (plain in each or each in plain)]
    return min(parts, key=len, default="")
