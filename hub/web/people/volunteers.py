"""People as this desk shows them, read from the tables. Names stand here in full: each look at one is in the log."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection
from sqlmodel import col, or_, select
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.filtering import where_may, where_may_person
from hub.changing.effects import short_token
from hub.database.people_tables import CardRow, Holding, Loss, Membership, Volunteer
from hub.database.tables import Station
from hub.rights import Grant, Right
from hub.web.desk.meanwhile import mark_of_shown
from hub.web.kit.forms import Form
from station.tidy import tidy_key

FindPerson = Callable[[Request, str, Right], Awaitable["ShownVolunteer | None"]]
ShowPerson = Callable[[Request, "ShownVolunteer", Form | None], Awaitable[Response]]


OF_PERSON = (
    "enter_person", "set_memberships", "train_person", "leave_person", "return_person",
    "assign_card", "return_card", "lose_card", "find_card",
)  # fmt: skip
"""How history calls what changes what their page shows."""

NOBODYS = mark_of_shown(None)


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card of somebody's."""

    token: str = field(repr=False)
    short: str
    since_ms: int
    lost_ms: int | None


@dataclass(frozen=True, slots=True)
class ShownVolunteer:
    """One volunteer."""

    person: str
    number: str = field(repr=False)
    full_name: str = field(repr=False)
    star: int
    left_on: date | None
    trained_on: date | None
    stations: tuple[str, ...]
    """Those that one may see people of."""
    elsewhere: frozenset[str] = field(default=frozenset(), repr=False)
    """The others that they belong to; never shown."""
    cards: tuple[ShownCard, ...] = ()
    erased_on: date | None = None

    @property
    def mark(self) -> str:
        """Of what their page shows that ends when they leave or are erased."""
        cards = [(card.token, card.lost_ms) for card in self.cards]
        return mark_of_shown(self.full_name, self.stations, self.trained_on, self.left_on, cards)


def list_people(
    connection: Connection, grants: Iterable[Grant], *, asked: str = "", only: str = "", station: str = ""
) -> list[ShownVolunteer]:
    """Return the people that somebody may see by name.

    Args:
        connection: to read by.
        grants: whose.
        asked: only those with this in name or number.
        only: only those of whom something is missing: `untrained` or `no_card`.
        station: only those of this one, of which one may see people.
    """
    held_grants = tuple(grants)
    where = [where_may_person(held_grants, Right.NAMES, col(Volunteer.person)), col(Volunteer.erased_on).is_(None)]
    if asked:
        parts = (col(Volunteer.full_name), col(Volunteer.number))
        where.append(or_(*(part.icontains(tidy_key(asked), autoescape=True) for part in parts)))
    if station:
        own = select(Station.code).where(where_may(held_grants, Right.NAMES), col(Station.code) == station)
        belongs_to = col(Membership.station).in_(own), col(Membership.until_day).is_(None)
        where.append(col(Volunteer.person).in_(select(Membership.person).where(*belongs_to)))
    held = select(Holding.person).where(col(Holding.until_ms).is_(None))
    if only == "untrained":
        where += [col(Volunteer.trained_on).is_(None), col(Volunteer.left_on).is_(None)]
    elif only == "no_card":
        where += [col(Volunteer.person).not_in(held), col(Volunteer.left_on).is_(None)]
    rows = connection.execute(select(Volunteer).where(*where).order_by(col(Volunteer.number))).all()
    belongs = _stations(connection, held_grants)
    return [_person(row, belongs.get(row.person, {})) for row in rows]


def find_person(connection: Connection, grants: Iterable[Grant], right: Right, person: str) -> ShownVolunteer | None:
    """Return somebody to whom one may do something, with their cards; None where there is none, or not for them."""
    held = tuple(grants)
    where = [col(Volunteer.person) == person, where_may_person(held, right, col(Volunteer.person))]
    row = connection.execute(select(Volunteer).where(*where)).one_or_none()
    if row is None:
        return None
    cards: Any = connection.execute(
        select(col(Holding.token), col(Holding.from_ms), col(Loss.from_ms).label("lost_ms"))
        .outerjoin(Loss, (col(Loss.token) == col(Holding.token)) & col(Loss.until_ms).is_(None))
        .where(col(Holding.person) == person, col(Holding.until_ms).is_(None))
        .order_by(col(Holding.from_ms), col(Holding.token))
    )
    shown = tuple(ShownCard(token, short_token(token), since, lost) for token, since, lost in cards)
    return _person(row, _stations(connection, held, person).get(person, {}), shown)


def may_give_card(connection: Connection, grants: Iterable[Grant], token: str) -> bool:
    """Whether somebody may give a card to others: it is entered, and nobody's, or of somebody whom they look after."""
    if connection.execute(select(col(CardRow.token)).where(col(CardRow.token) == token)).first() is None:
        return False
    held = col(Holding.token) == token, col(Holding.until_ms).is_(None)
    holder = connection.execute(select(col(Holding.person)).where(*held)).scalar_one_or_none()
    return holder is None or find_person(connection, grants, Right.PEOPLE, holder) is not None


def holder_mark(connection: Connection, token: str) -> str:
    """Of whose a card is; `NOBODYS` for nobody's, as a page offers them."""
    held = col(Holding.token) == token, col(Holding.until_ms).is_(None)
    return mark_of_shown(connection.execute(select(col(Holding.person)).where(*held)).scalar_one_or_none())


def free_cards(connection: Connection) -> list[tuple[str, int]]:
    """Return cards that were entered and are nobody's: tokens, and when they were entered."""
    held = select(Holding.token).where(col(Holding.until_ms).is_(None))
    rows = connection.execute(
        select(col(CardRow.token), col(CardRow.added_ms))
        .where(col(CardRow.token).not_in(held))
        .order_by(col(CardRow.added_ms).desc())
        .limit(50)
    )
    return [(token, added) for token, added in rows]


def _stations(connection: Connection, grants: tuple[Grant, ...], person: str = "") -> dict[str, dict[str, bool]]:
    """By person the stations that they belong to, and whether one may see people of each."""
    where = [col(Membership.until_day).is_(None)] + ([col(Membership.person) == person] if person else [])
    seen = set(connection.execute(select(col(Station.code)).where(where_may(grants, Right.NAMES))).scalars())
    found: dict[str, dict[str, bool]] = {}
    for belongs in connection.execute(select(Membership).where(*where).order_by(col(Membership.station))):
        found.setdefault(belongs.person, {})[belongs.station] = belongs.station in seen
    return found


def _person(row: Any, stations: dict[str, bool], cards: tuple[ShownCard, ...] = ()) -> ShownVolunteer:
    return ShownVolunteer(
        row.person, row.number, row.full_name, row.star, row.left_on, row.trained_on,
        tuple(code for code, is_seen in stations.items() if is_seen),
        frozenset(code for code, is_seen in stations.items() if not is_seen), cards,
        row.erased_on,
    )  # fmt: skip
