"""What a rule of the protocol is here: its id, its sentence, and a check that sees whether it is kept.

A check provokes and looks; it knows nothing of printing. One that could not provoke what it wanted says so: silence is
never taken for a rule kept, or broken.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from simulator.conform.line import Dial
from station.names import KioskId, StationCode

Bench = TypeVar("Bench")


class Verdict(StrEnum):
    """What became of a rule."""

    KEPT = "kept"
    BROKEN = "broken"
    NOT_SEEN = "not seen"


class Judgement(NamedTuple):
    """A verdict, and what was seen."""

    verdict: Verdict
    text: str = ""


KEPT = Judgement(Verdict.KEPT)


def broken(text: str) -> Judgement:
    """The rule is broken: this was seen."""
    return Judgement(Verdict.BROKEN, text)


def not_seen(text: str) -> Judgement:
    """It could not be provoked, and why."""
    return Judgement(Verdict.NOT_SEEN, text)


def kept_unless(fault: str) -> Judgement:
    """Broken where a fault is named."""
    return broken(fault) if fault else KEPT


@dataclass(frozen=True, slots=True)
class Rule(Generic[Bench]):
    """One sentence of docs/protocol.md, and how it is looked at."""

    id: str
    sentence: str
    check: Callable[[Bench], Judgement]


class RuleResult(NamedTuple):
    """What became of one rule."""

    id: str
    sentence: str
    verdict: Verdict
    seen: str


def look(rules: Iterable[Rule[Bench]], bench: Bench) -> Iterator[RuleResult]:
    """Look at one rule after the other."""
    for rule in rules:
        verdict, text = rule.check(bench)
        yield RuleResult(rule.id, rule.sentence, verdict, text)


class Meeting(NamedTuple):
    """Where both sides meet, and as which kiosk of which station."""

    dial: Dial
    station: StationCode
    kiosk: KioskId


@dataclass(frozen=True, slots=True)
class ProtocolTimes:
    """The protocol's times, in real seconds, and how patient the checks are.

    Attributes:
        retry_s: first pause before records are sent again, give or take half.
        spread_s: within which an agent answers a hub's birth, or a `through` that falls.
        heartbeat_s: between two states, give or take a tenth.
        shout_s: at most one answer to another session's state in this time.
        slack_s: what line and machine may add to any of them.
        quiet_s: how long to listen where nothing may come.
        cut_s: how long an agent may take to come back after its connection was cut.
    """

    retry_s: float = 10.0
    spread_s: float = 5.0
    heartbeat_s: float = 30.0
    shout_s: float = 2.0
    slack_s: float = 2.0
    quiet_s: float = 3.0
    cut_s: float = 60.0
