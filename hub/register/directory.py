"""The city as the tables have it, read once into plain values: stations with their hours, kiosks, cards.

Read anew when `read_edition` has risen; nothing here follows changes by itself. Full names are masked on the
way in, so whoever holds a `Directory` has none.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.database.tables import (
    Card,
    City,
    District,
    Edition,
    KindAuthority,
    Kiosk,
    Station,
    StationHours,
    StationVolunteer,
    Volunteer,
)
from hub.register.kinds import KINDS
from hub.register.masking import mask_name
from hub.register.weeks import Weeks, duty_of, rules_of, weeks_of
from station.duty import DutyRule, StationRules
from station.names import KioskId, PersonId, StationCode, Token
from station.wire.messages import Duty, Holder


@dataclass(frozen=True, slots=True)
class KnownStation:
    """One station; `district` is the name that is shown, `lead` is masked."""

    code: StationCode
    name: str
    short_name: str
    district: str
    kind: str
    authority: str
    lead: str
    rule: DutyRule
    weeks: Weeks
    district_code: str = ""

    def rules(self, *, since: date, until: date) -> StationRules:
        """What taps from `since` to `until` are judged by."""
        return rules_of(self.weeks, self.rule, since=since, until=until)

    def duty(self, *, today: date, version: int) -> Duty:
        """What the station's kiosks are told."""
        return duty_of(self.name, self.weeks, self.rule, today=today, version=version)


@dataclass(frozen=True, slots=True)
class KnownKiosk:
    """One kiosk and the days on which it is in service."""

    id: KioskId
    station: StationCode
    entrance: str
    in_service_from: date
    in_service_to: date | None

    def in_service(self, day: date) -> bool:
        """Whether it is to be heard on that day."""
        return self.in_service_from <= day and (self.in_service_to is None or day < self.in_service_to)


@dataclass(frozen=True, slots=True)
class Directory:
    """What the hub knows of the city.

    Attributes:
        holders: every card that was ever entered; an unassigned one is a person by its token.
        members: the persons of each station.
        cards: the cards of each person.
    """

    edition: int
    city: str
    stations: Mapping[StationCode, KnownStation]
    kiosks: Mapping[KioskId, KnownKiosk]
    holders: Mapping[Token, Holder]
    members: Mapping[StationCode, frozenset[PersonId]]
    cards: Mapping[PersonId, tuple[Token, ...]]


def read_edition(connection: Connection) -> int:
    """The number that rises with every import; 0 before the first. One row read: cheap enough for every second."""
    number: int | None = connection.execute(select(Edition.number)).scalar()
    return number or 0


def read_directory(connection: Connection) -> Directory:
    """Read it all: about 0.1 s for 1,000 stations and 5,000 volunteers.

    Args:
        connection: a snapshot or a transaction; of what is imported between two tables the half would be read.
    """
    holders, cards = _read_holders(connection)
    members: dict[StationCode, set[PersonId]] = defaultdict(set)
    for membership in connection.execute(select(StationVolunteer.station, StationVolunteer.person)):
        members[StationCode(membership.station)].add(PersonId(membership.person))
    return Directory(
        edition=read_edition(connection),
        city=connection.execute(select(City.name)).scalar() or "",
        stations=_read_stations(connection),
        kiosks={KioskId(kiosk.id): kiosk for kiosk in _read_kiosks(connection)},
        holders=holders,
        members={station: frozenset(persons) for station, persons in members.items()},
        cards=cards,
    )


def roster_cards(directory: Directory, station: StationCode, seen: frozenset[PersonId]) -> dict[Token, Holder]:
    """The cards that a station's kiosks must know: those of its own people and of `seen`, those seen there lately."""
    persons = directory.members.get(station, frozenset()) | seen
    return {token: directory.holders[token] for person in sorted(persons) for token in directory.cards.get(person, ())}


def _read_stations(connection: Connection) -> dict[StationCode, KnownStation]:
    hours: dict[str, list[tuple[date, int, int, int]]] = defaultdict(list)
    for row in connection.execute(select(StationHours)):
        hours[row.station].append((row.valid_from, row.weekday, row.opens_min, row.closes_min))
    districts = {row.code: row.name for row in connection.execute(select(District))}
    authorities = {kind.code: kind.authority for kind in KINDS.values()}
    authorities |= {row.kind: row.authority for row in connection.execute(select(KindAuthority))}
    return {
        StationCode(row.code): KnownStation(
            code=StationCode(row.code),
            name=row.name,
            short_name=row.short_name,
            district=districts[row.district],
            kind=row.kind,
            authority=row.authority or authorities[row.kind],
            lead=mask_name(row.lead),
            rule=DutyRule(row.minimum, row.target),
            weeks=weeks_of(KINDS[row.kind].weekly, hours[row.code]),
            district_code=row.district,
        )
        for row in connection.execute(select(Station).order_by(col(Station.code)))
    }


def _read_kiosks(connection: Connection) -> list[KnownKiosk]:
    return [
        KnownKiosk(KioskId(row.id), StationCode(row.station), row.entrance, row.in_service_from, row.in_service_to)
        for row in connection.execute(select(Kiosk).order_by(col(Kiosk.id)))
    ]


def _read_holders(connection: Connection) -> tuple[dict[Token, Holder], dict[PersonId, tuple[Token, ...]]]:
    volunteers = {row.person: row for row in connection.execute(select(Volunteer))}
    holders: dict[Token, Holder] = {}
    cards: dict[PersonId, tuple[Token, ...]] = defaultdict(tuple)
    for card in connection.execute(select(Card).order_by(col(Card.token))):
        token, volunteer = Token(card.token), volunteers.get(card.person)
        revoked = (Holder.REVOKED,) if card.revoked_at is not None else ()
        if volunteer is None:
            holders[token] = Holder(PersonId(token), flags=(Holder.UNASSIGNED, *revoked))
            continue
        person = PersonId(volunteer.person)
        untrained = (Holder.UNTRAINED,) if volunteer.trained_on is None else ()
        holders[token] = Holder(person, mask_name(volunteer.full_name), volunteer.star, (*untrained, *revoked))
        cards[person] += (token,)
    return holders, dict(cards)
