"""The invented city as the hub knows it: what an import would have put into its tables."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel

from hub.database.people_tables import CardRow, Holding, Membership, Volunteer
from hub.database.schema import prepare_schema
from hub.database.tables import City, District, Edition, Kiosk, Station, TermsRow
from hub.register.directory import Directory
from hub.register.reading import read_directory
from hub.register.spelling import spell_limits, spell_week
from simulator.acts import SimCard
from simulator.antennas import card_at_seam
from simulator.city import SMALLEST, SimCity, SimStation, invent
from simulator.opening import ZONE, Opening
from simulator.world.card_keys import CardKeys
from simulator.world.channels import channels_of, districts_of
from station.duty import ROUND_THE_CLOCK, Limits, StationRules
from station.hours import Span
from station.names import StationCode, Token
from station.token import token_of
from station.wire import topics
from station.wire.topics import Address, Leaf

SINCE: Final = date(2020, 1, 1)
UNTIL: Final = date(2030, 1, 1)
WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Registry:
    """The city twice: as people live in it, and as the hub has it."""

    city: SimCity
    site_key: bytes
    directory: Directory
    rules: Mapping[StationCode, StationRules]
    content: bytes = field(repr=False)
    """The hub's database with the city in it, and nothing else yet."""
    keys: CardKeys
    """What cards are called, whatever keys there were."""

    def as_in(self, directory: Directory) -> "Registry":
        """The same city after changes."""
        return replace(self, directory=directory, rules=_rules_of(directory))

    def token(self, card: SimCard) -> Token:
        """The token of somebody's card, under the first site key."""
        return self.keys.first(card)

    def hub_topics(self) -> list[str]:
        """What the hub listens to."""
        kiosks = self.directory.kiosks.values()
        said = (Leaf.JOURNAL, Leaf.STATE, Leaf.REPLY)
        return [*(Address(each.station, each.id, leaf).topic for leaf in said for each in kiosks), topics.HUB_STATE]


def small_city(seed: int, stations: int, kiosks: int = 1) -> SimCity:
    """A city of any number of stations, and so many kiosks each."""
    whole = invent(seed, max(stations, SMALLEST))
    kept = tuple(
        replace(station, kiosks=tuple(f"{station.code}-{letter}" for letter in "ab"[:kiosks]))
        for station in whole.stations[:stations]
    )
    codes = {station.code for station in kept}
    people = tuple(
        replace(volunteer, also=volunteer.also if volunteer.also in codes else "")
        for volunteer in whole.volunteers
        if volunteer.station in codes
    )
    return replace(whole, stations=kept, volunteers=people)


def shared_out(city: SimCity, most: int) -> list[SimCity]:
    """The city in parts of about so many stations; stations that share people stay together."""
    home = {station.code: station.code for station in city.stations}

    def find(code: str) -> str:
        while home[code] != code:
            code = home[code]
        return code

    for volunteer in city.volunteers:
        if volunteer.also:
            home[find(volunteer.station)] = find(volunteer.also)
    groups: dict[str, list[SimStation]] = defaultdict(list)
    for station in city.stations:
        groups[find(station.code)].append(station)
    parts: list[list[SimStation]] = [[] for _ in range(max(1, len(city.stations) // most))]
    for group in sorted(groups.values(), key=len, reverse=True):
        min(parts, key=len).extend(group)
    return [_part_of(city, stations) for stations in parts if stations]


def _part_of(city: SimCity, stations: list[SimStation]) -> SimCity:
    codes = {station.code for station in stations}
    people = tuple(volunteer for volunteer in city.volunteers if volunteer.station in codes)
    return replace(city, stations=tuple(stations), volunteers=people)


def register(city: SimCity, site_key: bytes) -> Registry:
    """Enter the city into a hub's tables, as an import would, and read it back as the hub does."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    prepare_schema(engine)
    with Session(engine) as session:
        for rows in _rows_of(city, site_key):
            session.add_all(rows)
            session.flush()
        session.commit()
    with engine.connect() as connection:
        content: bytes = connection.connection.driver_connection.serialize()  # type: ignore[union-attr]  # Python's own
        directory = read_directory(connection, ZONE)
    engine.dispose()
    keys = CardKeys(site_key, (card for volunteer in city.volunteers for card in volunteer.cards))
    return Registry(city, site_key, directory, _rules_of(directory), content, keys)


def _rules_of(directory: Directory) -> dict[StationCode, StationRules]:
    return {code: each.rules(since=SINCE, until=UNTIL) for code, each in directory.stations.items()}


def _rows_of(city: SimCity, site_key: bytes) -> Iterator[list[SQLModel]]:
    """What stands in the tables, in the order of the references."""
    districts = districts_of(city)
    yield [City(name=city.name), Edition(number=1)]
    yield [District(code=code, name=name) for name, code in districts.items()]
    yield [
        Station(
            code=place.code, name=place.name, short_name=place.short_name, district=districts[place.district],
            kind=place.kind, created_on=SINCE,
        )
        for place in city.stations
    ]  # fmt: skip
    yield [
        TermsRow(
            station=place.code,
            from_day=SINCE,
            week=spell_week(_week(place.opening)),
            keeps_holidays=place.opening.open_days < WEEK,
            limits=limits_of(place.opening),
        )
        for place in city.stations
    ]
    yield [Kiosk(id=kiosk, station=station, in_service_from=SINCE) for kiosk, station in city.kiosks().items()]
    yield [
        Volunteer(person=volunteer.person, number=volunteer.person, full_name="演练", trained_on=SINCE)
        for volunteer in city.volunteers
    ]
    yield [
        Membership(station=code, person=volunteer.person, from_day=SINCE)
        for volunteer in city.volunteers
        for code in sorted({volunteer.station, volunteer.also} - {""})
    ]
    yield [channel.row() for channel in channels_of(city)]
    held: dict[Token, str] = {}
    technologies: dict[Token, str] = {}
    for volunteer in city.volunteers:
        for card in map(card_at_seam, volunteer.cards):
            token = token_of(site_key, card.technology, card.number)
            held[token], technologies[token] = volunteer.person, card.technology
    yield [CardRow(token=token, technology=technology, added_ms=0) for token, technology in technologies.items()]
    yield [Holding(token=token, from_ms=0, person=person) for token, person in held.items()]


def limits_of(opening: Opening) -> str:
    """As entering the hours sets them."""
    return spell_limits(Limits(longest=ROUND_THE_CLOCK) if opening.never_closes else Limits())


def _week(opening: Opening) -> tuple[tuple[Span, ...], ...]:
    day = tuple(Span(opens, closes) for opens, closes in opening.hours)
    return tuple(day if weekday < opening.open_days else () for weekday in range(WEEK))
