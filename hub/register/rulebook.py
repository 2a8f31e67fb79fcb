"""What a tap of any day is judged by, and whose card it was: the city's tables, as the ledger asks them.

A calendar is made for a month at a time and shared by stations that keep the same hours. Which month's is asked
for never changes an answer: each looks further back and ahead than any stint or rule does.
"""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from hub.register.directory import Directory
from hub.register.weeks import rows_of, rules_of
from station.duty import StationRules
from station.hours import SHANGHAI
from station.names import PersonId, StationCode, Token
from station.wire.messages import Holder

ZONE: Final = SHANGHAI  # that of every `Calendar` of the hub
_AROUND: Final = timedelta(days=10)  # further than `Calendar.next_change` looks
_MONTH: Final = timedelta(days=31)
_MOST: Final = 4096  # answers kept: a thousand stations in the few months that are asked about at once
_NOT_COUNTED: Final = frozenset({Holder.UNASSIGNED, Holder.REVOKED})


class Identity(NamedTuple):
    """Who taps with a card: a person's opaque id, or the card's token; and whether they count."""

    person: str
    counted: bool


class Rulebook:
    """One edition of the city."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._kept_rules = lru_cache(_MOST)(self._rules_between)
        self._shared_rules = lru_cache(_MOST)(rules_of)
        self.edition = directory.edition

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

    def _rules_between(self, station: StationCode, since: date, until: date) -> StationRules:
        known = self._directory.stations[station]
        return self._shared_rules(known.weeks, known.rule, since=since, until=until)

    def identity(self, token: str, at_ms: int) -> Identity:  # noqa: ARG002 -- until holdings have a time
        """Whose card that was at that moment; one that was nobody's, or lost, is a person of its own."""
        holder = self._directory.holders.get(Token(token))
        if holder is None or not _NOT_COUNTED.isdisjoint(holder.flags):
            return Identity(token, counted=False)
        return Identity(holder.person, counted=True)

    def cards(self, person: str) -> list[str]:
        """The tokens that are, or ever were, that person's; a token that is, or was, nobody's is a person of its own.

        Which of their taps are that person's, `identity` says.
        """
        cards = self._directory.cards.get(PersonId(person)) or (Token(person),)
        return [token for token in cards if self.identity(token, 0).person == person]

    def is_volunteer(self, person: str) -> bool:
        """Whether that is the opaque id of somebody with a card, not a card's token."""
        return PersonId(person) in self._directory.cards

    def spelled_weeks(self, station: StationCode) -> str:
        """A station's hours of all times, as text to compare."""
        weeks = self._directory.stations[station].weeks
        dated = [[day.isoformat(), rows_of(week)] for day, week in weeks.dated]
        return json.dumps([rows_of(weeks.template), dated], separators=(",", ":"))
