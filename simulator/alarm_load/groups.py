"""Which stations of a city's year are told of together, by the hub's own rule, and from when to when."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from station.alarms import Ending, Happening, What
from station.duty import DutyClass
from station.milliseconds import ms_of
from station.outages import Silence, grouped


class Stay(NamedTuple):
    """One station's time in a group."""

    station: str
    since_ms: int
    until_ms: int


@dataclass
class LoadGroup:
    """One group.

    Attributes:
        told_ms: since when it tells of silence.
        ends_as: what the class of its stations is by how it ended.
    """

    name: str
    told_ms: int
    formed_ms: int
    until_ms: int = 1 << 62
    ends_as: DutyClass = DutyClass.MET
    stays: list[Stay] = field(default_factory=list)

    def steps(self) -> list[tuple[int, DutyClass]]:
        """Its classes, as if it were one station."""
        return [(self.formed_ms, DutyClass.UNKNOWN), (self.until_ms, self.ends_as)]

    def at(self, at_ms: int) -> tuple[str, ...]:
        """Who is in it then, or was just before."""
        return tuple(stay.station for stay in self.stays if stay.since_ms <= at_ms <= stay.until_ms)


class _Edge(NamedTuple):
    """A station's silence is to be told of, or over; of the end of an outage of the city, nothing more."""

    at_ms: int
    station: str = ""
    since: datetime | None = None
    is_back: bool = False


def groups_of(
    alone: Mapping[str, Sequence[tuple[int, Happening]]], scopes: Mapping[str, str], out: Sequence[tuple[int, bool]]
) -> Iterator[LoadGroup]:
    """All groups of all scopes.

    Args:
        alone: what happens to each station's alarm if none is told of together with others.
        scopes: with whom each may be.
        out: from when on the city as a whole is, or is not, out: then nobody joins, and no group is over.
    """
    edges: dict[str, list[_Edge]] = defaultdict(list)
    for station, happened in alone.items():
        for at_ms, one in happened:
            if one.what is What.RAISED:
                edges[scopes[station]].append(_Edge(at_ms, station, one.since))
            elif one.what is What.ENDED:
                edges[scopes[station]].append(_Edge(at_ms, station, is_back=one.ending is Ending.MET))
    for scope, ones in edges.items():
        ones += [_Edge(at_ms) for at_ms, is_out in out if not is_out]
        yield from _Scope(scope, out).live(sorted(ones, key=itemgetter(0)))


class _Scope:
    """The groups of one scope as time passes."""

    def __init__(self, scope: str, out: Sequence[tuple[int, bool]]) -> None:
        self._scope, self._out = scope, [*out]
        self._silent: dict[str, Silence] = {}
        self._entered: dict[str, int] = {}
        self._groups: dict[str, LoadGroup] = {}

    def live(self, edges: Sequence[_Edge]) -> Iterator[LoadGroup]:
        """Those that are over, in order, and at last those that are not."""
        is_out = False
        for at_ms, together in groupby(edges, itemgetter(0)):
            while self._out and self._out[0][0] <= at_ms:
                is_out = self._out.pop(0)[1]
            backs = [self._take(edge) for edge in together]
            if not is_out:
                yield from self._look(at_ms, backs)
        for group in self._groups.values():
            group.stays += [
                Stay(station, self._entered[station], group.until_ms)
                for station, one in self._silent.items() if one.group == group.name
            ]  # fmt: skip
            yield group

    def _take(self, edge: _Edge) -> bool | None:
        """A silence begins to be told, or is over: whether the station is back; None where nobody left."""
        if edge.since is not None:
            self._silent[edge.station] = Silence(self._scope, edge.since)
        elif (one := self._silent.pop(edge.station, None)) is not None and one.group:
            self._leave(one.group, edge.station, edge.at_ms)
            return edge.is_back
        return None

    def _leave(self, group: str, station: str, at_ms: int) -> None:
        self._groups[group].stays.append(Stay(station, self._entered.pop(station), at_ms))

    def _look(self, at_ms: int, backs: Sequence[bool | None]) -> Iterator[LoadGroup]:
        running = {name: datetime.fromtimestamp(one.told_ms / 1000, UTC) for name, one in self._groups.items()}
        found = grouped(self._silent, running)
        for name in sorted(found.over):
            for station, one in self._silent.items():
                if one.group == name:
                    self._silent[station] = one._replace(group="")
                    self._leave(name, station, at_ms)
            group = self._groups.pop(name)
            left = [back for back in backs if back is not None]
            group.until_ms, group.ends_as = at_ms, DutyClass.CLOSED if left and not any(left) else DutyClass.MET
            yield group
        for name, members in found.groups.items():
            if name not in self._groups:
                told = min(self._silent[station].since for station in members)
                self._groups[name] = LoadGroup(name, ms_of(told), at_ms)
            for station in members:
                if not self._silent[station].group:
                    self._silent[station] = self._silent[station]._replace(group=name, is_told=False)
                    self._entered[station] = at_ms
        for station, one in self._silent.items():
            if not one.group and not one.is_told:
                self._silent[station] = one._replace(is_told=True)
