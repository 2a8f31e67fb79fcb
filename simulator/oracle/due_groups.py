"""Which stations of a district are to be told of as one, and what of whom then: by the silences that are to be told.

Four or more whose silence began within ten minutes of the last one that is to be told are one; who falls silent up to
twenty minutes after it began joins; once two or fewer are left each has its own alarm again. A station's own channel
is told by the station alone, whatever alarm it stands in; here is what those above are told.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, groupby
from typing import NamedTuple

from simulator.oracle.stretches import Stretch, united

FEWEST = 4
LEFT_OVER = 2
APART_MS = 600_000
LATE_MS = 1_200_000
EVER_MS = 1 << 62


class ToldSilence(NamedTuple):
    """One silence that is to be told, of a station by itself."""

    station: str
    since_ms: int
    told_ms: int
    until_ms: int
    is_back: bool
    seen_to_ms: int = EVER_MS


@dataclass
class DueGroup:
    """Stations that are told of as one; `stays` has each one's time in it."""

    name: str
    since_ms: int
    formed_ms: int
    until_ms: int = EVER_MS
    is_back: bool = True
    stays: list[tuple[str, Stretch]] = field(default_factory=list)


def groups_due(
    silences: Iterable[ToldSilence], scopes: Mapping[str, str], out: Sequence[Stretch], dark: Sequence[Stretch]
) -> Iterator[DueGroup]:
    """All groups; while the city is `out` nobody joins and none is over, and in the `dark` nothing is seen."""
    of_scope: dict[str, list[ToldSilence]] = defaultdict(list)
    for one in silences:
        seen = one._replace(told_ms=_seen_ms(one.told_ms, dark), until_ms=_seen_ms(one.until_ms, dark))
        of_scope[scopes[one.station]].append(seen)
    for scope, ones in of_scope.items():
        if len(ones) >= FEWEST:
            yield from _Scope(scope, ones).groups(out)


def _seen_ms(at_ms: int, dark: Sequence[Stretch]) -> int:
    return next((one.until_ms for one in dark if one.since_ms <= at_ms < one.until_ms), at_ms)


class _Scope:
    def __init__(self, scope: str, silences: Sequence[ToldSilence]) -> None:
        self._scope, self._silences = scope, silences
        self._in: dict[ToldSilence, tuple[DueGroup, int]] = {}
        self._alone: set[ToldSilence] = set()
        self._running: dict[str, DueGroup] = {}

    def groups(self, out: Sequence[Stretch]) -> Iterator[DueGroup]:
        moments = {at_ms for one in self._silences for at_ms in (one.told_ms, one.until_ms) if at_ms < EVER_MS}
        moments |= {one.until_ms for one in out if one.until_ms < EVER_MS}
        for at_ms in sorted(moments):
            gone = [one for one in (*self._in, *self._alone) if one.until_ms <= at_ms]
            left = [(self._in[one][0], one.is_back) for one in gone if one in self._in]
            for group, _ in left:  # by the last who left, though it may be over later: while the city is out it is not
                group.is_back = any(is_back for of, is_back in left if of is group)
            for one in gone:
                self._leave(one, min(at_ms, one.until_ms))
            if not any(one.since_ms <= at_ms < one.until_ms for one in out):
                new = {one for one in self._silences if one.told_ms <= at_ms < one.until_ms} - {*self._in, *self._alone}
                self._gather(new, at_ms)
                yield from self._ended(at_ms)
        for one in [*self._in]:
            self._leave(one, EVER_MS)
        yield from self._running.values()

    def _leave(self, one: ToldSilence, at_ms: int) -> None:
        self._alone.discard(one)
        if one in self._in:
            group, since_ms = self._in.pop(one)
            group.stays.append((one.station, Stretch(since_ms, at_ms)))

    def _gather(self, new: set[ToldSilence], at_ms: int) -> None:
        for one in [*new]:
            near = [name for name, group in self._running.items() if abs(one.since_ms - group.since_ms) <= LATE_MS]
            if near:
                self._in[one] = self._running[min(near)], at_ms
                new.discard(one)
        free = new | {one for one in self._alone if one.seen_to_ms > at_ms}
        last_ms = max((one.since_ms for one in new), default=None)
        some = {one for one in free if last_ms is not None and abs(one.since_ms - last_ms) <= APART_MS}
        if len(some) >= FEWEST:
            names = (self._scope if n == 1 else f"{self._scope}:{n}" for n in count(1))
            name = next(name for name in names if name not in self._running)
            group = self._running[name] = DueGroup(name, min(one.since_ms for one in some), at_ms)
            self._in |= dict.fromkeys(some, (group, at_ms))
            self._alone -= some
        self._alone |= new - {*self._in}

    def _ended(self, at_ms: int) -> Iterator[DueGroup]:
        for name, group in [*self._running.items()]:
            still = [one for one, (of, _) in self._in.items() if of is group]
            if len(still) <= LEFT_OVER:
                for one in still:
                    self._leave(one, at_ms)
                    self._alone.add(one)
                group.until_ms = at_ms
                del self._running[name]
                yield group


def clusters(spells: Mapping[str, Sequence[Stretch]], scopes: Mapping[str, str]) -> dict[str, list[Stretch]]:
    """By scope, from when to when any of its stations was silent: so far a doubt about one goes."""
    found: dict[str, list[Stretch]] = {}
    by_scope = sorted(spells, key=lambda station: scopes[station])
    for scope, stations in groupby(by_scope, key=lambda station: scopes[station]):
        found[scope] = united(stretch for station in stations for stretch in spells[station])
    return found
