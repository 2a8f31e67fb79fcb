"""Holds alarms against what the hub could know of the people, not its own board: each has a reason, none lacks.

Each wall (`board`) has the alarms that were `told` of its station that day, and the `doubts`: from when on, that day,
the database was not what it was. What people tapped says how long somebody lacked, and how kiosks stood whether anybody
could tell. It is coarser than `alarms`, and owes the board nothing.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, Final

from simulator.oracle.board import DARK, MOMENT_MS, standing, watched_well
from simulator.oracle.due_alarms import FINE, SHORT_MS, VACANT_MS
from simulator.oracle.plain import PlainWall
from simulator.oracle.stretches import Stretch, laid_out, length, spelled, within

SLACK_MS: Final = 2 * MOMENT_MS  # each end of what is known may be off by a moment
TORN_MS: Final = 3_600_000  # so long after somebody's taps came in pieces it is open what was counted
LONG_MS: Final = VACANT_MS + 11 * 60_000  # so long a vacancy has been told of, however much waited to be told
_NOTHING: Final = {"class": DARK}
_EVER: Final = 10**15


def alarms_have_a_reason(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Nobody is told that somebody lacks who was there, or lacked a while; nor of silence where kiosks were heard."""
    for wall in evidence.get("walls", ()):
        for told in wall.get("told", ()):
            if told["what"] == "raised" and _is_judged(wall, told["made_ms"]):
                yield from (f"{_spelled(wall, told['made_ms'])}: {fault}" for fault in _faults(wall, told))


def long_vacancies_are_told(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Where nobody was there for long, all kiosks were heard and the hub ran, somebody was told in time."""
    for wall in evidence.get("walls", ()):
        told_ms = [one["made_ms"] for one in wall.get("told", ()) if (one["what"], one["lack"]) == ("raised", "vacant")]
        for vacancy in _vacancies(wall) if wall["sure"] and "told" in wall else ():
            for one in within([vacancy], watched_well(wall)):
                last_ms = one.since_ms + VACANT_MS + SLACK_MS
                is_told = any(vacancy.since_ms <= at_ms <= last_ms for at_ms in told_ms)
                if length([one]) >= LONG_MS and not is_told and _is_judged(wall, last_ms):
                    yield f"{_spelled(wall, last_ms)}: nobody was there from {spelled(one)}, and nobody was told"


def _faults(wall: PlainWall, told: Mapping[str, Any]) -> Iterator[str]:
    at_ms = told["made_ms"]
    if told["lack"] == "unwatched":
        if any(one.since_ms + SLACK_MS <= at_ms < one.until_ms - SLACK_MS for one in watched_well(wall)):
            yield "it was told that nobody watches, and all kiosks were heard"
        return
    short_ms, vacant_ms = _lacked(wall, at_ms)
    lacked_ms, least_ms = (vacant_ms, VACANT_MS) if told["lack"] == "vacant" else (short_ms, SHORT_MS)
    if lacked_ms < least_ms - SLACK_MS:
        yield f"{told['lack']} was told after {lacked_ms // 1000} s in which by what people tapped it was so"


def _lacked(wall: PlainWall, at_ms: int) -> tuple[int, int]:
    """For how long somebody had lacked by then, and nobody been there."""
    short_ms = vacant_ms = _EVER  # of what was before this day nothing is known
    for known in _known(wall):
        shown, passed_ms = (
            known.figures["class"],
            min(known.stretch.until_ms, at_ms + MOMENT_MS) - known.stretch.since_ms,
        )
        if known.stretch.since_ms > at_ms:
            break
        short_ms = 0 if shown in FINE else short_ms + passed_ms
        vacant_ms = vacant_ms + passed_ms if shown == "vacant" else 0
    return short_ms, vacant_ms


def _known(wall: PlainWall) -> Iterator[Any]:
    return laid_out(wall["known"], wall["since_ms"], wall["until_ms"], _NOTHING)


def _vacancies(wall: PlainWall) -> Iterator[Stretch]:
    """From when to when too few were there for the minimum, whoever of them came and went meanwhile."""
    for is_vacant, some in groupby(_known(wall), key=lambda known: known.figures["class"] == "vacant"):
        if is_vacant:
            first, *_, last = 2 * list(some)
            yield Stretch(first.stretch.since_ms, last.stretch.until_ms)


def _is_judged(wall: PlainWall, at_ms: int) -> bool:
    lately = Stretch(at_ms - TORN_MS, at_ms + MOMENT_MS)
    spoilt = [*standing(wall["torn"], wall, "torn"), *standing(wall["hub"], wall, "hampered")]
    return bool(wall["sure"]) and not within([lately], spoilt) and all(doubt_ms > at_ms for doubt_ms in wall["doubts"])


def _spelled(wall: PlainWall, at_ms: int) -> str:
    return f"alarms, {wall['station']} at {spelled(Stretch(at_ms, at_ms))}"
