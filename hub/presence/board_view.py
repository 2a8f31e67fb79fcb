"""What the pages and the API are told about the city and about one station's day.

Plain values: the figures are the board's work, the words and shapes are the pages'. `BoardSource` is
the one door between the two; no name, token or card number passes it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from station.coverage import Band
from station.duty import DutyClass

Day = date  # beside a field of that name, the type has none


class Cause(StrEnum):
    """Why a station lacks somebody, or why nobody can tell."""

    NO_KIOSK = "no_kiosk"
    """None is in service."""
    NEVER_HEARD = "never_heard"
    """A kiosk was never heard yet."""
    SILENT = "silent"
    """A kiosk is not heard any more."""
    BLIND = "blind"
    """A kiosk is heard, and its reader would see no card."""
    NOBODY_YET = "nobody_yet"
    """Nobody has come since the opening."""
    LEFT = "left"
    """They tapped out."""
    OUT = "out"
    """They stepped out, and their budget runs."""
    OVERRUN = "overrun"
    """They stepped out and are not back within the budget."""
    MOVED = "moved"
    """They arrived at another station."""
    ASSUMED = "assumed"
    """The longest time was over, and nobody tapped."""


@dataclass(frozen=True, slots=True)
class Reason:
    """The one thing to be said of a station in trouble."""

    cause: Cause
    at: datetime | None = None
    """When it happened: the last of several; of kiosks, since when the first of them."""
    count: int = 0
    """How many people, or kiosks."""
    kiosk: str = ""
    """The first of those kiosks, by its id."""


@dataclass(frozen=True, slots=True)
class ExpectedOne:
    """Somebody whom the duty roster expects in the period that runs or is about to begin."""

    person: str = field(repr=False)
    """By opaque id."""
    name: str
    """Masked; empty for who may see nobody's."""
    has_come: bool
    """Whether they have been there in it."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One station as the board shows it."""

    code: str
    name: str
    district: str
    kind: str
    """Code of one of the eleven kinds: hospital, bank, community, ..."""
    duty_class: DutyClass
    on_duty: int
    stepped_out: int
    unknown_cards: int
    minimum: int
    target: int
    since: datetime | None
    """Since when this class holds."""
    next_change_at: datetime | None
    """When the hours change next: the closing while open, the opening while closed."""
    is_open: bool
    partial: bool
    """Vacant, though not all kiosks were watching."""
    kiosks: int
    kiosks_heard: int
    lead: str
    """Whom an operator calls: a masked hint, or empty."""
    short_name: str = ""
    """What the city calls it for short (简称); empty where the name alone was entered."""
    district_code: str = ""
    """By what districts are put in order; empty where nobody knows: then the name orders them."""
    opens_soon: bool = False
    """Closed, and opening so soon that who is to serve should be on the way."""
    reason: Reason | None = None
    """Why the station is in trouble; None where it is not, and where nobody knows."""
    expected: tuple[ExpectedOne, ...] = ()
    """Whom the duty roster expects, those first who have not come; nobody where none is kept."""
    closed_for: str = ""
    """Why it is closed though its week may say otherwise, in the words for the public; empty on a day like any."""
    unseen: Reason | None = None
    """Which of its kiosks is silent or blind while it is open, whoever is known to be there; None where none is."""

    @property
    def is_silent(self) -> bool:
        """Whether it is open and not all of it is watched: what the alarm for silence goes by."""
        return self.duty_class is DutyClass.UNKNOWN or self.unseen is not None

    def as_watched(self) -> "BoardRow":
        """The same as the alarm for silence counts it, by which a class that people reach is not known either."""
        return replace(self, duty_class=DutyClass.UNKNOWN) if self.is_silent else self

    def nameless(self) -> "BoardRow":
        """The same without anybody's name, for a screen on a wall: how many are expected stays."""
        return replace(self, lead="", expected=tuple(replace(one, person="", name="") for one in self.expected))


@dataclass(frozen=True, slots=True)
class BoardView:
    """The whole board at one moment."""

    as_of: datetime
    rate: float
    """Station seconds a real second: 1 in service, 60 in a demonstration."""
    city: str
    rows: tuple[BoardRow, ...]


class Mark(StrEnum):
    """Why somebody looks at a stint again; a stint can have several."""

    ASSUMED = "assumed"
    """It ended by time alone: nobody tapped out."""
    LATE = "late"
    """Tapped out after the period's end."""
    OVERRUN = "overrun"
    """Stepped out for longer than the budget: it ended at stepping out."""
    MOVED = "moved"
    """It ended because the person arrived elsewhere."""
    CLAIMED = "claimed"
    """The person says that they were there; a lead confirms it or does not."""
    OFF_HOURS = "off_hours"
    """Outside every opening period."""
    UNCERTAIN = "uncertain"
    """The kiosk's clock was in doubt."""
    UNMATCHED = "unmatched"
    """A tap without its other half."""
    AGAIN = "again"
    """Tapped once more though nothing was to be changed."""


class WhyNot(StrEnum):
    """Why a stint counts for nothing, though it was tapped."""

    UNREGISTERED = "unregistered"
    """Nobody was entered for the card then."""
    LOST_CARD = "lost_card"
    """The card was lost then."""
    CLAIMED = "claimed"
    """Only claimed, and not yet confirmed."""
    OFF_HOURS = "off_hours"
    """Outside every opening period."""
    UNPROVEN = "unproven"
    """Added by a correction that names no evidence: it covers nothing."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One stint in a day's picture: a role's letter, never a name.

    Every stint that overlaps the day is told whole: it may begin before the day and end after it, the picture cuts it.
    """

    letter: str
    role: str
    began_at: datetime
    ended_at: datetime | None
    """None while it runs."""
    marks: tuple[Mark, ...]
    """How it ended and why it is to be reviewed, in the order of `Mark`; empty for one tapped in and out."""
    outs: tuple[tuple[datetime, datetime | None], ...]
    why_not: WhyNot | None = None
    """Why it counts for nothing; None where it counts."""
    assumed_from: datetime | None = None
    """From when on it rests on assumption alone: the person's last tap there, where the stint goes on after it and no
    later tap proves it. None where all of it is proven, or it runs and is watched."""


@dataclass(frozen=True, slots=True)
class StationDay:
    """One station's picture of one day."""

    row: BoardRow
    date: date
    periods: tuple[tuple[datetime, datetime], ...]
    bars: tuple[Bar, ...]
    bands: tuple[Band, ...]
    findings: tuple[str, ...]
    """What an operator should know of the station now; of another day than today there are none."""
    as_of: datetime
    is_recorded: bool = True
    """Whether there is any record of this station that tells of that day. Where not (a day before its first record,
    or one that is still to come), nothing is known and nothing is drawn: that is no unknown time."""
    first_day: Day | None = None
    """The local day of the station's first record; None where there is none, or nobody looked."""
    kiosks: tuple[str, ...] = ()
    """The ids of the kiosks that were in service there on that day."""
    reason: str = ""
    """Why its hours are not those of the week, as it is said to the public."""


class BoardSource(Protocol):
    """Where the pages get their figures. All calls come from the event loop; none holds it up."""

    def view(self) -> BoardView:
        """Return the whole board as of now."""

    async def station_day(self, code: str, day: date | None = None) -> StationDay:
        """Return one station's day, today where no day is given; a past day is read beside the event loop.

        Any day may be asked for, also 0001-01-01 and 9999-12-31: it is answered, and is then not recorded.

        Raises:
            UnknownStationError: no station has that code.
        """

    def subscribe(self, changed: Callable[[tuple[BoardRow, ...]], None]) -> Callable[[], None]:
        """Call `changed` on the event loop with only the rows that changed; return what ends it."""


TROUBLE_FIRST = (DutyClass.VACANT, DutyClass.UNKNOWN, DutyClass.MINIMUM)
"""The classes that stand on top of the board, most pressing first."""

CLASS_ORDER = (DutyClass.MET, DutyClass.MINIMUM, DutyClass.VACANT, DutyClass.UNKNOWN, DutyClass.CLOSED)
"""The order in which figures are read out."""


def screen_key(row: BoardRow) -> tuple[int, str, str, float, str]:
    """Return what `row` is sorted by: trouble by class, longest first; the rest by district and code."""
    if row.duty_class in TROUBLE_FIRST:
        since_s = row.since.timestamp() if row.since else float("inf")
        return (TROUBLE_FIRST.index(row.duty_class), "", "", since_s, row.code)
    return (len(TROUBLE_FIRST), row.district_code, row.district, 0.0, row.code)


def screen_order(rows: Iterable[BoardRow]) -> tuple[BoardRow, ...]:
    """Sort rows as they are read on the screen, top to bottom."""
    return tuple(sorted(rows, key=screen_key))
