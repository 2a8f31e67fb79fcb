"""Judges one run by its evidence, plain JSON from wherever: what was promised, what was stored, what was shown.

It knows no room. `beeps` name the record that they promised; `records` are what the hub has; `minutes` say for a
station what was true and what the records, and the running hub, show of it; a minute counts where somebody
`watched`, the truth is `sure`, and the station was open and nothing just changing (`steady`).
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Name = tuple[str, str, int]

ANSWERS: Final = {
    "arrived": {"arrive"},
    "left": {"leave"},
    "stepped_out": {"step_out"},
    "returned": {"return"},
    "unknown_card": {"arrive", "leave", "return", "step_out"},
}
"""Which action a record has that somebody heard this answer for."""

ODD: Final = {"conflict", "gap", "unreadable", "fault"}
PROOF_MIN: Final = 7  # records at most 6 minutes apart prove that a kiosk watched in between
TOLERANCE_MS: Final = 2_000  # of a record whose clock was right


class _Gap(NamedTuple):
    """Minutes since 1970, both included."""

    first_min: int
    last_min: int


def judge(evidence: Mapping[str, Any]) -> list[str]:
    """Every rule that the evidence breaks, in words; empty where all hold."""
    return [fault for check in CHECKS for fault in check(evidence)]


def beeps_are_stored_once(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Every beep exactly once at the hub, and as it was told."""
    stored: dict[Name, list[Mapping[str, Any]]] = {}
    for record in evidence["records"]:
        stored.setdefault(_name(record), []).append(record)
    for name, times in Counter(map(_name, evidence["beeps"])).items():
        if times > 1:
            yield f"{_spelled(name)} was promised {times} times"
    for beep in evidence["beeps"]:
        found = stored.get(_name(beep), [])
        if len(found) != 1:
            yield f"{_spelled(_name(beep))} was beeped for, and is at the hub {len(found)} times"
        elif found[0]["card"] != beep["card"] or found[0]["action"] not in ANSWERS[beep["told"]]:
            yield f"{_spelled(_name(beep))} was told {beep['told']}, and is at the hub as another's or another action"
        elif found[0]["clock"] == "synced" and abs(found[0]["at_ms"] - beep["at_ms"]) > TOLERANCE_MS:
            yield f"{_spelled(_name(beep))} is {found[0]['at_ms'] - beep['at_ms']} ms off, by a clock that was right"


def taps_were_made(evidence: Mapping[str, Any]) -> Iterator[str]:
    """No tap at the hub that nobody made."""
    made = {*map(_name, evidence["beeps"]), *((kiosk, epoch, seq) for kiosk, epoch, seq in evidence["unheard"])}
    for record in evidence["records"]:
        if record["kind"] == "tap" and _name(record) not in made:
            yield f"{_spelled(_name(record))} is a tap that nobody heard a beep for"


def runs_are_whole(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Once everything has settled, no run lacks a record below its last."""
    seqs: dict[tuple[str, str], set[int]] = {}
    for record in evidence["records"]:
        seqs.setdefault((record["kiosk"], record["epoch"]), set()).add(record["seq"])
    for (kiosk, epoch), held in seqs.items():
        if len(held) != max(held):
            yield f"{kiosk} {epoch} lacks {max(held) - len(held)} of its first {max(held)} records"


def nothing_is_odd_at_the_hub(evidence: Mapping[str, Any]) -> Iterator[str]:
    """No name came with two contents, nothing is missing for good, nothing could not be read."""
    for finding in evidence["findings"]:
        if finding["kind"] in ODD:
            yield f"the hub found {finding['kind']}: {finding['text']}"


def answers_follow_the_rules(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Everybody was told what the rules say."""
    for beep in evidence["beeps"]:
        if beep["told"] != beep["should"]:
            yield f"{_spelled(_name(beep))} was told {beep['told']}, and should have been told {beep['should']}"


def presence_is_true(evidence: Mapping[str, Any]) -> Iterator[str]:
    """What the records show is true at every minute that was watched, but for the moment of a change itself."""
    gaps = _gaps(evidence, are_hindered=True)
    for minute in evidence["minutes"]:
        is_known = minute["watched"] and minute["sure"] and minute["steady"]
        if is_known and not _is_told(minute, is_near_gap=_is_near(minute, gaps)):
            yield f"{minute['station']} at {minute['at']} shows {minute['rebuilt']}, true is {minute['truth']}"


def unwatched_is_unknown(evidence: Mapping[str, Any]) -> Iterator[str]:
    """No station is called vacant while nobody watched."""
    for station, gap in _gaps(evidence, are_hindered=False):
        if gap.last_min - gap.first_min < PROOF_MIN:
            continue
        for minute in evidence["minutes"]:
            is_in_it = minute["station"] == station and gap.first_min <= _minute_of(minute) <= gap.last_min
            if is_in_it and minute["sure"] and minute["rebuilt"]["class"] == "vacant":
                yield f"{station} at {minute['at']} is called vacant, though nobody watched"


def rebuild_equals_live(evidence: Mapping[str, Any]) -> Iterator[str]:
    """What is folded anew from the records is what the running hub holds."""
    for minute in evidence["minutes"]:
        if "live" in minute and minute["live"] != minute["rebuilt"]:
            yield f"{minute['station']} at {minute['at']} is {minute['live']} live, rebuilt {minute['rebuilt']}"


CHECKS: Final[tuple[Callable[[Mapping[str, Any]], Iterator[str]], ...]] = (
    beeps_are_stored_once,
    taps_were_made,
    runs_are_whole,
    nothing_is_odd_at_the_hub,
    answers_follow_the_rules,
    presence_is_true,
    unwatched_is_unknown,
    rebuild_equals_live,
)


def _gaps(evidence: Mapping[str, Any], *, are_hindered: bool) -> list[tuple[str, _Gap]]:
    """The minutes in which nobody watched, or could write that they did; in stretches, station by station."""
    found: dict[str, list[_Gap]] = {}
    for minute in evidence["minutes"]:
        if minute["watched"] and not (are_hindered and minute["hindered"]):
            continue
        at_min, gaps = _minute_of(minute), found.setdefault(minute["station"], [])
        if gaps and at_min == gaps[-1].last_min + 1:
            gaps[-1] = _Gap(gaps[-1].first_min, at_min)
        else:
            gaps.append(_Gap(at_min, at_min))
    return [(station, gap) for station, gaps in found.items() for gap in gaps]


def _is_near(minute: Mapping[str, Any], gaps: list[tuple[str, _Gap]]) -> bool:
    at_min = _minute_of(minute)
    return any(
        station == minute["station"] and gap.first_min - PROOF_MIN <= at_min <= gap.last_min + PROOF_MIN
        for station, gap in gaps
    )


def _is_told(minute: Mapping[str, Any], *, is_near_gap: bool) -> bool:
    """Whether the records tell the truth; just before and after a gap they cannot prove that nobody was there."""
    shown, truth = minute["rebuilt"], minute["truth"]
    is_unproven = is_near_gap and shown["class"] == "unknown" and truth["class"] == "vacant"
    return bool(shown == truth or (is_unproven and shown == {**truth, "class": "unknown"}))


def _minute_of(minute: Mapping[str, Any]) -> int:
    return round(datetime.fromisoformat(minute["at"]).timestamp() / 60)


def _name(entry: Mapping[str, Any]) -> Name:
    return entry["kiosk"], entry["epoch"], entry["seq"]


def _spelled(name: Name) -> str:
    return f"record {name[2]} of {name[0]} {name[1]}"
