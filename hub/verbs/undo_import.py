"""`zaigang-hub undo-import [NUMBER]`: an import taken back as a whole."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from hub.changing.effects import ms_of
from hub.changing.system_user import system_user
from hub.database.transactions import reading
from hub.importing.imports import recent_imports
from hub.importing.undoing import undo_import
from hub.verbs.office import guarded, opened
from station.parser import Parser

EXAMPLE: Final = "zaigang-hub undo-import 12"


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    parser.add_argument("number", nargs="?", type=int, metavar="NUMBER", help="of the import; none lists them")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the hub's settings, TOML")


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    return guarded(lambda: _run(args))


def _run(args: argparse.Namespace) -> int:
    with opened(args.config) as office:
        if args.number is None:
            with reading(office.engine) as connection:
                found = recent_imports(connection, ms_of(office.now))
            for row in found:
                at = datetime.fromtimestamp(row.at_ms / 1000, UTC).astimezone(office.zone)
                told = f"  undone by {row.undone_by}" if row.undone_ms else ""
                sys.stdout.write(f"{row.number:6}  {at:%Y-%m-%d %H:%M}  {row.by}  {row.files}{told}\n")
            return 0
        undone = undo_import(office.engine, args.number, by=system_user(), at=office.now)
    for kind, name in undone.left:
        sys.stdout.write(f"{kind} {name} stays: somebody changed it since, or it is in use\n")
    sys.stdout.write(f"{undone.rows} rows are as they were before import {args.number}\n")
    return 0
