"""What the hub says, told in another language: the tool is `station.saying`, the words are `hub.chinese`."""

import sys
from typing import Final

from hub.chinese import SENTENCES
from station import saying
from station.chinese import STATION_SENTENCES
from station.saying import Said, as_said, is_chinese, of_system, printable, said_by, say

__all__ = [
    "Said",
    "as_said",
    "here",
    "is_chinese",
    "of_system",
    "printable",
    "said_by",
    "say",
    "tell",
    "tell_err",
    "tell_out",
]
_ALL: Final = {**STATION_SENTENCES, **SENTENCES}

here = saying.teller(_ALL)
"""A sentence in the terminal's language."""


def tell_out(text: str) -> None:
    """Write a sentence to stdout, a line in the terminal's language."""
    sys.stdout.write(here(text) + "\n")


def tell_err(text: str) -> None:
    """The same to stderr, where what is only said to a person stands."""
    sys.stderr.write(here(text) + "\n")


def tell(text: str, *, is_chinese: bool) -> str:
    """In English, or in Chinese as far as it has been translated."""
    return saying.tell(text, _ALL, is_chinese=is_chinese)
