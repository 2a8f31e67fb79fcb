"""How the commands of a terminal are described: each `--help` ends in a line that can be typed.

A table names the commands and the module of each, which has `EXAMPLE`, `add_arguments(parser)` and `run(args) -> int`;
only the module of the command that was asked for is loaded.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

CommandTable = Mapping[str, tuple[str, str]]  # by name: module, summary


class Parser(argparse.ArgumentParser):
    """What a program, a command or an action takes; those made by `add_parser` want an example too.

    Args:
        example: a line as it is typed, or a text that has such lines below "example:".
    """

    def __init__(self, *, example: str, **more: Any) -> None:
        epilog = example if "example:\n" in example else f"example:\n  {example}\n"
        super().__init__(epilog=epilog, formatter_class=argparse.RawDescriptionHelpFormatter, **more)


def add_commands(
    parser: Parser, table: CommandTable, load: Callable[[str], ModuleType], arguments: Sequence[str]
) -> None:
    """Describe the commands; what the one takes that the arguments begin with, its module says."""
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, summary) in table.items():
        if name in arguments[:1]:
            told = f"{summary[:1].upper()}{summary[1:]}."
            loaded = load(module)
            loaded.add_arguments(commands.add_parser(name, help=summary, description=told, example=loaded.EXAMPLE))
        else:
            commands.add_parser(name, help=summary, example="")
