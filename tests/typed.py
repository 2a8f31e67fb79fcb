"""What a page tells people to type: the lines of its blocks and what stands `so`, as programs and their arguments."""

import re
import shlex
from collections.abc import Iterator

from tests.every_parser import PROGRAMS

_BLOCK = re.compile(r"^ *```(?:sh|)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_OURS = re.compile(r"(^|[;&|] )\s*(sudo |\w+=\S* )*(zaigang-(hub|edge|sim)|make) ")
_INLINE = re.compile(r"`([^`\n]+)`")


def typed_lines(text: str) -> Iterator[str]:
    """The lines of its blocks in which one of our commands is called."""
    for block in _BLOCK.findall(text):
        yield from filter(_OURS.search, block.replace("\\\n", " ").splitlines())


def typed_between(text: str) -> Iterator[str]:
    """What stands in its sentences as something to type; perhaps not whole."""
    yield from _INLINE.findall(re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE))


def commands_in(line: str) -> Iterator[tuple[str, list[str]]]:
    """Our programs, and `make`, in a line of a shell, each with its arguments."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|;&<>")
    lexer.whitespace_split = True
    lexer.commenters = "#"
    words: list[str] = []
    for word in [*lexer, ";"]:
        if set(word) <= set("|;&<>"):
            yield from _command(words)
            words = []
        else:
            words.append(word)


def _command(words: list[str]) -> Iterator[tuple[str, list[str]]]:
    while words and (words[0] == "sudo" or re.fullmatch(r"\w+=.*", words[0])):
        words = words[1:]
    if words and words[0] in (*PROGRAMS, "make"):
        yield words[0], words[1:]
