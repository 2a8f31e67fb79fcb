"""What was true at each station, change by change, and when nobody could see it.

Nothing is looked at by the minute: figures are noted where a tap, an opening or a budget's end may change them, gaps
where a kiosk's state does. Moments are whole milliseconds of UTC since 1970, as the evidence has them.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import islice, takewhile
from operator import itemgetter
from typing import Any, Final, NamedTuple

from simulator.truth import Figures, Truth
from simulator.world.timeline import Timeline
from station.milliseconds import ms_of

UNWATCHED: Final = "unwatched"
HINDERED: Final = "hindered"
LEARNT_LATE: Final = "learnt late"
_BEST: Final = ("", HINDERED, UNWATCHED)  # what the best of a station's kiosks does, the station does


class DiaryStep(NamedTuple):
    """From that moment on a station shows this."""

    since_ms: int
    figures: Figures


class WatchState(NamedTuple):
    """From that moment on a station is watched, or not, or hindered."""

    since_ms: int
    gap: str


class Diary:
    """The truth as it unfolds."""

    def __init__(self, timeline: Timeline, truth: Truth) -> None:
        self._timeline, self._truth = timeline, truth
        self._steps: dict[str, list[DiaryStep]] = defaultdict(list)
        self._states: dict[str, list[WatchState]] = defaultdict(list)
        self._of_kiosks: dict[str, dict[str, list[WatchState]]] = defaultdict(dict)
        self._notes: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        self._returned: dict[str, list[tuple[int, int]]] = defaultdict(list)

    def look(self, station: str) -> None:
        """Note what a station should show now, where that is news."""
        steps, now = self._steps[station], self._timeline.now
        figures = self._truth.figures(station, now)
        if not steps or steps[-1].figures != figures:
            steps.append(DiaryStep(self._now_ms(), figures))

    def look_back(self, station: str, since: datetime) -> None:
        """Note what a station should have shown since then: somebody stepped out when they seemed to leave."""
        steps, since_ms = self._steps[station], ms_of(since)
        while steps and steps[-1].since_ms >= since_ms:
            steps.pop()
        figures = self._truth.figures(station, self._timeline.now)
        if not steps or steps[-1].figures != figures:
            steps.append(DiaryStep(since_ms, figures))

    def note_returned(self, station: str, out_at: datetime) -> None:
        """Note that somebody is back who stepped out then, within their budget."""
        self._returned[station].append((ms_of(out_at), self._now_ms()))

    def note_watching(self, station: str, kiosk: str, *, watches: bool, is_full: bool) -> None:
        """Note whether somebody who taps there now gets an answer, and whether it can be stored."""
        own = self._of_kiosks[station]
        self._note_state(own.setdefault(kiosk, []), UNWATCHED if not watches else HINDERED if is_full else "")
        best = min((states[-1].gap for states in own.values()), key=_BEST.index)
        self._note_state(self._states[station], best)

    def note_unproven(self, station: str, since: datetime) -> None:
        """Note that a boot has ended in which its clock was never right: when it watched there, nobody can tell."""
        self._notes[station].append((HINDERED, ms_of(since), self._now_ms()))

    def note_learnt_late(self, station: str, since: datetime) -> None:
        """Note that what was true there since then is known only now: somebody's tap elsewhere was cut short."""
        self._notes[station].append((LEARNT_LATE, ms_of(since), self._now_ms()))

    def steps(self, station: str, since_ms: int, until_ms: int) -> list[dict[str, Any]]:
        """The figures of a stretch, the first of them those that it begins with."""
        known = self._steps[station]
        first = max(0, bisect_right(known, since_ms, key=_since) - 1)
        last = bisect_left(known, until_ms, key=_since)
        return [{"since_ms": max(step.since_ms, since_ms), **step.figures.plain()} for step in known[first:last]]

    def gaps(self, station: str, since_ms: int, until_ms: int) -> Iterator[dict[str, Any]]:
        """The stretches about that one in which nobody watched, or could write that they did, or knows the truth."""
        yield from self._not_watching(self._states[station], since_ms, until_ms)
        for kind, began_ms, ended_ms in self._notes[station]:
            if since_ms < ended_ms and began_ms < until_ms:
                yield {"kind": kind, "since_ms": began_ms, "until_ms": ended_ms}

    def kiosks(self, station: str, since_ms: int, until_ms: int) -> list[list[dict[str, Any]]]:
        """The same of each kiosk of a station by itself."""
        own = self._of_kiosks[station].values()
        return [[*self._not_watching(states, since_ms, until_ms)] for states in own]

    def returned(self, station: str, since_ms: int, until_ms: int) -> list[tuple[int, int]]:
        """The absences within the budget that lie about a stretch."""
        known = self._returned[station]
        later = islice(known, bisect_right(known, since_ms, key=itemgetter(1)), None)
        return [*takewhile(lambda one: one[0] < until_ms, later)]

    def _note_state(self, states: list[WatchState], gap: str) -> None:
        if not states or states[-1].gap != gap:
            states.append(WatchState(self._now_ms(), gap))

    def _not_watching(self, states: list[WatchState], since_ms: int, until_ms: int) -> Iterator[dict[str, Any]]:
        first = max(0, bisect_right(states, since_ms, key=_since) - 1)
        last = bisect_left(states, until_ms, key=_since)
        for place in range(first, last):
            began_ms, state = states[place]
            ended_ms = states[place + 1].since_ms if place + 1 < len(states) else self._now_ms()
            if state:
                yield {"kind": state, "since_ms": began_ms, "until_ms": ended_ms}

    def _now_ms(self) -> int:
        return ms_of(self._timeline.now)


def _since(entry: DiaryStep | WatchState) -> int:
    return entry.since_ms
