"""A program of the terminal that has many commands: each is a module of its own, imported only when it is asked for."""

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Final

from station.chinese import STATION_SENTENCES
from station.parser import CommandTable, Parser, add_commands
from station.saying import Sentences, say, teller

_here = teller(STATION_SENTENCES)
EXIT_INTERRUPTED: Final = 130  # as a shell tells of SIGINT


@contextmanager
def _looking_for_no_garbage() -> Iterator[None]:
    """What modules bring stays: to look through it again and again takes a sixth of the time until a hub is there."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


@dataclass(frozen=True, slots=True)
class TerminalProgram:
    """What is typed first, and what may follow it.

    Args:
        name: as it is typed, `zaigang-hub`.
        told: one sentence for its help.
        example: a line as it is typed.
        extra: the optional part of Zaigang that brings what the commands import.
        commands: by name, the module of each and a summary.
        sentences: what its help says, in Chinese, by the English.
        guarding: the module whose `guarded` does a command, and says what stands in its way; none where it is empty.
    """

    name: str
    told: str
    example: str
    extra: str
    commands: CommandTable
    sentences: Sentences
    guarding: str = ""

    def main(self, argv: Sequence[str] | None = None) -> int:
        """Run one command and return its exit status."""
        try:
            arguments = list(sys.argv[1:] if argv is None else argv)
            args = self.parser_for(arguments).parse_args(arguments)
            command = self._load(self.commands[args.command][0])
            if not self.guarding:
                return int(command.run(args))
            return int(self._load(self.guarding).guarded(lambda: command.run(args)))
        except KeyboardInterrupt:  # while it loads, or where the command makes nothing of it
            sys.stderr.write(_here("interrupted") + "\n")
            return EXIT_INTERRUPTED

    def parser_for(self, arguments: Sequence[str]) -> Parser:
        """What may be typed; of the command that the arguments begin with, all of it."""
        parser = Parser(prog=self.name, description=self.told, example=self.example, sentences=self.sentences)
        add_commands(parser, self.commands, self._load, arguments)
        return parser

    def _load(self, module: str) -> ModuleType:
        if module in sys.modules:
            return sys.modules[module]
        try:
            with _looking_for_no_garbage():
                return import_module(module)
        except ModuleNotFoundError as exc:
            raise SystemExit(
                _here(
                    say(
                        "{program}: {name} is not installed; wanted is: pip install '.[{extra}]' in Zaigang's folder",
                        program=self.name,
                        name=exc.name,
                        extra=self.extra,
                    )
                )
            ) from exc
