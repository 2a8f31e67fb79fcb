"""What a tap of any day is judged by, and whose card it was: the city, as the ledger asks it.

A calendar is made for a month at a time and shared by stations that keep the same terms. Which month's is asked
for never changes an answer: each looks further back and ahead than any stint or rule does.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from hub.register.directory import Directory
from hub.register.people import KnownCard
from hub.register.spelling import spell_card, spell_terms
from hub.register.terms import StationTerms
from station.duty import StationRules
from station.names import KioskId, PersonId, StationCode, Token

_AROUND: Final = timedelta(days=10)  # further than `Calendar.next_change` looks
_MONTH: Final = timedelta(days=31)
_MOST: Final = 4096  # answers kept: a thousand stations in the few months that are asked about at once


class Identity(NamedTuple):
    """Who taps with a card: a person's opaque id, or the card's token; and whether they count."""

    person: str
    counted: bool


def identity_of(card: KnownCard | None, token: str, at_ms: int) -> Identity:
    """As `Rulebook.identity`, by what is known of that card."""
    person = None if card is None or card.is_lost(at_ms) else card.holder(at_ms)
    return Identity(token, counted=False) if person is None else Identity(person, counted=True)


class Rulebook:
    """One edition of the city."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._kept_rules = lru_cache(_MOST)(self._rules_between)
        self._shared_rules = lru_cache(_MOST)(StationTerms.rules)
        self._rules_of_month = lru_cache(24)(partial(RulesAbout, self))
        self.edition = directory.edition

    @property
    def zone(self) -> ZoneInfo:
        """Where the city's days begin."""
        return self._directory.zone

    def knows(self, station: str) -> bool:
        """Whether a tap at that station can be judged."""
        return station in self._directory.stations

    @property
    def stations(self) -> Iterable[StationCode]:
        """All that can be."""
        return self._directory.stations.keys()

    def rules(self, station: StationCode, first: date, last: date) -> StationRules:
        """What a station's taps from `first` to `last` are judged by."""
        return self._kept_rules(station, first.replace(day=1) - _AROUND, last.replace(day=1) + _MONTH + _AROUND)

    def rules_about(self, at: datetime) -> "RulesAbout":
        """What taps about that moment are judged by, station by station."""
        return self._rules_of_month(self.day_of(at).replace(day=1))

    def day_of(self, at: datetime) -> date:
        """The city's date at that moment."""
        return at.astimezone(self.zone).date()

    def _rules_between(self, station: StationCode, since: date, until: date) -> StationRules:
        return self._shared_rules(self._directory.stations[station].terms, self.zone, since=since, until=until)

    def kiosks_in_service(self, station: StationCode, day: date) -> list[KioskId]:
        """The kiosks that were to be heard at a station on a day."""
        return [k.id for k in self._directory.kiosks.values() if k.station == station and k.in_service(day)]

    def identity(self, token: str, at_ms: int) -> Identity:
        """Whose card that was at that moment; one that was nobody's, or lost, is a person of its own.

        A tap that an amendment added names the person in the card's place.
        """
        if PersonId(token) in self._directory.people:
            return Identity(token, counted=True)
        return identity_of(self._directory.cards.get(Token(token)), token, at_ms)

    def is_lost(self, token: str, at_ms: int) -> bool:
        """Whether that card was lost at that moment."""
        card = self._directory.cards.get(Token(token))
        return card is not None and card.is_lost(at_ms)

    def persons(self, token: str) -> set[str]:
        """All that a card's taps are or were ever taken for: its holders, and the card itself."""
        card = self._directory.cards.get(Token(token), KnownCard())
        return {token, *(held.person for held in card.holdings)}

    def cards(self, person: str) -> tuple[str, ...]:
        """What a person's taps bear: the tokens that are, or ever were, theirs, and, where added, their own id.

        A card's token is, at times, a person of its own. Which of these taps are that person's, `identity` says.
        """
        return (*self._directory.cards_of(PersonId(person)), person)

    def is_volunteer(self, person: str) -> bool:
        """Whether that is the opaque id of a volunteer, not a card's token."""
        return PersonId(person) in self._directory.people

    def spelled_card(self, token: str) -> str:
        """All holdings and losses of a card, as text to compare; '' where nothing was ever said of it."""
        card = self._directory.cards.get(Token(token), KnownCard())
        return spell_card(card) if card.holdings or card.losses else ""

    def spelled_terms(self, station: StationCode) -> str:
        """All that judges a station, as text to compare; see `spelling.first_change`."""
        return spell_terms(self._directory.stations[station].terms)


class RulesAbout(Mapping[StationCode, StationRules]):
    """What taps of one month are judged by; each station's rules are made when they are first asked for."""

    def __init__(self, book: Rulebook, month: date) -> None:
        self._book, self._month = book, month
        self._made: dict[StationCode, StationRules] = {}

    def __getitem__(self, station: StationCode) -> StationRules:
        found = self._made.get(station)
        if found is None:
            found = self._made[station] = self._book.rules(station, self._month, self._month)
        return found

    def __iter__(self) -> Iterator[StationCode]:
        return iter(self._book.stations)

    def __len__(self) -> int:
        return len(list(self._book.stations))
