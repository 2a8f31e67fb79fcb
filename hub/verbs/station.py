"""`zaigang-hub station close|reopen|terms`."""

import argparse
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection
from sqlmodel import col, or_, select

from hub.changing import commands as asked
from hub.changing.commands import CityCommand
from hub.database.tables import Kiosk
from hub.register.terms import MAX_ON_DUTY
from hub.verbs.finding import day, whole
from hub.verbs.office import Office, add_actions, add_common, give
from station.parser import Parser

EXAMPLE: Final = "zaigang-hub station close H-01 --on 2026-04-01 --with-kiosks"


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    actions = add_actions(parser)
    close = actions.add_parser("close", help="closed from a day on; its past stays", example=EXAMPLE)
    close.add_argument("station", metavar="CODE", help="the station's code")
    close.add_argument("--on", type=day, metavar="DAY", help="the first day on which it is closed; default tomorrow")
    close.add_argument("--with-kiosks", action="store_true", help="retire those of its kiosks that are in service then")
    add_common(close)
    reopen = actions.add_parser("reopen", help="take back that it closes", example="zaigang-hub station reopen H-01")
    reopen.add_argument("station", metavar="CODE", help="the station's code")
    add_common(reopen)
    terms = actions.add_parser(
        "terms",
        help="how many must and should be there, from a day on",
        example="zaigang-hub station terms H-01 --minimum 2 --since 2027-01-01",
    )
    terms.add_argument("station", metavar="CODE", help="the station's code")
    terms.add_argument("--minimum", type=whole(1, MAX_ON_DUTY), metavar="N", help="how many must be there")
    terms.add_argument("--target", type=whole(1, MAX_ON_DUTY), metavar="N", help="how many should be there")
    terms.add_argument("--since", type=day, metavar="DAY", help="the first day; default today")
    add_common(terms)


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    return give(args, lambda office, connection: _commands(args, office, connection))


def _commands(args: argparse.Namespace, office: Office, connection: Connection) -> list[CityCommand]:
    if args.action == "reopen":
        return [asked.ReopenStation(args.station)]
    if args.action == "terms":
        return [asked.SetTerms(args.station, args.since, minimum=args.minimum, target=args.target)]
    on = args.on or office.now.astimezone(office.zone).date() + timedelta(days=1)
    in_service = select(Kiosk.id).where(
        col(Kiosk.station) == args.station, or_(col(Kiosk.in_service_to).is_(None), col(Kiosk.in_service_to) > on)
    )
    kiosks = sorted(connection.execute(in_service).scalars()) if args.with_kiosks else []
    return [*(asked.RetireKiosk(kiosk, on) for kiosk in kiosks), asked.CloseStation(args.station, on)]
