"""`zaigang-hub undo-import [NUMBER]`: an import taken back as a whole, once somebody saw what that would do."""

import argparse
import os
import sys
from collections.abc import Iterator
from typing import Final

from hub.changing.speaking import Speaking
from hub.changing.system_user import system_user
from hub.config import add_config
from hub.database.transactions import reading
from hub.importing.imports import recent_imports
from hub.importing.undoing import UndoMovedError, Undone, look_at_undo, undo_import
from hub.saying import say
from hub.verbs.finding import whole
from hub.verbs.office import Office, opened
from station.milliseconds import ms_of
from station.parser import Parser

EXAMPLE: Final = "zaigang-hub undo-import 12"
SHOWN: Final = 20  # names of what stays; a terminal has no more lines
_AGREED: Final = frozenset({"y", "yes", "是"})


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "number", nargs="?", type=whole(1, 2**31 - 1), metavar="NUMBER", help="of the import; none lists them"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask: for scripts")
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    speaking = Speaking.of_locale(os.environ)
    with opened(args.config) as office:
        if args.number is None:
            _list(office, speaking)
            return 0
        if args.yes:
            undone = undo_import(office.engine, args.number, by=system_user(), at=office.now)
            _say([*_staying(undone, speaking), _done(undone, args.number, speaking)])
            return 0
        return _ask(office, args.number, speaking)


def _list(office: Office, speaking: Speaking) -> None:
    with reading(office.engine) as connection:
        found = recent_imports(connection, ms_of(office.now))
    for row in found:
        at = office.local(row.at_ms)
        told = f"  {speaking.plain(say('undone by {by}', by=row.undone_by))}" if row.undone_ms else ""
        sys.stdout.write(f"{row.number:6}  {at:%Y-%m-%d %H:%M}  {row.by}  {row.files}{told}\n")


def _ask(office: Office, number: int, speaking: Speaking) -> int:
    """Show what it would do until somebody agrees to just that, or does not."""
    looked = look_at_undo(office.engine, number, at=office.now)
    while True:
        _say(_foreseen(looked, number, speaking))
        if not sys.stdin.isatty():
            sys.stderr.write(f"{speaking.plain('nothing was changed; a script says --yes')}\n")
            return 1
        sys.stdout.write(f"{speaking.plain('take it back? [y/N]')} ")
        sys.stdout.flush()
        if sys.stdin.readline().strip().lower() not in _AGREED:
            sys.stderr.write(f"{speaking.plain('nothing was changed')}\n")
            return 1
        try:
            undone = undo_import(office.engine, number, by=system_user(), at=office.now, seen=looked.mark)
        except UndoMovedError:
            _say([speaking.plain("somebody changed the city just now, and it would do something else:")])
            looked = look_at_undo(office.engine, number, at=office.now)
            continue
        _say([_done(undone, number, speaking)])
        return 0


def _foreseen(undone: Undone, number: int, speaking: Speaking) -> Iterator[str]:
    yield speaking.plain(say("taking import {number} back:", number=number))
    for table, removed, restored in undone.counts:
        name = speaking.word(f"table_{table}")
        told = "  {name}: {removed} {removed:goes|go}, {restored} {restored:is|are} as before"
        yield speaking.plain(say(told, name=name, removed=removed, restored=restored))
    yield from _staying(undone, speaking)


def _staying(undone: Undone, speaking: Speaking) -> Iterator[str]:
    for kind, name in undone.left[:SHOWN]:
        what = speaking.word(f"table_{kind}")
        yield speaking.plain(
            say("{what} {name} stays: somebody changed it since, or it is in use", what=what, name=name)
        )
    if len(undone.left) > SHOWN:
        yield speaking.plain(say("and {count} more", count=len(undone.left) - SHOWN))


def _done(undone: Undone, number: int, speaking: Speaking) -> str:
    return speaking.plain(
        say(
            "{rows} {rows:row is as it was|rows are as they were} before import {number}",
            rows=undone.rows,
            number=number,
        )
    )


def _say(lines: Iterator[str] | list[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
