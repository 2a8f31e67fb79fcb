"""What the system ought to show: told by what people did and the calendar, by rules of its own.

It is written from the rules of taps, stints and classes alone, and shares no code with the rooms that it judges:
where it and they differ, one of them is wrong. Taps are told in the order in which they were heard.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from simulator.acts import Beeped
from simulator.opening import ZONE, Opening, OpenStretch

GRACE: Final = timedelta(minutes=30)  # after closing, a leave still belongs to the period
EARLY: Final = timedelta(minutes=60)  # before opening, an arrival already does
BUDGET: Final = timedelta(minutes=15)  # for stepping out
CLOSING: Final = timedelta(minutes=30)  # before closing, somebody who forgot means leaving
OFF_HOURS: Final = timedelta(hours=4)
ADOPTED: Final = timedelta(hours=2)  # who came so short before an opening counts from then on
JOINED: Final = timedelta(minutes=30)  # so short a pause is none
RECENT: Final = timedelta(hours=12)  # for so long a forgotten leave can be made up for
LONGEST: Final = timedelta(hours=12)
LONGEST_ROUND_THE_CLOCK: Final = timedelta(hours=6)  # where no closing ever ends a visit
MINIMUM: Final = 1  # Changzhi notice, two, 5
TARGET: Final = 2  # Pu'er notice, annex 2, two, 1


class Figures(NamedTuple):
    """What a station shows at one moment, spelled as the board's API spells it."""

    duty_class: str
    on_duty: int
    stepped_out: int

    def plain(self) -> dict[str, str | int]:
        """As the report has it."""
        return {"class": self.duty_class, "on_duty": self.on_duty, "stepped_out": self.stepped_out}


@dataclass(frozen=True, slots=True)
class Visit:
    """One volunteer at one station, as far as their taps say.

    Attributes:
        stretch: the opening time that it belongs to; None outside any.
        out_at: stepped out then, and not back.
        gone_at: when it ended, or was taken to have ended.
        forgot: nobody said that it ended.
    """

    station: str
    came_at: datetime
    stretch: OpenStretch | None
    out_at: datetime | None = None
    gone_at: datetime | None = None
    forgot: bool = False


class _Goodbye(NamedTuple):
    """Somebody's last leave, as long as it can still be turned into stepping out."""

    at: datetime
    before: Visit
    was_there: bool


class Truth:
    """Everybody's last visit, told tap by tap; figures at any later moment."""

    def __init__(self, openings: Mapping[str, Opening], volunteers: Iterable[str]) -> None:
        self._openings = openings
        self._volunteers = frozenset(volunteers)
        self._last: dict[str, Visit] = {}
        self._known: dict[str, set[str]] = {}  # who ever was at a station, so that the city is not gone through for one
        self._goodbyes: dict[str, _Goodbye] = {}
        self._terms: dict[str, list[tuple[date, int, int]]] = {}

    def touch(self, person: str, station: str, at: datetime) -> Beeped:
        """Somebody touched a reader and heard a beep at that moment; say what it should have told them."""
        if person not in self._volunteers:
            return Beeped.UNKNOWN_CARD
        visit = self._visit(person, at)
        self._known.setdefault(station, set()).add(person)
        self._goodbyes.pop(person, None)
        is_here = visit is not None and visit.station == station
        if visit is not None and is_here and visit.gone_at is None:
            if visit.out_at is not None:
                self._last[person] = replace(visit, out_at=None)
                return Beeped.RETURNED
            self._leave(person, visit, at, was_there=True)
            return Beeped.LEFT
        if visit is not None and is_here and self._says_goodbye(visit, at):
            self._leave(person, visit, at, was_there=False)
            return Beeped.LEFT
        self._last[person] = self._begun(station, at)  # also where it takes a leave back: the figures are the same
        return Beeped.ARRIVED

    def hold_on(self, person: str) -> Beeped | None:
        """Somebody kept the card there after `touch`; say what they should have been told besides."""
        goodbye = self._goodbyes.pop(person, None)
        if goodbye is None or not goodbye.was_there:
            return None
        self._last[person] = replace(goodbye.before, out_at=goodbye.at)
        return Beeped.STEPPED_OUT

    def forget(self, person: str) -> None:
        """Take back all that was told of somebody."""
        self._last.pop(person, None)
        self._goodbyes.pop(person, None)

    def where(self, person: str, at: datetime) -> str | None:
        """The station where somebody is on duty or has stepped out from at that moment."""
        visit = self._visit(person, at)
        return None if visit is None or visit.gone_at is not None else visit.station

    def out_since(self, person: str) -> datetime | None:
        """When somebody stepped out who is not back, as far as they were heard of."""
        visit = self._last.get(person)
        return None if visit is None else visit.out_at

    def figures(self, station: str, at: datetime) -> Figures:
        """What a station should show at a moment after all that was told."""
        on_duty = stepped_out = 0
        for person in self._known.get(station, ()):
            visit = self._visit(person, at)
            if visit is None or visit.station != station or visit.gone_at is not None or visit.stretch is None:
                continue
            on_duty += visit.out_at is None
            stepped_out += visit.out_at is not None
        if not self._openings[station].is_open(at):
            return Figures("closed", on_duty, stepped_out)
        return Figures(_class_of(on_duty, stepped_out, *self.terms_on(station, at)), on_duty, stepped_out)

    def set_terms(self, station: str, since: date, minimum: int, target: int) -> None:
        """From that day on so many must be there, and so many should."""
        self._terms[station] = [
            *(one for one in self._terms.get(station, ()) if one[0] < since),
            (since, minimum, target),
        ]

    def terms_on(self, station: str, at: datetime) -> tuple[int, int]:
        """How many must be there at that moment, and how many should."""
        found = MINIMUM, TARGET
        if station in self._terms:
            day = at.astimezone(ZONE).date()
            for since, minimum, target in self._terms[station]:
                found = (minimum, target) if since <= day else found
        return found

    def too_long_at(self, person: str) -> datetime | None:
        """When somebody who does not tap any more is taken to have gone, where that is not at a closing."""
        visit = self._last.get(person)
        if visit is None or visit.gone_at is not None or not self._openings[visit.station].never_closes:
            return None
        return visit.came_at + self._longest(visit.station)

    def _longest(self, station: str) -> timedelta:
        return LONGEST_ROUND_THE_CLOCK if self._openings[station].never_closes else LONGEST

    def is_steady(self, station: str, at: datetime, within: timedelta) -> bool:
        """Whether time alone changes nothing there so close to that moment."""
        return self.figures(station, at - within) == self.figures(station, at + within)

    def _leave(self, person: str, visit: Visit, at: datetime, *, was_there: bool) -> None:
        self._goodbyes[person] = _Goodbye(at, visit, was_there)
        self._last[person] = replace(visit, gone_at=at, forgot=False)

    def _begun(self, station: str, at: datetime) -> Visit:
        """A new visit: of the stretch that runs, of the one that opens soon, or of none."""
        for stretch in self._openings[station].about(at, JOINED):
            if stretch.opens_at - EARLY <= at < stretch.closes_at:
                return Visit(station, at, stretch)
        return Visit(station, at, None)

    def _visit(self, person: str, at: datetime) -> Visit | None:
        """Somebody's last visit, with what time alone has made of it."""
        visit = self._last.get(person)
        if visit is None or visit.gone_at is not None:
            return visit
        if visit.out_at is not None and at - visit.out_at > BUDGET:
            return replace(visit, gone_at=visit.out_at)
        if visit.stretch is None:
            visit = self._met_by_opening(visit, at)
        if visit.out_at is not None or visit.gone_at is not None:
            return visit
        if visit.stretch is None:
            ends_at = visit.came_at + OFF_HOURS
            return replace(visit, gone_at=ends_at) if at >= ends_at else visit
        too_long_at = visit.came_at + self._longest(visit.station)
        if at > visit.stretch.closes_at + GRACE or at > too_long_at:
            return replace(visit, gone_at=min(visit.stretch.closes_at, too_long_at), forgot=True)
        return visit

    def _met_by_opening(self, visit: Visit, at: datetime) -> Visit:
        """Who came at closed hours, not long before the opening that finds them, belongs to it; else that ends it."""
        for stretch in self._openings[visit.station].about(visit.came_at, JOINED):
            if visit.came_at < stretch.opens_at <= min(at, visit.came_at + OFF_HOURS):
                if stretch.opens_at - visit.came_at <= ADOPTED:
                    return replace(visit, stretch=stretch)
                return replace(visit, gone_at=stretch.opens_at, out_at=None)
        return visit

    def _says_goodbye(self, visit: Visit, at: datetime) -> bool:
        """Whether a tap of somebody who forgot to leave means leaving: they stayed through, or leave late."""
        if not visit.forgot or visit.gone_at is None or visit.stretch is None:
            return False
        if at - visit.gone_at > RECENT:
            return False
        stretches = self._openings[visit.station].about(at, JOINED)
        later = [stretch for stretch in stretches if visit.stretch.opens_at < stretch.opens_at <= at]
        if later and later[-1].closes_at - CLOSING <= at <= later[-1].closes_at + GRACE:
            return True
        if any(stretch.opens_at - EARLY <= at < stretch.closes_at for stretch in stretches):
            return False
        closed_at = max(stretch.closes_at for stretch in stretches if stretch.closes_at <= at)
        ahead = [stretch.opens_at for stretch in stretches if stretch.opens_at > at]
        return bool(later) or not ahead or at - closed_at < ahead[0] - at


def _class_of(on_duty: int, stepped_out: int, minimum: int, target: int) -> str:
    if on_duty < minimum:
        return "vacant"
    return "met" if on_duty + min(stepped_out, 1) >= target else "minimum"
