"""Who is to be told in the invented city: a lead at every station, one channel a district, and one for the city."""

from typing import Any, NamedTuple

from hub.alarms.addresses import Sort
from hub.database.alarm_tables import ChannelRow
from simulator.city import SimCity


class WorldChannel(NamedTuple):
    """One of them; `level` 1 to 3 is the order in which they are told."""

    name: str
    level: int
    stations: tuple[str, ...]
    district: str = ""
    station: str = ""

    @property
    def tells_short(self) -> bool:
        """Whether it is told where the minimum is there and the target is not."""
        return self.level == 1

    def row(self) -> ChannelRow:
        """As the hub has it; the address is no more than the name, for nothing leaves the world."""
        return ChannelRow(
            name=self.name, sort=Sort.WECOM, address=self.name, tells_short=self.tells_short, by="world", made_ms=0,
            district=self.district, station=self.station,
        )  # fmt: skip

    def plain(self) -> dict[str, Any]:
        """As the evidence has it."""
        return {"name": self.name, "level": self.level, "stations": self.stations, "short": self.tells_short}


def districts_of(city: SimCity) -> dict[str, str]:
    """The codes of its districts, by name."""
    return {name: f"D-{number}" for number, name in enumerate(sorted({place.district for place in city.stations}))}


def channels_of(city: SimCity) -> list[WorldChannel]:
    """All channels of a city."""
    codes = tuple(place.code for place in city.stations)
    leads = [WorldChannel(f"lead {code}", 1, (code,), station=code) for code in codes]
    districts = [
        WorldChannel(code, 2, tuple(place.code for place in city.stations if place.district == name), district=code)
        for name, code in districts_of(city).items()
    ]
    return [WorldChannel("city", 3, codes), *districts, *leads]
