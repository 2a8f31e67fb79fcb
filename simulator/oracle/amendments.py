"""Holds taps and days against the corrections that were written down, read one after another.

An amendment has its `name` ([kiosk, epoch, seq]), a `change`, and what it is `of`; `at_ms` where it says a moment. A
tap of `amended` is as the ledger has it: where its record put it (`recorded_ms`), where it counts (`at_ms`), whether it
is `void`, and until when somebody accepted it (`confirmed_ms`, 0 for as it is, None for nobody). A day names those
people whose taps there were `corrected`, as they were made: one who came and left, or was entered afterwards.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from simulator.oracle.plain import PlainDay
from simulator.oracle.stretches import Stretch

RecordKey = tuple[str, str, int]

EARLY_MS: Final = 60 * 60_000  # before an opening, an arrival already belongs to it
GRACE_MS: Final = 30 * 60_000  # after a close, a leave still does
MOST_CONFIRMED_MS: Final = 12 * 3_600_000
NOBODY: Final[dict[str, Any]] = {"class": "vacant", "on_duty": 0, "stepped_out": 0}


class CorrectedVisit(NamedTuple):
    """One person at a station, as far as their taps and what was said of them tell.

    Attributes:
        is_entered: begun by a tap that nobody made there.
        is_proven: the tap that began it was made there, or is written down somewhere.
        accepted_ms: until when somebody accepted it, or entered it; None for nobody.
    """

    stretch: Stretch
    is_entered: bool
    is_proven: bool
    accepted_ms: int | None


class Corrected(NamedTuple):
    """A day as its corrections leave it.

    Attributes:
        steps: as the truth has them; `entered` of those `on_duty` were entered afterwards.
        accepted: recorded time besides, whatever the taps prove.
    """

    steps: list[dict[str, Any]]
    accepted: list[Stretch]


def corrections_are_kept(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Each tap stands as the corrections leave it: whatever was taken back was never said."""
    said = _said(evidence)
    for tap in evidence.get("amended", ()):
        should = _should_be(tap, said)
        for what, value in should.items():
            if tap[what] != value:
                kiosk, epoch, seq = tap["name"]
                yield f"tap {seq} of {kiosk} {epoch}: {what} is {tap[what]}, the corrections say {value}"


def as_corrected(day: PlainDay, evidence: Mapping[str, Any]) -> Corrected | None:
    """The truth of a day after its corrections; None where they make more of it than coming and leaving."""
    said = _said(evidence) if day["corrected"] else {}
    turns: list[tuple[Stretch, int, int]] = []
    accepted = []
    for taps in day["corrected"]:
        visits = [_visit(day, made) for made in (_as_made(taps), _as_said(taps, said))]
        for visit, by in zip(visits, (-1, 1), strict=True):
            if visit is None:
                return None
            for one in visit:
                turns += [(one.stretch, by, by * one.is_entered)] if one.is_proven else []
                if by > 0 and one.accepted_ms is not None:
                    accepted.append(Stretch(one.stretch.since_ms, one.accepted_ms))
    return Corrected(_relaid(day["truth"], turns, *day["wanted"]), [one for one in accepted if one[0] < one[1]])


def _as_made(taps: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [{**tap, "confirmed_ms": None} for tap in taps if tap["is_own"]]


def _as_said(taps: Sequence[Mapping[str, Any]], said: Mapping[RecordKey, Any]) -> list[Mapping[str, Any]]:
    found = [{**tap, **_should_be({**tap, "recorded_ms": tap["at_ms"]}, said)} for tap in taps]
    return sorted((tap for tap in found if not tap["void"]), key=lambda tap: tap["at_ms"])


def _visit(day: PlainDay, taps: Sequence[Mapping[str, Any]]) -> list[CorrectedVisit] | None:
    """Nobody, or one who came, and left or was taken to have left; None for anything else."""
    actions = [tap["action"] for tap in taps]
    if actions in ([], ["leave"]):
        return []
    if actions not in (["arrive"], ["arrive", "leave"]):
        return None
    came, left = taps[0], taps[1] if len(taps) > 1 else None
    for opens_ms, closes_ms in day["open"]:
        if opens_ms - EARLY_MS <= came["at_ms"] < closes_ms:
            ends_ms = closes_ms if left is None else left["at_ms"]
            if ends_ms > closes_ms + GRACE_MS:
                return None
            return [_visited(came, ends_ms)]
    return None


def _visited(came: Mapping[str, Any], ends_ms: int) -> CorrectedVisit:
    until_ms = came["confirmed_ms"]
    if until_ms is None:
        until_ms = None if came["is_own"] else ends_ms
    else:
        until_ms = min(until_ms or ends_ms, came["at_ms"] + MOST_CONFIRMED_MS)
    is_proven = came["is_own"] or came["proves"]
    return CorrectedVisit(Stretch(came["at_ms"], ends_ms), not came["is_own"], is_proven, until_ms)


def _relaid(
    steps: Sequence[Mapping[str, Any]], turns: Sequence[tuple[Stretch, int, int]], minimum: int, target: int
) -> list[dict[str, Any]]:
    """The steps with so many more or fewer there for a while."""
    if not turns:
        return [{**step, "entered": 0} for step in steps]
    edges = {step["since_ms"] for step in steps} | {edge for stretch, _, _ in turns for edge in stretch}
    found: list[dict[str, Any]] = []
    place, figures = 0, NOBODY
    for at_ms in sorted(edges):
        while place < len(steps) and steps[place]["since_ms"] <= at_ms:
            figures, place = dict(steps[place]), place + 1
        held = [(by, entered) for stretch, by, entered in turns if stretch.since_ms <= at_ms < stretch.until_ms]
        on_duty, out = figures["on_duty"] + sum(by for by, _ in held), figures["stepped_out"]
        duty_class = figures["class"] if figures["class"] == "closed" else _class_of(on_duty, out, minimum, target)
        entered = sum(entered for _, entered in held)
        found.append(
            {"since_ms": at_ms, "class": duty_class, "on_duty": on_duty, "stepped_out": out, "entered": entered}
        )
    return found


def _class_of(on_duty: int, stepped_out: int, minimum: int, target: int) -> str:
    if on_duty < minimum:
        return "vacant"
    return "met" if on_duty + min(stepped_out, 1) >= target else "minimum"


def _said(evidence: Mapping[str, Any]) -> dict[RecordKey, Any]:
    """All that was ever said, by name, in order."""
    return {_key(one["name"]): one for one in sorted(evidence.get("amendments", ()), key=lambda one: _key(one["name"]))}


def _should_be(tap: Mapping[str, Any], said: Mapping[RecordKey, Any]) -> dict[str, Any]:
    name = _key(tap["name"])
    about = [
        one for key, one in said.items()
        if one.get("of") is not None and _key(one["of"]) == name and not _is_taken_back(key, said)
    ]  # fmt: skip
    is_gone = any(one["change"] == "void" for one in about) or (name in said and _is_taken_back(name, said))
    if is_gone:
        return {"void": True, "at_ms": tap["recorded_ms"], "confirmed_ms": None}
    moves = [one["at_ms"] for one in about if one["change"] == "retime"]
    accepted = [one.get("at_ms") or 0 for one in about if one["change"] == "confirm"]
    return {
        "void": False,
        "at_ms": moves[-1] if moves else tap["recorded_ms"],
        "confirmed_ms": accepted[-1] if accepted else None,
    }


def _is_taken_back(name: RecordKey, said: Mapping[RecordKey, Any]) -> bool:
    """Whether a later one that stands takes it back; each is asked anew, down to the last."""
    return any(
        one["change"] == "void" and one.get("of") is not None and _key(one["of"]) == name and later > name
        and not _is_taken_back(later, said)
        for later, one in said.items()
    )  # fmt: skip


def _key(name: Any) -> RecordKey:
    kiosk, epoch, seq = name
    return kiosk, epoch, seq
