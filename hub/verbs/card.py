"""`zaigang-hub card lost|found|assign|return`."""

import argparse
from typing import Final

from sqlalchemy import Connection
from sqlmodel import select

from hub.changing import commands as asked
from hub.changing.commands import CityCommand
from hub.database.people_tables import CardRow
from hub.verbs.finding import FROM_INPUT, add_card, card_named, in_city, moment, person_named
from hub.verbs.office import Office, add_actions, add_common, give
from station.parser import Parser, as_sentence

_ACTIONS: Final = {
    "lost": (
        "its taps count for nobody from now on; what was tapped before stays its holder's",
        "zaigang-hub card lost --of V0017",
    ),
    "found": ("it counts again from now on", "zaigang-hub card found 4b4e1b57"),
    "assign": (
        "it is that person's from now on; one that nobody ever held since its first tap",
        "zaigang-hub card assign 4b4e1b57 --to V0017",
    ),
    "return": ("it is nobody's from now on", "zaigang-hub card return --of V0017"),
}
EXAMPLE: Final = _ACTIONS["lost"][1]


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    actions = add_actions(parser)
    for name, (summary, example) in _ACTIONS.items():
        action = actions.add_parser(name, help=summary, description=as_sentence(summary, name), example=example)
        add_card(action)
        if name == "assign":
            action.add_argument("--to", required=True, metavar="PERSON", help="volunteer's number or opaque id")
        action.add_argument(
            "--since", type=moment, metavar="MOMENT", help="2026-03-05, or '2026-03-05 10:30'; default now"
        )
        add_common(action)


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    return give(args, lambda office, connection: _commands(args, office, connection))


def _commands(args: argparse.Namespace, office: Office, connection: Connection) -> list[CityCommand]:
    since = in_city(args.since, office)
    if args.action == "assign":
        return _assigning(args, office, connection)
    lost = {"lost": False, "found": True}.get(args.action)
    token = card_named(connection, args, office, lost=lost)
    if args.action == "lost":
        return [asked.LoseCard(token, since)]
    return [asked.FindCard(token, since) if args.action == "found" else asked.ReturnCard(token, since)]


def _assigning(args: argparse.Namespace, office: Office, connection: Connection) -> list[CityCommand]:
    token, person = card_named(connection, args, office), person_named(connection, args.to)
    assign = asked.AssignCard(token, person, in_city(args.since, office))
    is_known = connection.execute(select(CardRow.token).where(CardRow.token == token)).first() is not None
    if args.card == FROM_INPUT and not is_known:
        return [asked.EnterCard(token, args.technology), assign]
    return [assign]
