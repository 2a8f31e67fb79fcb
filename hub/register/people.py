"""People and cards with their time: who held a card when, when it was lost, who belongs where. Pure.

Full names are masked on the way in, so whoever holds these has none.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from station.names import PersonId, StationCode


class HeldBy(NamedTuple):
    """This card was this person's; half-open, in ms, from 0 since always, `until_ms` None while it lasts."""

    from_ms: int
    until_ms: int | None
    person: PersonId


class Lost(NamedTuple):
    """This card was lost."""

    from_ms: int
    until_ms: int | None


class Belonging(NamedTuple):
    """This person belonged to this station, from a day until a day."""

    station: StationCode
    from_day: date
    until_day: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it does on that day."""
        return self.from_day <= day and (self.until_day is None or day < self.until_day)

    def ended_within(self, since: date, day: date) -> bool:
        """Whether it was over on that day, and lasted until after that other one."""
        return self.until_day is not None and since < self.until_day <= day


@dataclass(frozen=True, slots=True)
class KnownCard:
    """All that was ever said of one card, in order."""

    holdings: tuple[HeldBy, ...] = ()
    losses: tuple[Lost, ...] = ()

    def holder(self, at_ms: int) -> PersonId | None:
        """Whose it was at that moment."""
        return next((held.person for held in self.holdings if _covers(held, at_ms)), None)

    def is_lost(self, at_ms: int) -> bool:
        """Whether it was lost at that moment."""
        return any(_covers(lost, at_ms) for lost in self.losses)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """One volunteer; `name` is masked."""

    name: str
    star: int = 0
    trained_on: date | None = None
    left_on: date | None = None
    belongings: tuple[Belonging, ...] = ()

    def is_trained(self, day: date) -> bool:
        """Whether they were by that day."""
        return self.trained_on is not None and self.trained_on <= day

    def belongs(self, station: StationCode, since: date, day: date) -> bool:
        """Whether they belonged to a station on one day, and without a break until another."""
        return any(one.station == station and one.holds_on(since) and one.holds_on(day) for one in self.belongings)


def _covers(fact: HeldBy | Lost, at_ms: int) -> bool:
    return fact.from_ms <= max(at_ms, 0) and (fact.until_ms is None or at_ms < fact.until_ms)
