"""`zaigang-hub export FILE`: what is entered, as a workbook in the columns of an import."""

import argparse
import sys
from pathlib import Path
from typing import Final

from hub.changing.numbers import Telephones
from hub.config import add_config
from hub.database.transactions import snapshot
from hub.durable_file import PRIVATE, write_over
from hub.exporting.city import Exporter
from hub.exporting.workbook import empty_workbook, workbook_of
from hub.rights import Grant, Role
from hub.saying import here, say, tell_err
from hub.sealing import Safe
from hub.verbs.office import NamedNothingError, opened
from station.parser import Parser

EXAMPLE: Final = "zaigang-hub export 资料.xlsx"


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the workbook, XLSX; its owner's alone")
    parser.add_argument("--empty", action="store_true", help="every form with nothing in it, to fill in")
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    if args.file.suffix.lower() != ".xlsx":
        raise NamedNothingError(
            say("{file} would be a workbook by another name; wanted is a name that ends in .xlsx", file=args.file)
        )
    with opened(args.config) as office, snapshot(office.engine) as connection:
        today = office.now.astimezone(office.zone).date()
        telephones = Telephones(Safe(office.config.data_dir))
        exporter = Exporter(connection, telephones, (Grant(Role.CITY),), today)
        sheets = exporter.sheets()
        content = empty_workbook() if args.empty else workbook_of(sheets)
        if not exporter.has_numbers:
            tell_err("the key of the telephone numbers is not there, or another: they are left out")
    write_over(args.file, content, PRIVATE)
    for form, (_, rows) in () if args.empty else sheets.items():
        sys.stdout.write(f"{here(form):12} {len(rows):6}\n")
    return 0
