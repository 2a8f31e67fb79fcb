"""What can be said of taps afterwards, as values: each is a record of the hub's own journal, and changes no other.

The names are those that history keeps, so they do not change.
"""

from dataclasses import dataclass, field
from datetime import datetime

from station.names import RecordName


@dataclass(frozen=True, slots=True)
class VoidTap:
    """Take a tap out, or an amendment back; `of` names it as its record is named."""

    station: str
    of: RecordName
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class AddTap:
    """Put a tap in; `evidence` says where it is written down, page and row: without it proves no presence."""

    station: str
    person: str
    action: str
    at: datetime
    evidence: str = field(default="", repr=False)
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class RetimeTap:
    """Move a tap within its day."""

    station: str
    of: RecordName
    at: datetime
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmTap:
    """Accept a tap for what it is, and the stint that it began: up to a moment, or as long as it was."""

    station: str
    of: RecordName
    until: datetime | None = None
    asked_by: str = ""


Amending = VoidTap | AddTap | RetimeTap | ConfirmTap
