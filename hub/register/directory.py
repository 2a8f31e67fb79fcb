"""The city as plain values: stations with their terms, kiosks, people and cards, each fact with its time.

Made by `hub.register.reading`, anew when `read_edition` has risen; nothing here follows changes by itself. What holds
is asked for a day or a moment, so a fact that was set ahead comes to hold without another edition.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hub.register.people import KnownCard, KnownPerson
from hub.register.shifts import NO_PLAN, DutyPlan, parts_of
from hub.register.terms import StationTerms
from station.duty import StationRules
from station.hours import Span, Spans
from station.milliseconds import ms_of
from station.names import KioskId, PersonId, StationCode, Token
from station.wire.told import Duty, Holder

FORMER = timedelta(days=365)
"""For so long after somebody left a station its kiosks can say that their card is entered no more."""


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
    terms: StationTerms
    zone: ZoneInfo
    district_code: str = ""
    duty_plan: DutyPlan = NO_PLAN
    reasons: Mapping[date, str] = field(default_factory=dict)
    """Why days have other hours than their week says, in the words for the public; of holidays `closed_for` tells."""

    def rules(self, *, since: date, until: date) -> StationRules:
        """What taps from `since` to `until` are judged by."""
        return self.terms.rules(self.zone, since=since, until=until)

    def duty(self, *, today: date, version: int) -> Duty:
        """What the station's kiosks are told."""
        return self.terms.duty(self.name, self.zone, today=today, version=version, why=self.closed_for)

    def closed_for(self, day: date) -> str:
        """What the public is told where it stands before a closed door on that day; empty on a day like any."""
        return self.reasons.get(day) or self.terms.holiday_on(day)


@dataclass(frozen=True, slots=True)
class KnownKiosk:
    """One kiosk and the days on which it is in service."""

    id: KioskId
    station: StationCode
    entrance: str
    in_service_from: date
    in_service_to: date | None
    revoked_ms: int | None = None

    @property
    def is_revoked(self) -> bool:
        """Whether what it says counts for nothing."""
        return self.revoked_ms is not None

    def in_service(self, day: date) -> bool:
        """Whether it is to be heard on that day."""
        return self.in_service_from <= day and (self.in_service_to is None or day < self.in_service_to)


@dataclass(frozen=True, slots=True)
class Directory:
    """What the hub knows of the city.

    Attributes:
        zone: where its days begin.
        people: by opaque id.
        cards: every card that was ever entered, by each of its names.
        retired_ms: of a card's names those that kiosks are told no more, and since when.
        key: the fingerprint of the site key of the newest names; empty while there was one key alone.
    """

    edition: int
    city: str
    zone: ZoneInfo
    stations: Mapping[StationCode, KnownStation]
    kiosks: Mapping[KioskId, KnownKiosk]
    people: Mapping[PersonId, KnownPerson]
    cards: Mapping[Token, KnownCard]
    retired_ms: Mapping[Token, int] = field(default_factory=dict)
    key: str = ""
    _held: dict[PersonId, tuple[Token, ...]] = field(init=False, repr=False, compare=False)
    _members: dict[StationCode, list[PersonId]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        held: dict[PersonId, dict[Token, None]] = defaultdict(dict)
        for token, card in self.cards.items():
            for holding in card.holdings:
                held[holding.person][token] = None
        members: dict[StationCode, list[PersonId]] = defaultdict(list)
        for person, known in self.people.items():
            for station in {belonging.station for belonging in known.belongings}:
                members[station].append(person)
        object.__setattr__(self, "_held", {person: tuple(tokens) for person, tokens in held.items()})
        object.__setattr__(self, "_members", dict(members))

    def cards_of(self, person: PersonId) -> tuple[Token, ...]:
        """Every card that a person ever held."""
        return self._held.get(person, ())

    def members(self, station: StationCode, day: date) -> frozenset[PersonId]:
        """Who belongs to a station on a day."""
        return frozenset(
            person
            for person in self._members.get(station, ())
            if any(b.station == station and b.holds_on(day) for b in self.people[person].belongings)
        )

    def former_members(self, station: StationCode, day: date) -> frozenset[PersonId]:
        """Who belonged to a station lately, whether they do again or not."""
        return frozenset(
            person
            for person in self._members.get(station, ())
            if any(b.station == station and b.ended_within(day - FORMER, day) for b in self.people[person].belongings)
        )

    def shift_parts(self, station: StationCode, day: date, span: Span) -> Spans:
        """The parts of an opening period by which people come and go."""
        known = self.stations[station]
        return parts_of(span, known.duty_plan.on(day, known.terms.weekday_on(day)).shifts)

    def expected(self, station: StationCode, day: date, span: Span) -> tuple[PersonId, ...]:
        """Whom the duty roster expects in a part of an opening period of a day."""

        def belongs(person: PersonId, since: date, until: date) -> bool:
            known = self.people.get(person)
            return known is not None and known.belongs(station, since, until)

        place = self.stations[station]
        return place.duty_plan.expected(day, place.terms.weekday_on(day), span, belongs)

    def holder(self, token: Token, at: datetime) -> Holder | None:
        """Whom a kiosk is to take a card for at that moment; None for one that was never entered."""
        card, at_ms = self.cards.get(token), ms_of(at)
        if card is None:
            return None
        revoked = (Holder.REVOKED,) if card.is_lost(at_ms) else ()
        person = card.holder(at_ms)
        if person is None:
            return Holder(PersonId(token), flags=(Holder.UNASSIGNED, *revoked))
        known = self.people[person]
        untrained = () if known.is_trained(at.astimezone(self.zone).date()) else (Holder.UNTRAINED,)
        return Holder(person, known.name, known.star, (*untrained, *revoked))


def roster_cards(
    directory: Directory, station: StationCode, seen: frozenset[PersonId], at: datetime
) -> dict[Token, Holder]:
    """The cards that a station's kiosks must know: those of its own people and of `seen`, those seen there lately.

    Of these, and of who left it lately, also the cards that they gave back, without saying whose they were.
    """
    day = at.astimezone(directory.zone).date()
    persons = directory.members(station, day) | seen
    told: dict[Token, Holder] = {}
    for token in _told_of(directory, persons | directory.former_members(station, day), at):
        holder = directory.holder(token, at)
        if holder is None:
            continue
        if holder.person in persons:
            told[token] = holder
        elif Holder.UNASSIGNED in holder.flags:
            told[token] = replace(holder, flags=(*holder.flags, Holder.FORMER))
    return told


def _told_of(directory: Directory, persons: frozenset[PersonId], at: datetime) -> Iterator[Token]:
    """Every card that they ever held, by the names that are told."""
    at_ms = ms_of(at)
    for person in sorted(persons):
        for token in directory.cards_of(person):
            if at_ms < directory.retired_ms.get(token, at_ms + 1):
                yield token
