"""What is typed into what is meant: a person by number or opaque id, a card by its id or its number, days, moments."""

import argparse
import getpass
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, or_
from sqlmodel import col, select

from hub.changing.effects import short_token
from hub.data_dir import OWN_USERS_TO_READ
from hub.database.people_tables import CardRow, Holding, Loss, Volunteer
from hub.database.tables import District, Station
from hub.register.card_names import read_card_names
from hub.rights import Reach
from hub.saying import as_said, here, say
from hub.site_key import FILE_NAME, read_other_keys, read_site_key
from hub.typed import cells
from hub.typed.card_number import FORMAT_WORDS, HEX, ISO14443A, TECHNOLOGY_WORDS, read_card_number
from hub.verbs.office import NamedNothingError, Office
from station.milliseconds import ms_of
from station.tidy import encoding_of, tidy_key
from station.token import token_of

FROM_INPUT = "-"
_NOBODY = (
    "nobody has a number or id of {count} {count:character|characters} "
    "like this; wanted is a volunteer's number that was imported, "
    "or the opaque id that pages and `zaigang-hub history` show"
)
_CARDS_OF = (
    "there are {count} cards of {whose}: {cards}; wanted is one; name it by its id, "
    "as `zaigang-hub history --person` shows it"
)
_CARDS_LIKE = "there are {count} cards whose id begins with '{whose}': {cards}; wanted is one; give more of its id"
_NO_CARD_OF = "{whose} has no such card; `zaigang-hub history --person` shows those that there were"
_NO_CARD_LIKE = "there is no card whose id begins with '{whose}'; wanted is an id as `zaigang-hub history` shows it"
_FOUND = "found {text!r}; wanted is {wanted}"
_TYPED = "found {count} {count:character|characters}; wanted is {wanted}"


def public_reason(text: str) -> str:
    """A reason that was typed, which everybody reads."""
    try:
        return cells.public_reason(text)
    except cells.CellError as exc:
        raise argparse.ArgumentTypeError(here(say(_FOUND, text=text, wanted=as_said(exc.wanted)))) from exc


def whole(first: int, last: int) -> Callable[[str], int]:
    """How to read a whole number within these bounds: beyond them no clock and no database has one."""

    def read(text: str) -> int:
        is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(last))
        if not is_number or not first <= int(text) <= last:
            wanted = say("a whole number from {low} to {high}", low=first, high=last)
            raise argparse.ArgumentTypeError(here(say(_FOUND, text=text, wanted=wanted)))
        return int(text)

    return read


def day(text: str) -> date:
    """A day that was typed."""
    try:
        return cells.day(text)
    except cells.CellError as exc:
        raise argparse.ArgumentTypeError(here(say(_FOUND, text=text, wanted=as_said(exc.wanted)))) from exc


def moment(text: str) -> datetime:
    """A moment that was typed, the city's own, without a zone."""
    try:
        return cells.moment(text.replace("T", " "))
    except cells.CellError as exc:
        raise argparse.ArgumentTypeError(here(say(_FOUND, text=text, wanted=as_said(exc.wanted)))) from exc


def in_city(said: datetime | None, office: Office) -> datetime | None:
    """With the city's zone."""
    return None if said is None else said.replace(tzinfo=office.zone)


def check_station(connection: Connection, code: str) -> None:
    """There is one of that code.

    Raises:
        NamedNothingError: there is none.
    """
    if connection.execute(select(Station.code).where(col(Station.code) == code)).first() is None:
        raise NamedNothingError(say("there is no station '{code}'; wanted is a code that was imported", code=code))


def check_reach(connection: Connection, reach: Reach) -> None:
    """Its district and its station are entered, where it has them.

    Raises:
        NamedNothingError: one is not.
    """
    for model, column, code in (
        ("district", col(District.code), reach.district),
        ("station", col(Station.code), reach.station),
    ):
        if code and connection.execute(select(column).where(column == code)).first() is None:
            raise NamedNothingError(
                say(
                    "found --{model} {code!r}, which is not entered; wanted is the code of one that is",
                    model=model,
                    code=code,
                )
            )


def read_text(file: Path) -> str:
    """What stands in a file, as an editor here writes it: UTF-8, with a mark or without, GB18030 or UTF-16.

    Raises:
        NamedNothingError: it is no text, or not this user's to read.
        OSError: it cannot be read.
    """
    try:
        content = file.read_bytes()
    except PermissionError as exc:
        wanted = as_said(OWN_USERS_TO_READ)
        raise NamedNothingError(say("{asked} may not be read; wanted is {wanted}", asked=file, wanted=wanted)) from exc
    for encoding in (encoding_of(content), "gb18030"):
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if "\0" not in text:
                return text
    raise NamedNothingError(say("{file} is no text; wanted is a text file, best in UTF-8", file=file))


def person_named(connection: Connection, text: str) -> str:
    """The opaque id of who is called so.

    Raises:
        NamedNothingError: nobody is.
    """
    same = or_(col(Volunteer.person) == text, col(Volunteer.number) == tidy_key(text).upper())
    found: str | None = connection.execute(select(Volunteer.person).where(same)).scalars().first()
    if found is None:
        raise NamedNothingError(say(_NOBODY, count=len(text)))
    return found


def card_named(connection: Connection, args: argparse.Namespace, office: Office, *, lost: bool | None = None) -> str:
    """The token of the card that is meant.

    Args:
        connection: to look by.
        args: `card`, its id or `-`; `of`, a person who has it; `technology`, `format` and `prefix` of a number.
        office: where the site key is.
        lost: of a person's cards rather those that are lost now, or are not; None for all.

    Raises:
        NamedNothingError: none is meant, or several might be.
    """
    if args.card == FROM_INPUT:
        return _card_typed(connection, args, office)
    if args.card is None and args.of is None:
        raise NamedNothingError(say("no card is named; wanted is its id, - to type its number, or --of PERSON"))
    if args.card is None:
        person = person_named(connection, args.of)
        tokens = _cards_of(connection, person, ms_of(office.now), lost=lost)
        template, whose = _CARDS_OF, person
    else:
        starts = col(CardRow.token).startswith(args.card.lower(), autoescape=True)
        tokens = list(connection.execute(select(CardRow.token).where(starts).order_by(CardRow.token)).scalars())
        template, whose = _CARDS_LIKE, args.card
    if len(tokens) == 1:
        return tokens[0]
    if not tokens:
        raise NamedNothingError(say(_NO_CARD_OF if template == _CARDS_OF else _NO_CARD_LIKE, whose=whose))
    cards = list(map(short_token, tokens[:10]))
    raise NamedNothingError(say(template, count=len(tokens), whose=whose, cards=cards))


def _cards_of(connection: Connection, person: str, now_ms: int, *, lost: bool | None) -> list[str]:
    held = select(Holding.token).where(
        col(Holding.person) == person,
        col(Holding.from_ms) <= now_ms,
        or_(col(Holding.until_ms).is_(None), col(Holding.until_ms) > now_ms),
    )
    gone = set(connection.execute(select(Loss.token).where(col(Loss.until_ms).is_(None))).scalars())
    tokens = sorted(connection.execute(held).scalars())
    return [token for token in tokens if (token in gone) == lost] or tokens


def _card_typed(connection: Connection, args: argparse.Namespace, office: Office) -> str:
    """A number from a prompt that does not echo, or from standard input; it goes no further than here."""
    number = getpass.getpass("card number: ") if sys.stdin.isatty() else sys.stdin.readline()
    try:
        read = read_card_number(number.strip(), args.technology, args.format, args.prefix)
    except cells.CellError as exc:
        raise NamedNothingError(say(_TYPED, count=len(number.strip()), wanted=exc.wanted)) from exc
    folder, names = office.config.data_dir, read_card_names(connection)
    keys = read_site_key(folder / FILE_NAME), *read_other_keys(folder).retired
    tokens = [names.first(token_of(key, args.technology, read)) for key in keys]
    known = set(connection.execute(select(CardRow.token).where(col(CardRow.token).in_(tokens))).scalars())
    return next((token for token in tokens if token in known), tokens[0])


def add_card(parser: argparse.ArgumentParser, *, as_option: bool = False) -> None:
    """Say how a card is named."""
    told = "the first characters of its id; - to type its number"
    if as_option:
        parser.add_argument("--card", metavar="CARD", help=told)
    else:
        parser.add_argument("card", nargs="?", metavar="CARD", help=told)
    parser.add_argument(
        "--of", metavar="PERSON", help="in place of CARD: the card of this volunteer's number or opaque id"
    )
    technologies = sorted(set(TECHNOLOGY_WORDS.values()))
    parser.add_argument(
        "--technology",
        choices=technologies,
        default=ISO14443A,
        help="the card's, where its number is typed; default %(default)s",
    )
    parser.add_argument(
        "--format",
        choices=sorted({HEX, *FORMAT_WORDS.values()}),
        default=HEX,
        help="how its number is spelt; default %(default)s",
    )
    parser.add_argument("--prefix", default="", metavar="HEX", help="the bytes that a number's spelling leaves out")
