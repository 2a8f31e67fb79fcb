"""What a handler says of a command: why it cannot stand, or what it changes. Values; nothing is written here."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import SQLModel

from hub.register.personal import is_personal
from hub.saying import printable, say
from station.amending import Amendment
from station.hours import midnight_of
from station.milliseconds import ms_of

Row = dict[str, Any]
_FOUND_LENGTH: Final = 40


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that stands in the way.

    Attributes:
        field: of the command.
        found: as a person may read it; never a card's number or a person's name. Of two facts that contradict each
            other it names both.
        wanted: what would do.
        missing: the key of what is referred to and not there; empty where that is not the fault.
    """

    field: str
    found: str
    wanted: str
    missing: str = ""

    def __str__(self) -> str:
        return f"{self.field}: found {self.found}; wanted is {self.wanted}"


@dataclass(frozen=True, slots=True)
class Edit:
    """One row as it is to be, or one that goes."""

    model: type[SQLModel]
    row: Row
    gone: bool = False


@dataclass(frozen=True, slots=True)
class CityChange:
    """What a command comes to.

    Attributes:
        before: the facts that change, as they were; those of people masked. `after` likewise.
        is_new: what it is about was not there.
        day_from: the first day of which something else is said.
        is_past: whether what was true of a past day is true no more.
        amendment: what the hub writes into its own journal of that station; by whom and why, it says then.
    """

    edits: tuple[Edit, ...] = field(repr=False)
    before: Row = field(default_factory=dict)
    after: Row = field(default_factory=dict)
    station: str = ""
    kiosk: str = ""
    person: str = ""
    token: str = field(default="", repr=False)
    is_new: bool = False
    day_from: date | None = None
    is_past: bool = False
    amendment: Amendment | None = None


HandlerAnswer = list[Refusal] | CityChange | None
"""Why not; what it changes; None where all is so already."""


@dataclass(frozen=True, slots=True)
class Now:
    """The moment at which a command is given, the city's zone, and who gives it."""

    at: datetime
    zone: ZoneInfo
    by: str = ""

    @property
    def ms(self) -> int:
        """Milliseconds since 1970."""
        return ms_of(self.at)

    @property
    def today(self) -> date:
        """The city's date."""
        return self.at.astimezone(self.zone).date()

    @property
    def tomorrow(self) -> date:
        """The first day that nothing has been served on yet."""
        return self.today + timedelta(days=1)

    def midnight_ms(self, day: date) -> int:
        """When that day begins in the city."""
        return ms_of(midnight_of(day, self.zone))

    def day_of(self, ms: int) -> date:
        """The city's date at that moment."""
        return datetime.fromtimestamp(ms / 1000, self.zone).date()

    def spell(self, ms: int | None) -> str | None:
        """A moment as history keeps it; `always` for the beginning of all."""
        if ms is None:
            return None
        at = datetime.fromtimestamp(ms / 1000, UTC).astimezone(self.zone)
        return "always" if ms == 0 else at.isoformat(" ", "seconds").rpartition("+")[0] or at.isoformat(" ", "seconds")


def spell_found(text: str, *, private: bool = False) -> str:
    """What was given, as a refusal may say it; what is or might be somebody's own number by its length only."""
    if not text:
        return "nothing"
    if private or is_personal(text):
        return say("{count} {count:character|characters}", count=len(text)) if len(text) > 1 else say("1 character")
    return say("'{text}'", text=printable(text if len(text) <= _FOUND_LENGTH else text[:_FOUND_LENGTH] + "…"))


def short_token(token: str) -> str:
    """A card as people name it: enough of its token to tell it from a city's others."""
    return token[:8]
