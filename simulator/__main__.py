"""`zaigang-sim`: finds the command's module and hands over; only the command that was asked for is loaded.

A command is one line in `_COMMANDS` and a module with `add_arguments(parser)` and `run(args) -> int`.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

EXIT_INTERRUPTED: Final = 130  # as a shell tells of SIGINT
_COMMANDS: Final = {
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


def _run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="zaigang-sim", description="Stands in for the world.", epilog="example: zaigang-sim demo --help"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, summary) in _COMMANDS.items():
        command = commands.add_parser(name, help=summary)
        if name in arguments[:1]:
            _load(module).add_arguments(command)
    args = parser.parse_args(arguments)
    return int(_load(_COMMANDS[args.command][0]).run(args))


def _load(module: str) -> ModuleType:
    try:
        return import_module(module)
    except ModuleNotFoundError as exc:
        raise SystemExit(f"zaigang-sim: {exc.name} is not installed; wanted is: pip install 'zaigang[sim]'") from exc


if __name__ == "__main__":
    sys.exit(main())
