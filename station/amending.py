"""What amendments make of taps: some are void, some moved, some added, some accepted as they are. Pure.

Amendments are records of the hub's own journal; they change no other record, and are taken back by another one, which
makes them void. A tap keeps its name whatever is said of it. Which of them are in force hangs on their names alone, so
neither the order in which they come nor duplicates change anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from station.names import Epoch, KioskId, PersonId, RecordName, Seq
from station.records import Action
from station.strict import spell_moment

AMEND: Final = "amend"
"""The kind of record."""
MOST_CONFIRMED: Final = timedelta(hours=12)  # of one stint


class Amends(StrEnum):
    """What an amendment does."""

    VOID = "void"  # takes a tap out, or another amendment back
    ADD = "add"
    RETIME = "retime"
    CONFIRM = "confirm"  # accepts a tap, and the stint that it began, for what they are


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """One of them.

    Attributes:
        of: the tap that it is about, or the amendment that it takes back; None for one that adds a tap.
        person: whose tap is added.
        action: of that tap.
        at: when the added tap was, where the retimed one belongs, until when a stint is accepted; None accepts it up
            to where it ended.
        evidence: where it is written down that the added tap was so, page and row; empty proves no presence.
        asked_by: who said what was true.
        by: who answers for it.
    """

    change: Amends
    of: RecordName | None = None
    person: PersonId | None = field(default=None, repr=False)
    action: Action | None = None
    at: datetime | None = None
    evidence: str = field(default="", repr=False)
    reason: str = field(default="", repr=False)
    asked_by: str = ""
    by: str = ""

    @property
    def fields(self) -> dict[str, Any]:
        """As its record has it, beside what every record has."""
        plain = {
            "change": self.change.value,
            "of": None if self.of is None else list(self.of),
            "person": self.person,
            "action": None if self.action is None else self.action.value,
            "at": None if self.at is None else spell_moment(self.at),
            "evidence": self.evidence,
            "reason": self.reason,
            "asked_by": self.asked_by,
            "by": self.by,
        }
        return {name: value for name, value in plain.items() if value}


def read_amendment(fields: Mapping[str, Any]) -> Amendment:
    """What `Amendment.fields` spelled."""
    of, action, at, person = (fields.get(name) for name in ("of", "action", "at", "person"))
    return Amendment(
        change=Amends(fields["change"]),
        of=None if of is None else RecordName(KioskId(of[0]), Epoch(of[1]), Seq(of[2])),
        person=None if person is None else PersonId(person),
        action=None if action is None else Action(action),
        at=None if at is None else datetime.fromisoformat(at),
        evidence=fields.get("evidence", ""),
        reason=fields.get("reason", ""),
        asked_by=fields.get("asked_by", ""),
        by=fields.get("by", ""),
    )


@dataclass(frozen=True, slots=True)
class TapSaid:
    """What is in force of one tap.

    Attributes:
        void: it does not count.
        at: where it was moved; None where it was not.
        is_confirmed: somebody accepted it, and what it began.
        confirmed_until: up to when; None: as long as it was.
    """

    void: bool = False
    at: datetime | None = None
    is_confirmed: bool = False
    confirmed_until: datetime | None = None


UNTOUCHED: Final = TapSaid()


@dataclass(frozen=True, slots=True)
class Amended:
    """What all amendments come to.

    Attributes:
        in_force: those that nobody took back, in the order of their names.
        taps: what is said of each tap; of others nothing is.
    """

    in_force: Mapping[RecordName, Amendment]
    taps: Mapping[RecordName, TapSaid]

    def of(self, tap: RecordName) -> TapSaid:
        """What is said of a tap, recorded or added."""
        return self.taps.get(tap, UNTOUCHED)


def amended(amendments: Mapping[RecordName, Amendment]) -> Amended:
    """What these come to: of two that say the same of a tap the later holds, and a tap that is void is nothing else."""
    names = sorted(amendments)
    in_force = _in_force(amendments, names)
    taps: dict[RecordName, TapSaid] = {}
    for name, one in in_force.items():
        if one.of is not None and not (one.change is Amends.VOID and one.of in amendments):
            taps[one.of] = _after(taps.get(one.of, UNTOUCHED), one)
        elif one.change is Amends.ADD:
            taps.setdefault(name, UNTOUCHED)
    for name in names:
        if amendments[name].change is Amends.ADD and name not in in_force:
            taps[name] = TapSaid(void=True)
    return Amended(in_force, {name: TapSaid(void=True) if one.void else one for name, one in taps.items()})


def _in_force(amendments: Mapping[RecordName, Amendment], names: list[RecordName]) -> dict[RecordName, Amendment]:
    """Those not taken back by a later one that is in force itself: so the last ones are looked at first."""
    taken_back = set[RecordName]()
    for name in reversed(names):
        one = amendments[name]
        if one.change is Amends.VOID and one.of is not None and name not in taken_back and one.of < name:
            taken_back.add(one.of)
    return {name: amendments[name] for name in names if name not in taken_back}


def _after(before: TapSaid, one: Amendment) -> TapSaid:
    match one.change:
        case Amends.VOID:
            return TapSaid(void=True)
        case Amends.RETIME:
            return TapSaid(before.void, one.at, before.is_confirmed, before.confirmed_until)
        case Amends.CONFIRM:
            return TapSaid(before.void, before.at, True, one.at)  # noqa: FBT003 -- a value's field
        case Amends.ADD:
            return before
