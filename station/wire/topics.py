"""Where a message goes.

`zaigang/v1/{station}/{kiosk}/{leaf}` is a kiosk's, `zaigang/v1/{station}/{leaf}` a station's, and
`zaigang/v1/hub/state` the hub's.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from station.errors import WireError
from station.names import KioskId, StationCode, is_name

ROOT: Final = "zaigang/v1"
HUB_STATE: Final = f"{ROOT}/hub/state"


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


KIOSK_LEVELS: Final = 5
OF_STATION: Final = frozenset({Leaf.PRESENCE, Leaf.DUTY, Leaf.ROSTER})


@dataclass(frozen=True, slots=True)
class Address:
    """A station's topic, or one of its kiosks'; cannot be of the wrong form."""

    station: StationCode
    leaf: Leaf
    kiosk: KioskId | None = None

    def __post_init__(self) -> None:
        if (self.kiosk is None) != (self.leaf in OF_STATION):
            raise WireError(f"a topic {self.leaf} with kiosk {self.kiosk}")

    @property
    def topic(self) -> str:
        """The topic's text."""
        levels = (ROOT, self.station, self.leaf) if self.kiosk is None else (ROOT, self.station, self.kiosk, self.leaf)
        return "/".join(levels)


def journal(station: StationCode, kiosk: KioskId) -> str:
    """Where a kiosk's records go."""
    return f"{ROOT}/{station}/{kiosk}/{Leaf.JOURNAL}"


def settled(station: StationCode, kiosk: KioskId) -> str:
    """Where the hub says what it has stored for good."""
    return f"{ROOT}/{station}/{kiosk}/{Leaf.SETTLED}"


def state(station: StationCode, kiosk: KioskId) -> str:
    """Where a kiosk's birth, health and will go."""
    return f"{ROOT}/{station}/{kiosk}/{Leaf.STATE}"


def of_station(station: StationCode, leaf: Leaf) -> str:
    """Where the hub publishes presence, duty and roster of a station."""
    return Address(station, leaf).topic


def read_address(topic: str) -> Address:
    """The address that a topic spells.

    Raises:
        WireError: it is no topic of this protocol.
    """
    levels = topic.split("/")
    if (
        not topic.startswith(ROOT + "/")
        or len(levels) not in {KIOSK_LEVELS - 1, KIOSK_LEVELS}
        or not all(map(is_name, levels[2:]))
    ):
        raise WireError(f"topic {topic[:100]!r}; wanted is {ROOT}/{{station}}/{{kiosk}}/{{leaf}}")
    try:
        leaf = Leaf(levels[-1])
    except ValueError as exc:
        raise WireError(f"topic {topic[:100]!r} ends in {levels[-1]!r}; wanted is one of {', '.join(Leaf)}") from exc
    return Address(StationCode(levels[2]), leaf, KioskId(levels[3]) if len(levels) == KIOSK_LEVELS else None)
