"""Every parser of the three programs, with the words by which it is reached."""

import argparse
from collections.abc import Iterator, Sequence

import edge.program
import hub.__main__
import simulator.__main__
from station.parser import Parser

PROGRAMS = ("zaigang-hub", "zaigang-edge", "zaigang-sim")


def parser_for(program: str, arguments: Sequence[str]) -> Parser:
    """The parser that reads these arguments."""
    if program == "zaigang-edge":
        return edge.program.describe()
    return {"zaigang-hub": hub.__main__, "zaigang-sim": simulator.__main__}[program].PROGRAM.parser_for(list(arguments))


def every_parser() -> Iterator[tuple[str, Parser]]:
    """Programs, their commands and the commands' actions, each with its command line."""
    for program in PROGRAMS:
        top = parser_for(program, [])
        yield program, top
        for name in below(top):
            command = below(parser_for(program, [name]))[name]
            yield from _walk(f"{program} {name}", command)


def _walk(typed: str, parser: Parser) -> Iterator[tuple[str, Parser]]:
    yield typed, parser
    for name, action in below(parser).items():
        yield from _walk(f"{typed} {name}", action)


def below(parser: Parser) -> dict[str, Parser]:
    """Its commands or actions, by name."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return {name: found for group in groups for name, found in group.choices.items()}
