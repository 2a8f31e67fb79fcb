"""The `--help` of a command in Chinese: argparse's own layout, with other words in it, in lines that a terminal holds.

A Chinese character takes two columns, and argparse counts one; nor are there blanks between words to break a line at.
"""

import argparse
import re
from collections.abc import Callable
from typing import Final
from unicodedata import east_asian_width

from station.saying import Sentences, tell

_EXAMPLE: Final = "example:\n"
_OWN: Final = {  # what argparse says itself, and `station.parser`
    "positional arguments": "参数",
    "options": "选项",
    "show this help message and exit": "显示这段说明",
    "{summary}.": "{summary}。",
    "{name}: {summary}.": "{name}：{summary}。",
}
_PIECES: Final = re.compile(r"[!-~]+ ?|.", re.DOTALL)
"""What no line is broken within: a word, a number or a name of Latin letters; or one character."""
_HEADING: Final = re.compile(r"^([^ -~]+):$", re.MULTILINE)
_NEVER_FIRST: Final = "，。；：、）”？！"


class ChineseFormatter(argparse.RawDescriptionHelpFormatter):
    """Breaks lines by the columns that they take."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(text, width)


def in_chinese_help(parser: argparse.ArgumentParser, sentences: Sentences, laid_out: Callable[[], str]) -> str:
    """The help of one parser as argparse has it `laid_out`; its words stay Chinese from then on."""
    known = {**_OWN, **sentences}

    def told(text: str | None) -> str | None:
        return text and tell(text, known, is_chinese=True)

    for action in parser._actions:  # noqa: SLF001 -- argparse keeps all that its help says to itself
        if action.help is not argparse.SUPPRESS:
            action.help = told(action.help)
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for choice in action._choices_actions:  # noqa: SLF001
                choice.help = told(choice.help)
    for group in parser._action_groups:  # noqa: SLF001
        group.title, group.description = told(group.title), told(group.description)
    parser.description = told(parser.description)
    before, _, lines = (parser.epilog or "").partition(_EXAMPLE)
    if lines:
        parser.epilog = f"{told(before.strip())}\n\n示例：\n{lines}" if before.strip() else f"示例：\n{lines}"
    return _HEADING.sub(r"\1：", re.sub("^usage: ", "用法： ", laid_out()))


def wrapped(text: str, columns: int) -> list[str]:
    """The text in lines of at most so many columns, where its pieces allow."""
    lines, free = [""], columns
    for piece in _PIECES.findall(" ".join(text.split())):
        needed = sum(map(_columns, piece.rstrip()))
        if needed > free and lines[-1] and piece not in _NEVER_FIRST:
            lines.append("")
            free = columns
        lines[-1] += piece
        free -= sum(map(_columns, piece))
    return [line.strip() for line in lines]


def _columns(char: str) -> int:
    return 2 if east_asian_width(char) in "WF" else 1
