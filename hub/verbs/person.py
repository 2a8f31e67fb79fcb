"""`zaigang-hub person left|back`."""

import argparse
from typing import Final

from sqlalchemy import Connection

from hub.changing import commands as asked
from hub.changing.commands import CityCommand
from hub.verbs.finding import day, person_named
from hub.verbs.office import Office, add_actions, add_common, give
from station.parser import Parser

EXAMPLE: Final = "zaigang-hub person left V0017 --on 2026-04-01"


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    actions = add_actions(parser)
    left = actions.add_parser("left", help="cards and stations end; what was served stays", example=EXAMPLE)
    left.add_argument("person", metavar="PERSON", help="志愿者编号 or opaque id")
    left.add_argument("--on", type=day, metavar="DAY", help="the first day without them; default now")
    add_common(left)
    back = actions.add_parser("back", help="cards and stations are given anew", example="zaigang-hub person back V0017")
    back.add_argument("person", metavar="PERSON", help="志愿者编号 or opaque id")
    add_common(back)


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""

    def ask(_: Office, connection: Connection) -> list[CityCommand]:
        person = person_named(connection, args.person)
        return [asked.ReturnPerson(person) if args.action == "back" else asked.LeavePerson(person, args.on)]

    return give(args, ask)
