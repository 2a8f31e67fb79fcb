"""Judges one run by its evidence, plain JSON from wherever: what was promised, what was stored, what was shown.

It knows no room. Evidence comes in parts, each judged by itself: a kiosk's `beeps` name the records that they promised,
its `records` are all that the hub has of it, each `placed` at the time that the hub gives it; `days` are `presence`'s,
and `coverage` is `coverage`'s; `findings` are what an operator is shown; `settled` says of runs what the
hub had promised before a power cut, and held after it; `ledger` tells where the one kept live differs from one made
anew.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from simulator.oracle.alarm_reasons import alarms_have_a_reason, long_vacancies_are_told
from simulator.oracle.alarms import alarms_are_told
from simulator.oracle.amendments import corrections_are_kept
from simulator.oracle.board import (
    rows_are_true,
    silence_is_unknown,
    silent_kiosks_are_shown,
    since_holds,
    watched_shortfalls_are_vacant,
)
from simulator.oracle.coverage import coverage_is_true
from simulator.oracle.liveness import kiosks_are_shown_as_they_stand
from simulator.oracle.presence import presence_is_true, rebuild_equals_live, unwatched_is_unknown
from simulator.oracle.promptness import beeps_are_known_soon
from simulator.oracle.times import times_are_true

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


def judge(evidence: Mapping[str, Any]) -> list[str]:
    """Every rule that the evidence breaks, in words; empty where all hold."""
    return [fault for check in CHECKS for fault in check(evidence)]


def beeps_are_stored_once(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Every beep exactly once at the hub, and as it was told."""
    stored: dict[Name, list[Mapping[str, Any]]] = {}
    for record in evidence.get("records", ()):
        stored.setdefault(_name(record), []).append(record)
    for name, times in Counter(map(_name, evidence.get("beeps", ()))).items():
        if times > 1:
            yield f"{_spelled(name)} was promised {times} times"
    for beep in evidence.get("beeps", ()):
        found = stored.get(_name(beep), [])
        if len(found) != 1:
            yield f"{_spelled(_name(beep))} was beeped for, and is at the hub {len(found)} times"
        elif found[0]["card"] != beep["card"] or found[0]["action"] not in ANSWERS[beep["told"]]:
            yield f"{_spelled(_name(beep))} was told {beep['told']}, and is at the hub as another's or another action"


def taps_were_made(evidence: Mapping[str, Any]) -> Iterator[str]:
    """No tap at the hub that nobody made."""
    made = {
        *map(_name, evidence.get("beeps", ())),
        *((kiosk, epoch, seq) for kiosk, epoch, seq in evidence.get("unheard", ())),
    }
    for record in evidence.get("records", ()):
        if record["kind"] == "tap" and _name(record) not in made:
            yield f"{_spelled(_name(record))} is a tap that nobody heard a beep for"


def runs_are_whole(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Once everything has settled, no run lacks a record below its last."""
    seqs: dict[tuple[str, str], set[int]] = {}
    for record in evidence.get("records", ()):
        seqs.setdefault((record["kiosk"], record["epoch"]), set()).add(record["seq"])
    for (kiosk, epoch), held in seqs.items():
        if len(held) != max(held):
            yield f"{kiosk} {epoch} lacks {max(held) - len(held)} of its first {max(held)} records"


def nothing_is_odd_at_the_hub(evidence: Mapping[str, Any]) -> Iterator[str]:
    """No name came with two contents, nothing is missing for good, nothing could not be read."""
    for finding in evidence.get("findings", ()):
        if finding["kind"] in ODD:
            yield f"the hub found {finding['kind']}: {finding['text']}"


def what_was_settled_is_kept(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Whatever the hub said is settled is there after a power cut."""
    for run in evidence.get("settled", ()):
        if run["held"] < run["told"]:
            yield f"run {run['epoch']} was settled to {run['told']}, and is held to {run['held']} after a power cut"


def ledger_equals_rebuild(evidence: Mapping[str, Any]) -> Iterator[str]:
    """What was kept of stints and watching is what the records give."""
    for line in evidence.get("ledger", ()):
        yield f"the ledger: {line}"


def answers_follow_the_rules(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Everybody was told what the rules say."""
    for beep in evidence.get("beeps", ()):
        if beep["told"] != beep["should"]:
            yield f"{_spelled(_name(beep))} was told {beep['told']}, and should have been told {beep['should']}"


CHECKS: Final[tuple[Callable[[Mapping[str, Any]], Iterator[str]], ...]] = (
    beeps_are_stored_once,
    taps_were_made,
    runs_are_whole,
    nothing_is_odd_at_the_hub,
    what_was_settled_is_kept,
    ledger_equals_rebuild,
    corrections_are_kept,
    answers_follow_the_rules,
    times_are_true,
    presence_is_true,
    unwatched_is_unknown,
    rebuild_equals_live,
    coverage_is_true,
    rows_are_true,
    silence_is_unknown,
    silent_kiosks_are_shown,
    watched_shortfalls_are_vacant,
    since_holds,
    kiosks_are_shown_as_they_stand,
    beeps_are_known_soon,
    alarms_are_told,
    alarms_have_a_reason,
    long_vacancies_are_told,
)


def _name(entry: Mapping[str, Any]) -> Name:
    return entry["kiosk"], entry["epoch"], entry["seq"]


def _spelled(name: Name) -> str:
    return f"record {name[2]} of {name[0]} {name[1]}"
