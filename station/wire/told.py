"""Two of the messages, by which a kiosk works without a line: its station's hours and terms, and whose each card is."""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from zoneinfo import ZoneInfo

from station.duty import DutyRule, Limits, StationRules, Terms
from station.hours import Calendar, Spans
from station.names import PersonId, Token


@dataclass(frozen=True, slots=True)
class TermsFrom:
    """What holds from a day on, until the next one's; on the wire `since` is `from`."""

    since: date
    rule: DutyRule
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Duty:
    """A station's hours and terms, also those that are to come.

    Attributes:
        name: the station's, as it is shown.
        weekly: seven days, Monday first.
        rule: before the first of `terms`, as `limits`.
        days: resolved days; past them the week holds.
        terms: other terms, and the first day on which they hold.
        version: rises with each change.
        reasons: why a day has other hours than its week says, in the words for the public.
    """

    version: int
    name: str
    weekly: tuple[Spans, ...]
    rule: DutyRule
    days: dict[date, Spans] = field(default_factory=dict)
    zone: str = "Asia/Shanghai"
    limits: Limits = field(default_factory=Limits)
    terms: tuple[TermsFrom, ...] = ()
    reasons: dict[date, str] = field(default_factory=dict)

    def rules(self) -> StationRules:
        """What taps are judged by.

        Raises:
            ValueError: these are no hours.
            KeyError: this machine does not know the zone.
        """
        dated = [(terms.since, Terms(terms.rule, terms.limits)) for terms in sorted(self.terms, key=lambda t: t.since)]
        return StationRules(Calendar(self.weekly, self.days, ZoneInfo(self.zone)), self.rule, self.limits, tuple(dated))


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a card belongs to, as far as its kiosk must know: `name` is masked (surname and last character)."""

    person: PersonId
    name: str = ""
    star: int = 0
    flags: tuple[str, ...] = ()

    UNASSIGNED: ClassVar[str] = "unassigned"
    FORMER: ClassVar[str] = "former"  # unassigned, and once somebody's of this station; whose is not told
    UNTRAINED: ClassVar[str] = "untrained"
    REVOKED: ClassVar[str] = "revoked"


@dataclass(frozen=True, slots=True)
class Roster:
    """Part `part` (from 1) of `parts` of a station's cards.

    Attributes:
        key: the fingerprint of the site key under which each card is named that is known under it; empty for the first.
    """

    version: int
    part: int
    parts: int
    cards: dict[Token, Holder]
    key: str = ""
