"""One person's day at two stations, written as a table of moments and acts."""

from datetime import UTC, date, datetime, timedelta

from station.decide import decide
from station.duty import StationRules
from station.fold import Course, PlacedTap, fold
from station.hours import SHANGHAI, Calendar, Span
from station.names import Epoch, KioskId, Seq, StationCode
from station.records import Action

DAY = date(2026, 3, 5)
HALL = StationCode("hall")
BANK = StationCode("bank")
TWO_PERIODS = (Span(8 * 60, 11 * 60 + 30), Span(14 * 60 + 30, 17 * 60 + 30))
ROUND_THE_CLOCK = (Span(0, 24 * 60),)
EPOCH = Epoch("0123456789abcdef")
RULES = {
    HALL: StationRules(Calendar((TWO_PERIODS,) * 7)),
    BANK: StationRules(Calendar(((Span(9 * 60, 11 * 60 + 30), Span(14 * 60 + 30, 17 * 60)),) * 7)),
}


def at(text: str, day: date = DAY) -> datetime:
    """`HH:MM` or `HH:MM:SS`, Shanghai, of that day."""
    return datetime.fromisoformat(f"{day.isoformat()}T{text}").replace(tzinfo=SHANGHAI).astimezone(UTC)


def taps(*acts: tuple[str, Action] | tuple[str, Action, StationCode]) -> list[PlacedTap]:
    """The taps of a day; a `step_out` is of the tap before it."""
    placed = []
    for seq, (moment, action, *where) in enumerate(acts, 1):
        of = Seq(seq - 1) if action is Action.STEP_OUT else None
        station = where[0] if where else HALL
        placed.append(PlacedTap(at(moment), KioskId(f"k-{station}"), EPOCH, Seq(seq), station, action, of))
    return placed


def course(*acts: tuple[str, Action] | tuple[str, Action, StationCode]) -> Course:
    """The fold of such a day."""
    return fold(taps(*acts), RULES)


def tapped(*moments: str, station: StationCode = HALL) -> tuple[list[Action], Course]:
    """What somebody is told who taps at those moments and nowhere else, and the course that this makes."""
    told: list[Action] = []
    made = Course(RULES)
    for seq, moment in enumerate(moments, 1):
        action = decide(made.latest_at(at(moment)), station, at(moment), RULES[station])
        told.append(action)
        made.apply(PlacedTap(at(moment), KioskId("k"), EPOCH, Seq(seq), station, action))
    return told, made


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
