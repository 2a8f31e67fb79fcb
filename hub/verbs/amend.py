"""`zaigang-hub amend taps|void|add|retime|confirm`."""

import argparse
import os
import re
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from hub.changing import corrections as asked
from hub.changing.amending import ADDED
from hub.changing.commands import CityCommand
from hub.changing.effects import Now
from hub.changing.speaking import Speaking
from hub.config import add_config
from hub.database.transactions import reading
from hub.ledger.review import ReviewedTap, taps_of_day
from hub.register.reading import read_directory
from hub.register.rulebook import Rulebook
from hub.saying import here, say
from hub.verbs.finding import check_station, day, in_city, moment, person_named
from hub.verbs.office import Office, add_actions, add_common, give, opened
from station.names import Epoch, KioskId, RecordName, Seq
from station.parser import Parser

EXAMPLE: Final = "zaigang-hub amend taps H-01 2026-03-05"
_NAME: Final = re.compile(r"([A-Za-z0-9_.-]{1,32})/([0-9a-f]{16})/([1-9][0-9]{0,17})\Z")
_ACTIONS: Final = {
    "void": ("a tap never was; or, given a correction's name, that is taken back", "void H-01 K-01/0123456789abcdef/7"),
    "add": ("somebody came, or left, and did not tap", "add H-01 V0017 leave '2026-03-05 17:30'"),
    "retime": ("a tap was at another moment of its day", "retime H-01 K-01/0123456789abcdef/7 '2026-03-05 08:00'"),
    "confirm": ("a tap, and the stint that it began, is accepted", "confirm H-01 K-01/0123456789abcdef/7"),
}


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    actions = add_actions(parser)
    taps = actions.add_parser("taps", help="list a station's taps of a day by name, with what waits for a word",
                              example=EXAMPLE)  # fmt: skip
    taps.add_argument("station", metavar="CODE", help="the station's code")
    taps.add_argument("day", type=day, metavar="DAY", help="2026-03-05")
    add_config(taps)
    for name, (summary, example) in _ACTIONS.items():
        action = actions.add_parser(name, help=summary, example=f"zaigang-hub amend {example} --why 忘记刷卡")
        action.add_argument("station", metavar="CODE", help="the station's code")
        if name == "add":
            action.add_argument("person", metavar="PERSON", help="volunteer's number or opaque id")
            action.add_argument("did", choices=[one.value for one in ADDED], help="what they did")
            action.add_argument(
                "--evidence",
                default="",
                metavar="TEXT",
                help="page and row of the register; else it covers nothing",
            )
        else:
            action.add_argument("tap", type=name_typed, metavar="TAP", help="as `amend taps` lists it")
        if name in {"add", "retime"}:
            action.add_argument("at", type=moment, metavar="MOMENT", help="'2026-03-05 08:00'")
        if name == "confirm":
            action.add_argument("--until", type=moment, metavar="MOMENT", help="up to when; default as long as it was")
        action.add_argument("--asked-by", default="", metavar="WHO", help="who said what was true")
        add_common(action)


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    if args.action == "taps":
        return _list(args)
    return give(args, lambda office, connection: [_command(args, office, connection)])


def name_typed(text: str) -> RecordName:
    """A record's name that was typed."""
    found = _NAME.match(text)
    if found is None:
        raise argparse.ArgumentTypeError(
            here(say("found {text!r:.60}; wanted is KIOSK/EPOCH/SEQ, as `amend taps` lists it", text=text))
        )
    return RecordName(KioskId(found[1]), Epoch(found[2]), Seq(int(found[3])))


def _command(args: argparse.Namespace, office: Office, connection: Connection) -> CityCommand:
    check_station(connection, args.station)
    match args.action:
        case "void":
            return asked.VoidTap(args.station, args.tap, args.asked_by)
        case "add":
            person = person_named(connection, args.person)
            return asked.AddTap(args.station, person, args.did, _at(args.at, office), args.evidence, args.asked_by)
        case "retime":
            return asked.RetimeTap(args.station, args.tap, _at(args.at, office), args.asked_by)
    return asked.ConfirmTap(args.station, args.tap, in_city(args.until, office), args.asked_by)


def _at(typed: datetime, office: Office) -> datetime:
    return typed.replace(tzinfo=office.zone)


def _list(args: argparse.Namespace) -> int:
    speaking = Speaking.of_locale(os.environ)
    with opened(args.config) as office, reading(office.engine) as connection:
        check_station(connection, args.station)
        book = Rulebook(read_directory(connection, office.zone))
        now = Now(office.now, office.zone)
        since_ms, until_ms = now.midnight_ms(args.day), now.midnight_ms(args.day + timedelta(days=1))
        taps = list(taps_of_day(connection, args.station, since_ms, min(until_ms, now.ms)))
        if not taps:
            sys.stderr.write(f"{speaking.plain('nobody tapped at this station on that day')}\n")
        for tap in taps:
            sys.stdout.write(f"{'  '.join(_told(tap, book, now, speaking))}\n")
    return 0


def _told(tap: ReviewedTap, book: Rulebook, now: Now, speaking: Speaking) -> Iterator[str]:
    """When, what, who, what is said of it; a card's token is nobody's to see."""
    yield now.spell(tap.at_ms) or ""
    yield speaking.word(tap.action)
    person = book.identity(tap.token, tap.at_ms)
    yield person.person if person.counted else speaking.word("card_of_nobody")
    said = [one.value for one in tap.doubts]
    said += [
        word
        for word, holds in (
            ("void", tap.is_void), ("add", tap.is_added), ("moved", tap.recorded_ms is not None),
            ("accepted", tap.confirmed_ms is not None), ("unproven", not tap.is_proof),
        )
        if holds
    ]  # fmt: skip
    yield ",".join(map(speaking.word, said)) or "-"
    yield "/".join(map(str, tap.name))
