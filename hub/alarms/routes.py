"""Who is told of what: by where a channel holds."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlmodel import col, select

from hub.alarms.addresses import Sort, SoundAddress
from hub.database.alarm_tables import ChannelRow
from hub.rights import Reach
from station.alarms import Lack, Level


@dataclass(frozen=True, slots=True)
class KnownChannel:
    """A channel that was entered, and of which stations it is told."""

    name: str
    told: SoundAddress
    reach: Reach
    tells_short: bool

    @property
    def level(self) -> Level:
        """Whose it is, by how far it reaches."""
        if self.reach.station:
            return Level.LEAD
        return Level.OVERSEER if self.reach.district or self.reach.kind else Level.CITY

    def hears(self, place: Reach, lack: Lack) -> bool:
        """Whether it is told of that, sooner or later."""
        return self.reach.holds(place) and (lack is not Lack.SHORT or self.tells_short)


@dataclass(frozen=True)
class Routes:
    """All channels."""

    channels: tuple[KnownChannel, ...]

    def levels(self, place: Reach, lack: Lack) -> frozenset[Level]:
        """Which levels there are to be told."""
        return frozenset(channel.level for channel in self._near(place) if channel.hears(place, lack))

    def names(self, place: Reach, lack: Lack, level: Level) -> list[str]:
        """Who is told at that level."""
        return [one.name for one in self._near(place) if one.level is level and one.hears(place, lack)]

    def _near(self, place: Reach) -> Iterator[KnownChannel]:
        """Those that may be told: looked up, for a city with a channel a station asks this thousands of times."""
        yield from self._by_station.get("", ())
        if place.station:
            yield from self._by_station.get(place.station, ())

    @cached_property
    def _by_station(self) -> Mapping[str, Sequence[KnownChannel]]:
        found = defaultdict(list)
        for channel in self.channels:
            found[channel.reach.station].append(channel)
        return found


_ENTERED: Final = select(ChannelRow).where(col(ChannelRow.removed_ms).is_(None)).order_by(col(ChannelRow.name))


def read_routes(connection: Connection) -> Routes:
    """Every channel that was not removed."""
    return _routes(tuple(connection.execute(_ENTERED)))


@lru_cache(maxsize=1)
def _routes(rows: tuple[Row[Any], ...]) -> Routes:
    """They are read each second, and hardly ever otherwise than before."""
    return Routes(tuple(map(_known, rows)))


def _known(row: Row[Any]) -> KnownChannel:
    told = SoundAddress(Sort(row.sort), row.address, row.secret, tuple(row.mobiles.split()))
    return KnownChannel(row.name, told, Reach(row.district, row.kind, row.station), row.tells_short)
