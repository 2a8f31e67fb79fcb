"""`zaigang-sim`: each command is a module of its own, imported only when it is asked for."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Final

from station.parser import Parser, add_commands

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

EXIT_INTERRUPTED: Final = 130  # as a shell tells of SIGINT
COMMANDS: Final = {
    "conform": ("simulator.conform.command", "tells an agent, or a hub, which rules of the protocol it breaks"),
    "demo": ("simulator.demo", "a whole city on a virtual working day"),
    "fleet": ("simulator.fleet", "a city's kiosks against any broker and hub"),
    "replay": ("simulator.replaying.command", "a day as records through the hub's core, and what follows from it"),
    "scenario": ("simulator.world.command", "a whole world on virtual time, with faults, judged by an oracle"),
    "reader": ("simulator.reader", "one emulated card reader on a pseudo-terminal"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    try:
        return _run(sys.argv[1:] if argv is None else list(argv))
    except KeyboardInterrupt:  # while it loads, or where the command makes nothing of it
        sys.stderr.write("interrupted\n")
        return EXIT_INTERRUPTED


def parser_for(arguments: Sequence[str]) -> Parser:
    """What may be typed; of the command that the arguments begin with, all of it."""
    parser = Parser(prog="zaigang-sim", description="Stands in for the world.", example="zaigang-sim demo")
    add_commands(parser, COMMANDS, _load, arguments)
    return parser


def _run(arguments: list[str]) -> int:
    args = parser_for(arguments).parse_args(arguments)
    return int(_load(COMMANDS[args.command][0]).run(args))


def _load(module: str) -> ModuleType:
    try:
        return import_module(module)
    except ModuleNotFoundError as exc:
        raise SystemExit(
            f"zaigang-sim: {exc.name} is not installed; wanted is: pip install '.[sim]' in Zaigang's folder"
        ) from exc


if __name__ == "__main__":
    sys.exit(main())
