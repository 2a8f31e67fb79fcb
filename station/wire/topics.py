"""Where a message goes.

`zaigang/v1/{station}/{kiosk}/{leaf}` is a kiosk's, whoever speaks there: its rights at the broker are one pattern.
`zaigang/v1/hub/state` is the hub's.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from station.errors import WireError
from station.names import KioskId, StationCode, is_name

ROOT: Final = "zaigang/v1"
HUB_STATE: Final = f"{ROOT}/hub/state"
CARRIED: Final = f"{ROOT}/hub/carried"


class Leaf(StrEnum):
    """The last level of a topic."""

    JOURNAL = "journal"
    SETTLED = "settled"
    STATE = "state"
    COMMAND = "command"
    REPLY = "reply"
    PRESENCE = "presence"
    DUTY = "duty"
    ROSTER = "roster"


TOLD: Final = (Leaf.DUTY, Leaf.ROSTER, Leaf.PRESENCE)  # what a kiosk must know of its station to work without a hub
_LEVELS: Final = 5


@dataclass(frozen=True, slots=True)
class Address:
    """One of a kiosk's topics."""

    station: StationCode
    kiosk: KioskId
    leaf: Leaf

    @property
    def topic(self) -> str:
        """The topic's text."""
        return f"{ROOT}/{self.station}/{self.kiosk}/{self.leaf}"


def journal(station: StationCode, kiosk: KioskId) -> str:
    """Where a kiosk's records go."""
    return f"{ROOT}/{station}/{kiosk}/{Leaf.JOURNAL}"


def carried(station: StationCode, kiosk: KioskId) -> str:
    """Where a command at the hub says records that came by hand; no kiosk may speak or hear there."""
    return f"{CARRIED}/{station}/{kiosk}"


def settled(station: StationCode, kiosk: KioskId) -> str:
    """Where the hub says what it has stored for good."""
    return f"{ROOT}/{station}/{kiosk}/{Leaf.SETTLED}"


def state(station: StationCode, kiosk: KioskId) -> str:
    """Where a kiosk's birth, health and will go."""
    return f"{ROOT}/{station}/{kiosk}/{Leaf.STATE}"


def told(station: StationCode, kiosk: KioskId) -> dict[Leaf, str]:
    """Where the hub says what a kiosk must know of its station, by what it is."""
    return {leaf: Address(station, kiosk, leaf).topic for leaf in TOLD}


def kept(station: StationCode, kiosk: KioskId) -> list[str]:
    """All under which a broker may keep something of a kiosk."""
    return [*told(station, kiosk).values(), settled(station, kiosk), state(station, kiosk)]


def of_old(station: StationCode) -> list[str]:
    """Where earlier versions kept the same under the station; the broker may have it still."""
    return [f"{ROOT}/{station}/{leaf}" for leaf in TOLD]


def read_address(topic: str) -> Address:
    """The address that a topic spells.

    Raises:
        WireError: it is no topic of this protocol.
    """
    levels = topic.split("/")
    if not topic.startswith(ROOT + "/") or len(levels) != _LEVELS or not all(map(is_name, levels[2:])):
        raise WireError(f"topic {topic[:100]!r}; wanted is {ROOT}/{{station}}/{{kiosk}}/{{leaf}}")
    try:
        leaf = Leaf(levels[-1])
    except ValueError as exc:
        raise WireError(f"topic {topic[:100]!r} ends in {levels[-1]!r}; wanted is one of {', '.join(Leaf)}") from exc
    return Address(StationCode(levels[2]), KioskId(levels[3]), leaf)
