"""An invented city: stations of all eleven kinds, their kiosks, their volunteers and the cards these carry.

The same seed gives the same city. Nobody in it exists: names count through the sixty-year cycle behind a surname
that is none, card numbers count up. Writing it down for the hub is `spreadsheets`' work.
"""

from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Final

from simulator.acts import SimCard
from simulator.opening import KINDS, Opening, opening_of

CITY: Final = "青禾市"
DISTRICTS: Final = ("东湖区", "西岭区", "南川县")
SURNAMES: Final = "演试例样虚拟仿模"
STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
SMALLEST: Final = len(KINDS)
TWO_KIOSKS: Final = 0.3  # the share of stations with a second entrance
TWO_CARDS: Final = 0.1
TWO_STATIONS: Final = 0.15  # the share of volunteers who are known at another station too
CLASSIC: Final = 0.2  # the share of cards from before NTAG213
FEWEST, MOST = 3, 6  # volunteers of one station


@dataclass(frozen=True, slots=True)
class SimStation:
    """One station."""

    code: str
    name: str
    short_name: str
    kind: str
    district: str
    kiosks: tuple[str, ...]
    opening: Opening


@dataclass(frozen=True, slots=True)
class SimVolunteer:
    """One volunteer: `person` is how plans and reports call them, `name` is for the spreadsheet alone."""

    person: str
    name: str
    station: str
    cards: tuple[SimCard, ...]
    also: str = ""  # another station that keeps the same hours and knows them
    spare: bool = False  # never comes by themselves: their card is for whoever watches the demonstration


@dataclass(frozen=True, slots=True)
class SimCity:
    """All of it."""

    name: str
    seed: int
    districts: tuple[str, ...]
    stations: tuple[SimStation, ...]
    volunteers: tuple[SimVolunteer, ...]

    def station(self, code: str) -> SimStation:
        """The station of that code."""
        return next(station for station in self.stations if station.code == code)

    def kiosks(self) -> dict[str, str]:
        """Each kiosk's station."""
        return {kiosk: station.code for station in self.stations for kiosk in station.kiosks}


def invent(seed: int, stations: int = SMALLEST) -> SimCity:
    """Make a city.

    Args:
        seed: what all of it follows from.
        stations: how many, at least one of each kind. The first is a hospital with a single kiosk.
    """
    if stations < SMALLEST:
        raise ValueError(f"{stations} stations; at least {SMALLEST} are wanted, one of each kind")
    rng = Random(f"city {seed}")
    invented = tuple(_station(index, rng) for index in range(stations))
    volunteers: list[SimVolunteer] = []
    for station in invented:
        wanted = rng.randint(FEWEST, MOST) + (station is invented[0])
        for place in range(wanted):
            is_spare = station is invented[0] and place == wanted - 1
            volunteers.append(_volunteer(len(volunteers) + 1, station, invented, rng, spare=is_spare))
    return SimCity(CITY, seed, DISTRICTS, invented, tuple(volunteers))


def stranger_card(index: int) -> SimCard:
    """A card that no spreadsheet names."""
    return SimCard("ntag213", bytes.fromhex(f"04EEEE00{index:06X}"))


def _station(index: int, rng: Random) -> SimStation:
    kind = list(KINDS)[index % len(KINDS)]
    round_number = index // len(KINDS) + 1
    code = f"{kind}-{round_number:02}"
    entrances = 2 if index and rng.random() < TWO_KIOSKS else 1
    host = KINDS[kind].host
    short = host if round_number == 1 else f"{host}{round_number}号"
    suffix = "社区学雷锋志愿服务站" if kind == "community" else "学雷锋志愿服务点"
    place = short.removesuffix("社区") or "青禾"
    name = f"青禾{short.replace('社区', '')}{suffix}" if kind == "community" else f"{CITY}{place}{suffix}"
    return SimStation(
        code=code,
        name=name,
        short_name=short,
        kind=kind,
        district=DISTRICTS[index % len(DISTRICTS)],
        kiosks=tuple(f"{code}-{letter}" for letter in "ab"[:entrances]),
        opening=opening_of(kind),
    )


def _volunteer(
    index: int, home: SimStation, stations: tuple[SimStation, ...], rng: Random, *, spare: bool
) -> SimVolunteer:
    cards = [_card(2 * index, rng)]
    if not spare and rng.random() < TWO_CARDS:
        cards.append(_card(2 * index + 1, rng))
    others = [station.code for station in stations if station != home and station.opening == home.opening]
    also = rng.choice(others) if others and not spare and rng.random() < TWO_STATIONS else ""
    return SimVolunteer(f"v{index:05}", _name(index), home.code, tuple(cards), also, spare)


def _card(index: int, rng: Random) -> SimCard:
    if rng.random() < CLASSIC:
        return SimCard("classic", bytes.fromhex(f"A0{index:06X}"))
    return SimCard("ntag213", bytes.fromhex(f"04000000{index:06X}"))


def _name(index: int) -> str:
    years = [stem + branch for stem, branch in product(STEMS, BRANCHES)]
    return SURNAMES[index // len(years) % len(SURNAMES)] + years[index % len(years)]
