"""In which order one kiosk's runs were made, as each run's `started` says which one was before it. Pure.

The order never depends on the order in which records came. Cards made from one image make a tree of runs: then each
branch follows its root whole.
"""

from collections.abc import Mapping
from typing import NamedTuple

from station.names import Epoch


class Begun(NamedTuple):
    """How a run began.

    Attributes:
        before: the run before it, as its `started` says; None where that is not known, or there was none.
        first_ms: what the clock showed at the first of its records that is known, in milliseconds since 1970.
    """

    before: Epoch | None
    first_ms: int


def in_order(runs: Mapping[Epoch, Begun]) -> list[Epoch]:
    """One kiosk's runs in the order they were made; where that is not said, by their first record's time."""
    following: dict[Epoch | None, list[Epoch]] = {}
    for epoch, begun in runs.items():
        following.setdefault(begun.before if begun.before in runs else None, []).append(epoch)
    for found in following.values():
        found.sort(key=lambda epoch: (runs[epoch].first_ms, epoch), reverse=True)
    ordered: dict[Epoch, None] = {}
    waiting = following.get(None, [])
    while waiting or len(ordered) < len(runs):
        if not waiting:  # a ring of runs, each before the other: no kiosk makes it, but it may be sent
            waiting = [min(runs.keys() - ordered.keys())]
        epoch = waiting.pop()
        if epoch not in ordered:
            ordered[epoch] = None
            waiting.extend(following.get(epoch, ()))
    return list(ordered)
