"""`zaigang-hub person left|back|agreed|withdrew|erase`."""

import argparse
from typing import Final

from sqlalchemy import Connection
from sqlmodel import select

from hub.changing import commands as asked
from hub.changing import personal
from hub.changing.commands import CityCommand
from hub.changing.erasing import erased_mark
from hub.database.people_tables import Volunteer
from hub.register.telephones import ConsentMatter
from hub.site_key import first_key
from hub.verbs.finding import day, person_named
from hub.verbs.office import Office, add_actions, add_common, give
from station.parser import Parser

EXAMPLE: Final = "zaigang-hub person left V0017 --on 2026-04-01"


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    actions = add_actions(parser)
    left = actions.add_parser("left", help="cards and stations end; what was served stays", example=EXAMPLE)
    left.add_argument("person", metavar="PERSON", help="volunteer's number or opaque id")
    left.add_argument("--on", type=day, metavar="DAY", help="the first day without them; default now")
    add_common(left)
    back = actions.add_parser("back", help="cards and stations are given anew", example="zaigang-hub person back V0017")
    back.add_argument("person", metavar="PERSON", help="volunteer's number or opaque id")
    add_common(back)
    for name, summary in (("agreed", "note what somebody agrees to"), ("withdrew", "note that they agree no more")):
        action = actions.add_parser(name, help=summary, example=f"zaigang-hub person {name} V0017 telephone")
        action.add_argument("person", metavar="PERSON", help="volunteer's number or opaque id")
        action.add_argument("matter", choices=[matter.value for matter in ConsentMatter], help="to what")
        if name == "agreed":
            action.add_argument("--on", type=day, metavar="DAY", help="since when; default today")
        add_common(action)
    erase = actions.add_parser(
        "erase", help="name, number and telephone go for good; what was served stays",
        example="zaigang-hub person erase V0017 --why 'asked for it by letter of 2026-03-01'",
    )  # fmt: skip
    erase.add_argument("person", metavar="PERSON", help="volunteer's number or opaque id, of somebody who has left")
    add_common(erase)


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    return give(args, lambda office, connection: [_command(args, office, connection)])


def _command(args: argparse.Namespace, office: Office, connection: Connection) -> CityCommand:
    person = person_named(connection, args.person)
    if args.action == "erase":
        number = connection.execute(select(Volunteer.number).where(Volunteer.person == person)).scalar_one()
        return personal.ErasePerson(person, erased_mark(first_key(office.config.data_dir), number))
    if args.action == "agreed":
        return personal.NoteConsent(
            person, ConsentMatter(args.matter), args.on or office.now.astimezone(office.zone).date()
        )
    if args.action == "withdrew":
        return personal.WithdrawConsent(person, ConsentMatter(args.matter))
    return asked.ReturnPerson(person) if args.action == "back" else asked.LeavePerson(person, args.on)
