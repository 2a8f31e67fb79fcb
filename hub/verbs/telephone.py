"""`zaigang-hub telephone set|remove`: numbers of stations, leads and volunteers who agreed. None is ever printed."""

import argparse
import getpass
import sys
from typing import Final

from sqlalchemy import Connection

from hub.changing import personal
from hub.changing.commands import CityCommand
from hub.changing.numbers import Telephones
from hub.register.telephones import ConsentMatter, Purpose, Whose
from hub.saying import say
from hub.sealing import Safe
from hub.typed import cells
from hub.verbs.finding import day, person_named
from hub.verbs.office import NamedNothingError, Office, add_actions, add_common, give
from station.parser import Parser, as_sentence

EXAMPLE: Final = "zaigang-hub telephone set lead H-01"


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    actions = add_actions(parser)
    told = {
        "set": ("asks for the number, or reads it from standard input", EXAMPLE),
        "remove": ("it is kept no more", "zaigang-hub telephone remove person V0017"),
    }
    for name, (summary, example) in told.items():
        action = actions.add_parser(name, help=summary, description=as_sentence(summary, name), example=example)
        action.add_argument("whose", choices=[whose.value for whose in Whose], help="what it belongs to")
        action.add_argument("of", metavar="CODE|PERSON", help="a station's code; volunteer's number or opaque id")
        if name == "set":
            action.add_argument(
                "--agreed-on", type=day, metavar="DAY", help="of a person: when they agreed to be called"
            )
            action.add_argument("--purpose", choices=[purpose.value for purpose in Purpose], help="what for")
        add_common(action)


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    return give(args, lambda office, connection: _commands(args, office, connection))


def _commands(args: argparse.Namespace, office: Office, connection: Connection) -> list[CityCommand]:
    whose = Whose(args.whose)
    of = person_named(connection, args.of) if whose is Whose.PERSON else args.of
    if args.action == "remove":
        is_person = whose is Whose.PERSON
        if is_person:
            return [personal.WithdrawConsent(of, ConsentMatter.TELEPHONE)]
        return [personal.SetTelephone(whose, of, None)]
    purpose = Purpose(args.purpose) if args.purpose else (Purpose.ROSTER if whose is Whose.PERSON else Purpose.DUTY)
    sealed = Telephones(Safe(office.config.data_dir)).seal(connection, whose, of, _typed())
    keep = personal.SetTelephone(whose, of, sealed, purpose)
    return [personal.NoteConsent(of, ConsentMatter.TELEPHONE, args.agreed_on), keep] if args.agreed_on else [keep]


def _typed() -> str:
    """A number from a prompt that does not echo, or from standard input."""
    text = getpass.getpass("telephone number: ") if sys.stdin.isatty() else sys.stdin.readline()
    try:
        return cells.telephone(text.strip())
    except cells.CellError as exc:
        said = say(
            "found {count} {count:character|characters}; wanted is {wanted}", count=len(text.strip()), wanted=exc.wanted
        )
        raise NamedNothingError(said) from exc
