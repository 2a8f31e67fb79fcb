"""The invented city as the hub knows it: what an import would have put into its tables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from hub.register.directory import Directory, KnownKiosk, KnownStation
from hub.register.people import Belonging, Held, KnownCard, KnownPerson
from hub.register.terms import Clause, StationTerms
from simulator.antennas import card_at_seam
from simulator.city import SMALLEST, City, Station, invent
from simulator.opening import ZONE
from station.hours import Span
from station.names import KioskId, PersonId, StationCode, Token
from station.token import token_of
from station.wire import topics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.acts import SimCard
    from simulator.opening import Opening
    from station.duty import StationRules

SINCE: Final = date(2020, 1, 1)
WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Registry:
    """The city twice: as people live in it, and as the hub has it."""

    city: City
    site_key: bytes
    directory: Directory
    rules: Mapping[StationCode, StationRules]

    def token(self, card: SimCard) -> Token:
        """The token of somebody's card."""
        seen = card_at_seam(card)
        return token_of(self.site_key, seen.technology, seen.number)

    def hub_topics(self) -> list[str]:
        """What the hub listens to."""
        kiosks = self.directory.kiosks.values()
        journals = [topics.journal(kiosk.station, kiosk.id) for kiosk in kiosks]
        return [*journals, *(topics.state(kiosk.station, kiosk.id) for kiosk in kiosks), topics.HUB_STATE]


def small_city(seed: int, stations: int) -> City:
    """A city of any number of stations, one kiosk each."""
    whole = invent(seed, max(stations, SMALLEST))
    kept = tuple(replace(station, kiosks=station.kiosks[:1]) for station in whole.stations[:stations])
    codes = {station.code for station in kept}
    people = tuple(
        replace(volunteer, also=volunteer.also if volunteer.also in codes else "")
        for volunteer in whole.volunteers
        if volunteer.station in codes
    )
    return replace(whole, stations=kept, volunteers=people)


def shared_out(city: City, most: int) -> list[City]:
    """The city in parts of about so many stations; stations that share people stay together."""
    home = {station.code: station.code for station in city.stations}

    def find(code: str) -> str:
        while home[code] != code:
            code = home[code]
        return code

    for volunteer in city.volunteers:
        if volunteer.also:
            home[find(volunteer.station)] = find(volunteer.also)
    groups: dict[str, list[Station]] = defaultdict(list)
    for station in city.stations:
        groups[find(station.code)].append(station)
    parts: list[list[Station]] = [[] for _ in range(max(1, len(city.stations) // most))]
    for group in sorted(groups.values(), key=len, reverse=True):
        min(parts, key=len).extend(group)
    return [_part_of(city, stations) for stations in parts if stations]


def _part_of(city: City, stations: list[Station]) -> City:
    codes = {station.code for station in stations}
    people = tuple(volunteer for volunteer in city.volunteers if volunteer.station in codes)
    return replace(city, stations=tuple(stations), volunteers=people)


def register(city: City, site_key: bytes) -> Registry:
    """Enter the city."""
    stations = {
        StationCode(place.code): KnownStation(
            StationCode(place.code), place.name, place.short_name, place.district, place.kind, "", "",
            _terms(place.opening), ZONE,
        )
        for place in city.stations
    }  # fmt: skip
    kiosks = {
        KioskId(kiosk): KnownKiosk(KioskId(kiosk), StationCode(station), "", SINCE, None)
        for kiosk, station in city.kiosks().items()
    }
    people: dict[PersonId, KnownPerson] = {}
    cards: dict[Token, KnownCard] = {}
    for volunteer in city.volunteers:
        person = PersonId(volunteer.person)
        seen = map(card_at_seam, volunteer.cards)
        tokens = (token_of(site_key, card.technology, card.number) for card in seen)
        cards |= dict.fromkeys(tokens, KnownCard((Held(0, None, person),)))
        codes = sorted({volunteer.station, volunteer.also} - {""})
        belongings = tuple(Belonging(StationCode(code), SINCE, None) for code in codes)
        people[person] = KnownPerson("演*", trained_on=SINCE, belongings=belongings)
    directory = Directory(1, city.name, ZONE, stations, kiosks, people, cards)
    return Registry(
        city, site_key, directory, {code: each.rules(since=SINCE, until=SINCE) for code, each in stations.items()}
    )


def _terms(opening: Opening) -> StationTerms:
    day = tuple(Span(opens, closes) for opens, closes in opening.hours)
    week = tuple(day if weekday < opening.open_days else () for weekday in range(WEEK))
    return StationTerms((Clause(SINCE, week),))
