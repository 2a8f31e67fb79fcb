"""Holds what a station showed on a day against what was true there, change by change.

A day has the steps of the `truth`, of what the records show (`rebuilt`), and perhaps of what the running hub shows
(`live`): since when, which class, how many. It counts where the truth is `sure` and the station was open, while
somebody watched, and but for the moment of a change itself. Its `gaps` say when nobody watched, when watching could
not be put on record, and when the truth was learnt late; those of each of its `kiosks` stand beside them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import reduce
from typing import Any, Final

from simulator.oracle.amendments import as_corrected
from simulator.oracle.plain import PlainDay
from simulator.oracle.stretches import Shown, Stretch, common, laid_out, less, spelled, united, within

MOMENT_MS: Final = 5_000  # about a change: holding a card takes a while, and stepping out counts from the leave
PROOF_MS: Final = 7 * 60_000  # records at most 6 minutes apart prove that a kiosk watched in between
CLOSED: Final = "closed"
NOTHING: Final = {"class": CLOSED, "on_duty": 0, "stepped_out": 0}
UNJUDGED: Final = frozenset({"unwatched", "learnt late"})


def presence_is_true(evidence: Mapping[str, Any]) -> Iterator[str]:
    """What the records show is true wherever somebody watched."""
    for day in evidence.get("days", ()):
        corrected = as_corrected(day, evidence) if day["sure"] else None
        if corrected is not None:
            figures = [{name: value for name, value in step.items() if name != "entered"} for step in corrected.steps]
            yield from _untold({**day, "truth": figures})


def unwatched_is_unknown(evidence: Mapping[str, Any]) -> Iterator[str]:
    """No station is called vacant while nobody watched."""
    for day in evidence.get("days", ()):
        gaps = [gap for gap in _gaps(day, {"unwatched"}, -MOMENT_MS) if gap.until_ms - gap.since_ms >= PROOF_MS]
        for shown in _shown(day, "rebuilt") if day["sure"] and gaps else ():
            for gap in gaps:
                lie = common(shown.stretch, gap)
                if lie is not None and shown.figures["class"] == "vacant":
                    yield f"{day['station']} from {spelled(lie)} is called vacant, though nobody watched"


def rebuild_equals_live(evidence: Mapping[str, Any]) -> Iterator[str]:
    """What is folded anew from the records is what the running hub holds."""
    for day in evidence.get("days", ()):
        if "live" not in day:
            continue
        live = list(_shown(day, "live"))
        for rebuilt in _shown(day, "rebuilt"):
            for other in live:
                both = common(rebuilt.stretch, other.stretch)
                if both is not None and rebuilt.figures != other.figures:
                    yield (f"{day['station']} from {spelled(both)} is {other.figures} live, rebuilt {rebuilt.figures}")


def judged_ms(day: PlainDay) -> int:
    """For how long what the records show of a day is held against the truth."""
    if not day["sure"]:
        return 0
    gaps = _gaps(day, UNJUDGED, MOMENT_MS)
    return sum(left.until_ms - left.since_ms for truth in _open(day) for left in less(truth.stretch, gaps))


def unproven(day: PlainDay) -> list[Stretch]:
    """Where records cannot prove that somebody watched: about a gap, and where each kiosk is about one of its own."""
    found = [united(wider(kiosk, PROOF_MS)) for kiosk in day["kiosks"]]
    in_none = list(reduce(within, found[1:], found[0])) if found else []
    return united([*wider(day["gaps"], PROOF_MS), *in_none])


def wider(gaps: Iterable[Mapping[str, Any]], by_ms: int) -> list[Stretch]:
    """Each so much wider at both ends."""
    return [Stretch(gap["since_ms"] - by_ms, gap["until_ms"] + by_ms) for gap in gaps]


def _untold(day: PlainDay) -> Iterator[str]:
    """Where the records show something else; just before and after a gap they cannot prove that nobody was there."""
    rebuilt = list(_shown(day, "rebuilt"))
    for truth in _open(day):
        unknown = {**truth.figures, "class": "unknown"}
        for shown in rebuilt:
            both = common(shown.stretch, truth.stretch)
            if both is None or shown.figures == truth.figures:
                continue
            is_unproven = truth.figures["class"] == "vacant" and shown.figures == unknown
            gaps = unproven(day) if is_unproven else _gaps(day, UNJUDGED, MOMENT_MS)
            for wrong in less(both, gaps):
                yield f"{day['station']} from {spelled(wrong)} shows {shown.figures}, true is {truth.figures}"


def _open(day: PlainDay) -> Iterator[Shown]:
    """What was true while the station was open, but for the moments of change."""
    for shown in _shown(day, "truth"):
        since_ms, until_ms = shown.stretch.since_ms + MOMENT_MS, shown.stretch.until_ms - MOMENT_MS
        if shown.figures["class"] != CLOSED and since_ms < until_ms:
            yield Shown(Stretch(since_ms, until_ms), shown.figures)


def _shown(day: PlainDay, key: str) -> Iterator[Shown]:
    """The steps of a day as stretches that cover it."""
    return laid_out(day[key], day["since_ms"], day["until_ms"], NOTHING)


def _gaps(day: PlainDay, kinds: Collection[str], wider_ms: int) -> list[Stretch]:
    """The gaps of those kinds, each so much wider at both ends."""
    return wider((gap for gap in day["gaps"] if gap["kind"] in kinds), wider_ms)
