"""What can be asked of the city, as values. None leaves a thing as it is; a day or moment that is None is now.

The names are those that history keeps, so they do not change.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from hub.changing.corrections import Amending
from hub.changing.personal import AboutPerson
from hub.register.holidays import DaySort, Holiday
from hub.register.shifts import DayShifts, ShiftWeek
from hub.register.terms import Week
from station.duty import Limits
from station.hours import Spans


@dataclass(frozen=True, slots=True)
class NameCity:
    """Say what the city is called, and by which rule its stations are."""

    name: str
    naming: str | None = None


@dataclass(frozen=True, slots=True)
class EnterDistrict:
    """Enter a district, or rename it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class NameAuthority:
    """Say who oversees a kind of host."""

    kind: str
    authority: str


@dataclass(frozen=True, slots=True)
class EnterStation:
    """Enter a station, or change what is said of it. A new one keeps the week of its kind."""

    code: str
    name: str | None = None
    short_name: str | None = None
    district: str | None = None
    kind: str | None = None
    authority: str | None = None
    lead: str | None = field(default=None, repr=False)
    deputy: str | None = field(default=None, repr=False)
    opened_on: date | None = None


@dataclass(frozen=True, slots=True)
class SetTerms:
    """Judge a station otherwise from a day on; of a new station since always, unless a day is said.

    Each thing that is given holds until the next day on which it was said to change.
    """

    station: str
    since: date | None = None
    week: Week | None = None
    minimum: int | None = None
    target: int | None = None
    limits: Limits | None = None
    keeps_holidays: bool | None = None


@dataclass(frozen=True, slots=True)
class SetSpecialDay:
    """Let a station keep other hours on one day, or none; `spans` None is the week's again."""

    station: str
    day: date
    spans: Spans | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SetSharedDay:
    """Let a district, a kind, both, or the city keep other hours on one day; `spans` None takes it back."""

    day: date
    spans: Spans | None
    reason: str = ""
    district: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class EnterHolidays:
    """Say what days of a year are off, and which of a weekend are worked on: all of them, in the place of what was."""

    year: int
    days: tuple[Holiday, ...]
    notice: str = ""


@dataclass(frozen=True, slots=True)
class SetHoliday:
    """Say of one day of a year that is known what it is; `sort` None makes it a day like others."""

    day: date
    sort: DaySort | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class CloseStation:
    """Close a station for good: `on` is the first day on which it is closed, by itself tomorrow."""

    station: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ReopenStation:
    """Take back that a station is closed for good."""

    station: str


@dataclass(frozen=True, slots=True)
class EnterKiosk:
    """Enter a kiosk, or change what is said of it; in service from its day, a new one from today."""

    kiosk: str
    station: str
    entrance: str | None = None
    in_service_from: date | None = None
    in_service_to: date | None = None


@dataclass(frozen=True, slots=True)
class RetireKiosk:
    """Take a kiosk out of service: `on` is the first day on which it is no longer, by itself tomorrow."""

    kiosk: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class KeepKiosk:
    """Take back that a kiosk goes out of service."""

    kiosk: str


@dataclass(frozen=True, slots=True)
class RevokeKiosk:
    """Believe a kiosk no more, for good: it was stolen at that moment. Out of service from the day after."""

    kiosk: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class EnterPerson:
    """Enter a volunteer by opaque id, or change what is said of them; the number never changes."""

    person: str
    number: str = field(repr=False)
    full_name: str | None = field(default=None, repr=False)
    star: int | None = None
    registered_on: date | None = None


@dataclass(frozen=True, slots=True)
class TrainPerson:
    """Say since which day somebody is trained; None: not at all."""

    person: str
    on: date | None


@dataclass(frozen=True, slots=True)
class SetMemberships:
    """Let somebody belong to these stations and no other, from a day on; of a new person since always."""

    person: str
    stations: frozenset[str]
    since: date | None = None


@dataclass(frozen=True, slots=True)
class LeavePerson:
    """Let somebody leave: `on` is the first day without them. Their cards and stations end with it; None is now."""

    person: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ReturnPerson:
    """Take somebody back; cards and stations are given anew."""

    person: str


@dataclass(frozen=True, slots=True)
class PlanWeek:
    """Say who is expected on duty when, from a day on: the whole week; NO_SHIFTS for nobody any more."""

    station: str
    since: date | None
    week: ShiftWeek


@dataclass(frozen=True, slots=True)
class SetShiftDay:
    """Let others be expected on one day than the week says; `shifts` None is the week's again."""

    station: str
    day: date
    shifts: DayShifts | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EnterCard:
    """Enter a card that is nobody's yet."""

    token: str = field(repr=False)
    technology: str


@dataclass(frozen=True, slots=True)
class AssignCard:
    """Give a card to somebody: from now, or from the moment said; one that nobody ever held since always."""

    token: str = field(repr=False)
    person: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReturnCard:
    """End a holding: the card is nobody's then."""

    token: str = field(repr=False)
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LoseCard:
    """Say that a card is lost: its taps count for nobody."""

    token: str = field(repr=False)
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class FindCard:
    """Say that a lost card is found."""

    token: str = field(repr=False)
    at: datetime | None = None


AboutCard = EnterCard | AssignCard | ReturnCard | LoseCard | FindCard
CityCommand = (
    NameCity | EnterDistrict | NameAuthority | EnterStation | SetTerms | SetSpecialDay | SetSharedDay
    | EnterHolidays | SetHoliday | CloseStation | ReopenStation
    | EnterKiosk | RetireKiosk | KeepKiosk | RevokeKiosk | EnterPerson | TrainPerson | SetMemberships | LeavePerson
    | ReturnPerson | PlanWeek | SetShiftDay | AboutPerson
    | AboutCard | Amending
)  # fmt: skip
