"""How a kiosk is, at one moment."""

from dataclasses import dataclass

from edge.timekeeping import Stamp
from station.records import ReaderState


@dataclass(frozen=True, slots=True)
class Health:
    """How the kiosk is, as its state message tells."""

    stamp: Stamp
    reader: ReaderState
    reason: str
    source: str = ""
    key: str = ""
    next_key: str = ""
