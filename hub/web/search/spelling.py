"""Names as somebody types them without an input method: in pinyin, from any syllable on, whole or by initials. Pure.

A character with several readings is found by each (长治 by `changzhi` and `zhangzhi`): nobody knows which one a name
has, and whoever looks for it does.
"""

import os
import unicodedata
from functools import cache, lru_cache
from itertools import product
from typing import Final

SHORT: Final = 4  # characters, as names of people have: of these, readings are tried in every combination
MOST_READINGS: Final = 3  # the others of a character are of books
SIGN: Final = "\n"
"""Stands before each spelling; what is typed has none."""


@lru_cache(maxsize=8192)
def readings(character: str) -> tuple[str, ...]:
    """How a character is spelled, the usual one first: without tones, `v` for ü; itself where it is no Chinese one."""
    spelled = _table().get(ord(character), "")
    found = tuple(dict.fromkeys(_plain(one) for one in spelled.split(",")[:MOST_READINGS] if one))
    return found or (character.casefold(),)


def spellings(name: str) -> str:
    """All that a name is found by, each with `SIGN` before it."""
    syllables = [readings(character) for character in name if not character.isspace()]
    found: dict[str, None] = {}
    for chosen in _combinations(syllables):
        for since in range(len(chosen)):
            rest = chosen[since:]
            found["".join(rest)] = found["".join(one[0] for one in rest)] = None
    return "".join(SIGN + one for one in found)


def typed_as(text: str) -> str:
    """What is typed, as spellings have it."""
    return "".join(sign for sign in _plain(text.casefold()) if sign not in " '’·")


def _combinations(syllables: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Every choice of readings for a short name; of a long one those in which one character has another."""
    if len(syllables) <= SHORT:
        return list(product(*syllables))
    usual = tuple(one[0] for one in syllables)
    others = [(*usual[:at], other, *usual[at + 1 :]) for at, one in enumerate(syllables) for other in one[1:]]
    return [usual, *others]


def _plain(spelled: str) -> str:
    apart = unicodedata.normalize("NFD", spelled.replace("ü", "v").replace("ǚ", "v").replace("ǜ", "v"))
    apart = apart.replace("u\u0308", "v")
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


@cache
def _table() -> dict[int, str]:
    """The readings of single characters alone: phrases would cost a hub 40 MB."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415 -- 12 MB that a hub needs once somebody searches

    table: dict[int, str] = PINYIN_DICT
    return table
