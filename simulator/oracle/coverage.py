"""Holds what the coverage ledger keeps of a station's day against the day as it was, second by second.

A day has its opening (`open`), the steps of the truth, absences that were returned from (`returned`), `gaps` in which
nobody watched, or could put it on record, or knew the truth, and those of each of its `kiosks`; what is
`kept` of it, up to `until_ms`; by how much the clocks of its taps were off (`off_ms`); and what `amendments` reads of
it. About gaps anything from the
truth down to `unknown` may be kept; everywhere else there is one answer.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final, NamedTuple

from simulator.oracle.amendments import NOBODY, Corrected, as_corrected
from simulator.oracle.plain import PlainDay
from simulator.oracle.presence import PROOF_MS, unproven, wider
from simulator.oracle.stretches import Shown, Stretch, common, laid_out, length, less, narrowed, spelled, united, within

SECOND_MS: Final = 1_000
GAP_MS: Final = 60_000  # shorter ones are in the sums, and not listed
WANTED_MS: Final = 5 * 3_600_000  # recorded a day, Pu'er notice, annex 2, two, 4
TOLERANCE_MS: Final = 10 * 60_000
CLASSES: Final = ("met", "minimum", "vacant", "unknown")


class _Known(NamedTuple):
    """A day as it was: its opening, what of it is open to doubt, what was accepted, and the truth of all of it."""

    opened: list[Stretch]
    doubtful: list[Stretch]
    accepted: list[Stretch]
    steps: list[Shown]
    slack_ms: int

    def lasted(self, duty_class: str) -> list[Stretch]:
        """Where that class held, and is known to."""
        return self.sure(one.stretch for one in self.steps if one.figures["class"] == duty_class)

    def sure(self, ones: Any) -> list[Stretch]:
        """What of these is open to no doubt."""
        return [left for one in ones for left in less(one, self.doubtful)]


def coverage_is_true(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Seconds by class, gaps, recorded time and the five hours of every day that is kept."""
    for day in evidence.get("coverage", ()):
        faults = (
            _faults(day, as_corrected(day, evidence))
            if day["kept"] is not None
            else ["is not kept"]
            if day["open"]
            else []
        )
        yield from (f"coverage of {day['station']} on {day['day']}: {fault}" for fault in faults)


def _faults(day: PlainDay, corrected: Corrected | None) -> Iterator[str]:
    yield from _contradictions(day["kept"])
    if day["sure"] and corrected is not None:
        known = _known(day, corrected)
        yield from _wrong_sums(day, known)
        yield from _wrong_gaps(day, known)


def _contradictions(kept: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong whatever happened: sums that do not add up, a verdict that they do not give."""
    total = sum(kept[f"{name}_ms"] for name in CLASSES)
    if total != kept["opened_ms"]:
        yield f"the classes add up to {total} ms, it was open for {kept['opened_ms']} ms"
    verdict = _verdict(kept)
    if verdict != (kept["verdict"], kept["short_ms"]):
        yield f"is {kept['verdict']}, short by {kept['short_ms']} ms; by its own figures it is {verdict}"


def _verdict(kept: Mapping[str, Any]) -> tuple[str, int]:
    """The five hours, or as long as it was open, by the figures that are kept."""
    wanted = min(WANTED_MS, kept["opened_ms"])
    enough = (wanted if kept["is_over"] else WANTED_MS) - TOLERANCE_MS
    most = max(kept["union_ms"], kept["supplemented_ms"])
    if kept["opened_ms"] and kept["union_ms"] >= enough:
        return "kept", 0
    if kept["opened_ms"] and most >= enough:
        return "supplemented", 0
    if not kept["is_over"]:
        return "running", 0
    if not kept["opened_ms"]:
        return "closed", 0
    return ("unproven" if most + kept["unknown_ms"] >= enough else "short"), max(0, wanted - most)


def _known(day: PlainDay, corrected: Corrected) -> _Known:
    since_ms, until_ms = day["since_ms"], day["kept"]["until_ms"]
    whole = Stretch(since_ms, until_ms)
    opened = within([whole], [Stretch(*one) for one in day["open"]])
    steps = [
        Shown(both, step.figures)
        for step in laid_out(corrected.steps, since_ms, until_ms, NOBODY)
        for one in opened
        if (both := common(step.stretch, one)) is not None
    ]
    accepted = within(opened, united(corrected.accepted))
    return _Known(opened, within(opened, unproven(day)), accepted, steps, SECOND_MS + day["off_ms"])


def _wrong_sums(day: PlainDay, known: _Known) -> Iterator[str]:
    kept, doubtful_ms = day["kept"], length(known.doubtful)
    there = [one.stretch for one in known.steps if _recorded(one) > 0]
    entered = [one.stretch for one in known.steps if one.figures["on_duty"] > 0]
    back = within(known.opened, [Stretch(*one) for one in day["returned"]])
    union_ms = length(united(known.sure([*there, *back])))
    yield from _outside("opened", kept, length(known.opened), 0, known)
    for name in ("met", "minimum", "vacant"):
        yield from _outside(name, kept, length(known.lasted(name)), doubtful_ms, known)
    unseen_ms = length(_surely_unknown(day, known))
    yield from _outside("unknown", kept, unseen_ms, doubtful_ms - unseen_ms, known)
    yield from _outside("union", kept, union_ms, doubtful_ms, known)
    more_ms = length(united(known.sure([*entered, *back, *known.accepted])))
    yield from _outside("supplemented", kept, more_ms, doubtful_ms, known)
    if not doubtful_ms:
        persons_ms = sum(_recorded(one) * length([one.stretch]) for one in known.steps) + length(back)
        yield from _outside("person", kept, persons_ms, 0, known)
    least, most = _partial(day, known)
    yield from _outside("partial", kept, length(least), length(most) - length(least), known)


def _recorded(one: Shown) -> int:
    """How many were there by taps of their own."""
    return int(one.figures["on_duty"] - one.figures.get("entered", 0))


def _outside(name: str, kept: Mapping[str, Any], least_ms: int, doubtful_ms: int, known: _Known) -> Iterator[str]:
    """Where a figure is less than is known, or more than can be."""
    kept_ms = kept[f"{name}_ms"]
    if not least_ms - known.slack_ms <= kept_ms <= least_ms + doubtful_ms + known.slack_ms:
        doubt = f" to {least_ms + doubtful_ms}" if doubtful_ms else ""
        yield f"{name} for {kept_ms} ms, true is {least_ms}{doubt} ms"


def _surely_unknown(day: PlainDay, known: _Known) -> list[Stretch]:
    """While nobody was there, and nobody watched either."""
    unseen = [Stretch(gap["since_ms"], gap["until_ms"]) for gap in day["gaps"] if gap["kind"] == "unwatched"]
    late = [Stretch(gap["since_ms"], gap["until_ms"]) for gap in day["gaps"] if gap["kind"] == "learnt late"]
    nobody = [one.stretch for one in known.steps if one.figures["class"] == "vacant"]
    found = within(nobody, narrowed(united(unseen), PROOF_MS, PROOF_MS))
    return [left for one in found for left in less(one, late)]


def _partial(day: PlainDay, known: _Known) -> tuple[list[Stretch], list[Stretch]]:
    """Vacant while some kiosk did not watch: for sure, and at the most."""
    if len(day["kiosks"]) == 1:
        return [], []
    gaps = [gap for kiosk in day["kiosks"] for gap in kiosk]
    unseen = narrowed(united(wider((gap for gap in gaps if gap["kind"] == "unwatched"), 0)), PROOF_MS, PROOF_MS)
    least = within(known.lasted("vacant"), unseen)
    most = [*within(known.lasted("vacant"), united(wider(gaps, PROOF_MS))), *known.doubtful]
    return least, most


def _wrong_gaps(day: PlainDay, known: _Known) -> Iterator[str]:
    kept = {
        name: [Stretch(gap["began_ms"], gap["ended_ms"]) for gap in day["kept"]["gaps"] if gap["class"] == name]
        for name in ("vacant", "unknown")
    }
    runs = [run for run in _lacking(known) if length([run]) >= GAP_MS + known.slack_ms]
    for run in runs:
        if not within([run], known.doubtful) and not any(_is_same(run, one, known) for one in kept["vacant"]):
            yield f"nobody was there from {spelled(run)}, and that is no gap"
        for part in known.sure([run]):
            yield from (
                f"nobody was there from {spelled(one)}, and no gap has it"
                for one in less(part, kept["vacant"])
                if length([one]) > known.slack_ms
            )
    nobody = [one.stretch for one in known.steps if one.figures["class"] == "vacant"]
    for name, true in (("vacant", nobody), ("unknown", [])):
        for one in known.sure(kept[name]):
            yield from (f"a gap is {name} from {spelled(left)}, and it was not"
                        for left in less(one, true) if length([left]) > known.slack_ms)  # fmt: skip


def _is_same(run: Stretch, gap: Stretch, known: _Known) -> bool:
    return all(abs(one - other) <= known.slack_ms for one, other in zip(run, gap, strict=True))


def _lacking(known: _Known) -> list[Stretch]:
    """Where it was open and nobody was there, each from its beginning to its end."""
    nobody = [one.stretch for one in known.steps if one.figures["class"] == "vacant"]
    assert all(one.until_ms <= other.since_ms for one, other in pairwise(nobody))
    return united(nobody)
