"""How the commands of a terminal are described: each `--help`, in the terminal's language, ends in a line to type.

A table names the commands and the module of each, which has `EXAMPLE`, `add_arguments(parser)` and `run(args) -> int`;
only the module of the command that was asked for is loaded.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import ModuleType
from typing import Any, Final, NoReturn

from station.help_text import ChineseFormatter, in_chinese_help
from station.saying import Said, Sentences, as_said, is_chinese, say

EXIT_USAGE: Final = 2  # as argparse itself has it
_ARGPARSE: Final = (  # by what it says, which it says in English alone
    (r"argument (.+?): (.+)", "{0}：{1}"),
    (r"the following arguments are required: (.+)", "缺少 {0}"),
    (r"one of the arguments (.+) is required", "缺少：{0} 之一"),
    (r"unrecognized arguments: (.+)", "不认识 {0}"),
    (r"ambiguous option: (.+) could match (.+)", "{0} 不明确，可能是 {1}"),
    (r"invalid choice: (.+) \(choose from (.+)\)", "{0} 不能用；应为 {1} 之一"),
    (r"invalid (?:int|float|_?whole\w*) value: (.+)", "{0} 不是数字"),
    (r"invalid \w+ value: (.+)", "{0} 不能用"),
    (r"expected one argument", "后面应有一个值"),
    (r"expected at least one argument", "后面至少应有一个值"),
    (r"expected (\d+) arguments?", "后面应有 {0} 个值"),
    (r"ignored explicit argument (.+)", "后面不应有值 {0}"),
    (r"not allowed with argument (.+)", "不能与 {0} 同用"),
)

CommandTable = Mapping[str, tuple[str, str]]  # by name: module, summary


class Parser(argparse.ArgumentParser):
    """What a program, a command or an action takes; those made by `add_parser` want an example too.

    Args:
        example: a line as it is typed, or a text that has such lines below "example:".
        sentences: what its help says, in Chinese, by the English; those below it say theirs by the same.
    """

    def __init__(self, *, example: str, sentences: Sentences | None = None, **more: Any) -> None:
        epilog = example if "example:\n" in example else f"example:\n  {example}\n"
        formatter = ChineseFormatter if is_chinese(os.environ) else argparse.RawDescriptionHelpFormatter
        super().__init__(epilog=epilog, formatter_class=formatter, **more)
        self.sentences = sentences or {}

    def add_subparsers(self, **more: Any) -> Any:  # as argparse has it, which says more than mypy can hold
        """Those below it; they have its words."""
        more["parser_class"] = partial(type(self), sentences=self.sentences)
        return super().add_subparsers(**more)

    def format_help(self) -> str:
        """What it takes and what for."""
        laid_out = super().format_help
        return in_chinese_help(self, self.sentences, laid_out) if is_chinese(os.environ) else laid_out()

    def error(self, message: str) -> NoReturn:
        """What was typed wrongly, in the terminal's language; argparse's own way out."""
        if not is_chinese(os.environ):
            super().error(message)
        usage = self.format_usage().removeprefix("usage: ")
        self._print_message(f"用法：{usage}{self.prog}：{in_chinese(message)}\n", sys.stderr)
        sys.exit(EXIT_USAGE)


def in_chinese(message: str) -> str:
    """What argparse says; a part that a command says itself is in Chinese already."""
    for pattern, chinese in _ARGPARSE:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            *first, last = found.groups() or ("",)
            return chinese.format(*first, in_chinese(last) if pattern.startswith("argument") else last)
    return message


def as_sentence(summary: str, name: str = "") -> Said:
    """A summary as what stands above the help; behind the action's name, where that is given."""
    said = say("{name}: {summary}." if name else "{summary}.", name=name, summary=as_said(summary))
    capital = Said(f"{said[:1].upper()}{said[1:]}" if not name else said)
    capital.template, capital.facts = said.template, said.facts
    return capital


def add_commands(
    parser: Parser, table: CommandTable, load: Callable[[str], ModuleType], arguments: Sequence[str]
) -> None:
    """Describe the commands; what the one takes that the arguments begin with, its module says."""
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, summary) in table.items():
        if name in arguments[:1]:
            loaded = load(module)
            told = as_sentence(summary)
            loaded.add_arguments(commands.add_parser(name, help=summary, description=told, example=loaded.EXAMPLE))
        else:
            commands.add_parser(name, help=summary, example="")
