"""Holds the time that the hub gives a tap against the time at which it was made.

It is right to 2 s where the kiosk's clock was, or was set right in the same boot soon enough; else it is called no more
than a guess, and its bounds contain the truth. Moments are milliseconds of UTC since 1970, `mono_ms` since boot.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from simulator.oracle.plain import PlainRecord

TOLERANCE_MS: Final = 2_000
SOON_MS: Final = 24 * 3_600_000  # from the nearer of two syncs; drift can be shared out between them
FIRST_MS: Final = 11 * 3_600_000  # before the first sync of a boot: 2 s at 50 ppm


def times_are_true(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Every tap that was beeped for is at its true time, or is known not to be."""
    made_ms = {(beep["kiosk"], beep["epoch"], beep["seq"]): beep["at_ms"] for beep in evidence.get("beeps", ())}
    records = evidence.get("records", ())
    right = _right_moments(records)
    for record in records:
        true_ms = made_ms.get((record["kiosk"], record["epoch"], record["seq"]))
        if true_ms is not None:
            for fault in _faults(record["placed"], true_ms, right[record["boot"]], record["mono_ms"]):
                yield f"record {record['seq']} of {record['kiosk']} {record['epoch']} {fault}"


def _faults(placed: Mapping[str, Any], true_ms: int, right: Sequence[int], mono_ms: int) -> Iterator[str]:
    off_ms = placed["at_ms"] - true_ms
    if placed["clock"] == "synced":
        if abs(off_ms) > TOLERANCE_MS:
            yield f"is {off_ms} ms off, and is said to be right"
        return
    if _should_be_known(right, mono_ms):
        yield f"is only {placed['clock']}, though its clock was right soon enough before or after"
    if (placed["earliest_ms"] or 0) > true_ms:
        yield f"was made {placed['earliest_ms'] - true_ms} ms before the earliest that it can have been"
    if placed["latest_ms"] is not None and placed["latest_ms"] < true_ms:
        yield f"was made {true_ms - placed['latest_ms']} ms after the latest that it can have been"


def _right_moments(records: Sequence[PlainRecord]) -> dict[str, list[int]]:
    """By boot, when its clock was right, in order."""
    found: dict[str, list[int]] = defaultdict(list)
    for record in records:
        if record["clock"] == "synced" or record["kind"] == "clock":
            found[record["boot"]].append(record["mono_ms"])
    for right in found.values():
        right.sort()
    return found


def _should_be_known(right: Sequence[int], mono_ms: int) -> bool:
    index = bisect_left(right, mono_ms)
    if index == len(right):
        return False  # only the kiosk knew how fresh the sync was that came before
    if index == 0:
        return right[0] - mono_ms <= FIRST_MS
    return min(mono_ms - right[index - 1], right[index] - mono_ms) <= SOON_MS
