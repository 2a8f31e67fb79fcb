"""How believable people spend one day at their stations: plans of acts, each with what the person expects to hear.

Early, late, forgetting to leave, staying through lunch, stepping out, holding the card, tapping twice, helping out at
another station; and passers-by with strange cards and telephones. Each person's day follows from seed, date and
person alone, so that neither their number nor their order changes anybody's day.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from simulator.acts import Act, Beeped, Gesture, Intention, SimCard
from simulator.city import SimCity, SimStation, SimVolunteer, stranger_card
from simulator.opening import OpenStretch
from simulator.truth import EARLY

MINUTE: Final = timedelta(minutes=1)
OFF_TODAY: Final = 0.12
FULL_DAY: Final = 0.55  # both stretches; the others come for one
STAYS_THROUGH: Final = 0.25  # of those who come for both: no tap at lunch
HEARS_CHIME: Final = 0.3  # of those who stay: they tap when the kiosk asks them to, and leave as anybody does
FORGETS: Final = 0.15  # to leave, at the end of a stretch
SOONEST: Final = 15.0  # minutes after the close that they notice it
NOTICES: Final = 0.4  # of those who forgot and do not come again: they tap over lunch
STEPS_OUT: Final = 0.45  # in one stretch
OVERRUNS: Final = 0.2  # of those who step out
HELPS_OUT: Final = 0.35  # of those whom another station knows: they go on there without a leave
MUCH_TOO_EARLY: Final = 0.02
IN_TIME: Final = 0.7
WORTHWHILE: Final = 12 * MINUTE  # who has less time left than that does not come at all
TAPS_TWICE: Final = 0.08
HOLDS_ON: Final = 0.05  # at an arrival, where it means nothing
PASSERS_BY: Final = 0.5  # a stretch and station
PHONES: Final = 0.4  # of the passers-by


def plan_day(city: SimCity, day: date) -> list[Act]:
    """What everybody does that day, in order of time."""
    acts: list[Act] = []
    for volunteer in city.volunteers:
        if not volunteer.spare:
            acts += _Day(city, volunteer, day).acts
    for index, station in enumerate(city.stations):
        acts += _passers_by(city, station, index, day)
    return sorted(acts, key=lambda act: (act.at, act.person))


def begin_at(acts: Iterable[Act], city: SimCity, start: datetime) -> list[Act]:
    """The same day, joined at `start`: whoever would be there already arrives then, late.

    Who is out at `start` arrives when they come back; what is over is left out.
    """
    by_person: dict[str, list[Act]] = {}
    for act in acts:
        by_person.setdefault(act.person, []).append(act)
    joined = [act for own in by_person.values() for act in _joined(own, city, start)]
    return sorted(joined, key=lambda act: (act.at, act.person))


def _joined(own: list[Act], city: SimCity, start: datetime) -> list[Act]:
    before = [act for act in own if act.at < start]
    after = [act for act in own if act.at >= start]
    if not before or before[-1].intention in {Intention.LEAVE, Intention.TRY}:
        return after
    if before[-1].intention is Intention.STEP_OUT:
        return [_as_arrival(after[0], after[0].at), *after[1:]] if after else []
    if not after:
        return []  # forgot to leave: where they came before `start`, nobody knows of them
    at = _first_useful(city.station(before[-1].station), start)
    is_coming_anyway = after[0].intention is Intention.ARRIVE and after[0].station == before[-1].station
    if is_coming_anyway:
        return after
    if after[0].at - at < WORTHWHILE:
        return _without_the_first_of_two(after)
    return [_as_arrival(before[-1], at), *after]


def _without_the_first_of_two(after: list[Act]) -> list[Act]:
    """What is left of a day for somebody who would only have come to leave or step out at once."""
    match after[0].intention:
        case Intention.LEAVE:
            return after[1:]
        case Intention.STEP_OUT:
            return [_as_arrival(after[1], after[1].at), *after[2:]]
    return after


def _first_useful(station: SimStation, start: datetime) -> datetime:
    """The first moment from `start` on at which an arrival belongs to a stretch."""
    for opens_at, closes_at in station.opening.about(start):
        if start < closes_at:
            return max(start, opens_at - EARLY + MINUTE)
    return start


def _as_arrival(act: Act, at: datetime) -> Act:
    return replace(act, at=at, gesture=Gesture.TOUCH, intention=Intention.ARRIVE, expects=(Beeped.ARRIVED,))


class _Day:
    """One volunteer's day; the acts are its outcome."""

    def __init__(self, city: SimCity, volunteer: SimVolunteer, day: date) -> None:
        self.acts: list[Act] = []
        self._rng = Random(f"{city.seed} {day} {volunteer.person}")
        self._city = city
        self._volunteer = volunteer
        stretches = city.station(volunteer.station).opening.begun_on(day)
        if not stretches or self._rng.random() < OFF_TODAY:
            return
        if len(stretches) == 1 or self._rng.random() >= FULL_DAY:
            self._one_stretch(self._rng.choice(stretches), stretches)
        elif self._rng.random() < STAYS_THROUGH:
            self._through_lunch(stretches[0], stretches[-1])
        else:
            forgot = False
            for stretch in stretches:
                # Who comes back more than an hour early is told that they leave, if they forgot to at lunch.
                forgets = self._rng.random() < FORGETS
                self._serve(stretch, forgets=forgets, may_be_off_hours=not forgot)
                forgot = forgets

    def _one_stretch(self, stretch: OpenStretch, stretches: list[OpenStretch]) -> None:
        forgets = self._rng.random() < FORGETS
        self._serve(stretch, forgets=forgets)
        if forgets and stretch is not stretches[-1] and self._rng.random() < NOTICES:
            # Later than half of lunch, or within the hour before the opening, a tap is an arrival.
            lunch = (stretches[stretches.index(stretch) + 1].opens_at - stretch.closes_at) / MINUTE
            latest = min(100.0, lunch / 2 - 2, lunch - 62)
            if latest > SOONEST:
                self._leave(stretch.closes_at + self._minutes(SOONEST, latest))

    def _serve(self, stretch: OpenStretch, *, forgets: bool, may_be_off_hours: bool = True) -> None:
        """Come, perhaps step out, and leave unless they forget."""
        came_at = self._come(stretch, may_be_off_hours=may_be_off_hours)
        if self._volunteer.also and self._rng.random() < HELPS_OUT:
            self._help_out(stretch, came_at)
        elif self._rng.random() < STEPS_OUT:
            self._step_out(came_at + 15 * MINUTE, stretch.closes_at - 50 * MINUTE)
        if not forgets:
            self._leave(stretch.closes_at + self._minutes(-8, 14))

    def _through_lunch(self, first: OpenStretch, last: OpenStretch) -> None:
        self._come(first)
        if self._rng.random() < HEARS_CHIME:
            self._do(last.opens_at + self._minutes(1, 5), Gesture.TOUCH, Intention.ARRIVE, Beeped.ARRIVED)
        self._leave(last.closes_at + self._minutes(-24, 15))

    def _come(self, stretch: OpenStretch, *, may_be_off_hours: bool = True) -> datetime:
        if self._rng.random() < MUCH_TOO_EARLY and may_be_off_hours:
            minutes = self._minutes(-80, -64)
        elif self._rng.random() < IN_TIME:
            minutes = self._minutes(-14, 1)
        else:
            minutes = self._minutes(2, 25)
        at = stretch.opens_at + minutes
        gesture = self._arriving_gesture()
        self._do(at, gesture, Intention.ARRIVE, Beeped.ARRIVED)
        return at

    def _arriving_gesture(self) -> Gesture:
        drawn = self._rng.random()
        if drawn < TAPS_TWICE:
            return Gesture.DOUBLE
        return Gesture.HOLD if drawn < TAPS_TWICE + HOLDS_ON else Gesture.TOUCH

    def _leave(self, at: datetime) -> None:
        gesture = Gesture.DOUBLE if self._rng.random() < TAPS_TWICE else Gesture.TOUCH
        self._do(at, gesture, Intention.LEAVE, Beeped.LEFT)

    def _step_out(self, earliest: datetime, latest: datetime) -> None:
        """Out by holding the card, and back: in time, or so late that it is an arrival again."""
        span = (latest - earliest) / MINUTE
        out_at = earliest + self._minutes(0, max(1.0, span))
        self._do(out_at, Gesture.HOLD, Intention.STEP_OUT, Beeped.LEFT, Beeped.STEPPED_OUT)
        if self._rng.random() < OVERRUNS:
            self._do(out_at + self._minutes(21, 33), Gesture.TOUCH, Intention.RETURN, Beeped.ARRIVED)
        else:
            # No sooner: at sixty times the speed, two seconds of holding and five of guard are seven minutes.
            self._do(out_at + self._minutes(9, 11), Gesture.TOUCH, Intention.RETURN, Beeped.RETURNED)

    def _help_out(self, stretch: OpenStretch, came_at: datetime) -> None:
        """Go on at the other station that knows them, for the rest of the day."""
        at = came_at + self._minutes(30, (stretch.closes_at - came_at) / MINUTE - 40)
        self._volunteer = replace(self._volunteer, station=self._volunteer.also, also="")
        self._do(at, Gesture.TOUCH, Intention.ARRIVE, Beeped.ARRIVED)

    def _do(self, at: datetime, gesture: Gesture, intention: Intention, *expects: Beeped) -> None:
        station = self._city.station(self._volunteer.station)
        if gesture is Gesture.DOUBLE:
            expects = (*expects, Beeped.ALREADY_RECORDED)
        self.acts.append(
            Act(
                at=at,
                person=self._volunteer.person,
                card=self._rng.choice(self._volunteer.cards),
                station=station.code,
                kiosk=self._rng.choice(station.kiosks),
                gesture=gesture,
                intention=intention,
                expects=expects,
            )
        )

    def _minutes(self, least: float, most: float) -> timedelta:
        return self._rng.uniform(least, most) * MINUTE


def _passers_by(city: SimCity, station: SimStation, index: int, day: date) -> list[Act]:
    """People who are no volunteers here: a strange card, or a telephone held to the reader."""
    rng = Random(f"{city.seed} {day} {station.code}")
    acts = []
    for count, (opens_at, closes_at) in enumerate(station.opening.on(day)):
        if rng.random() >= PASSERS_BY:
            continue
        is_phone = rng.random() < PHONES
        acts.append(
            Act(
                at=opens_at + rng.random() * (closes_at - opens_at),
                person=f"stranger-{index}-{count}",
                card=SimCard("phone") if is_phone else stranger_card(index * 4 + count),
                station=station.code,
                kiosk=rng.choice(station.kiosks),
                gesture=Gesture.TOUCH,
                intention=Intention.TRY,
                expects=(Beeped.REFUSED if is_phone else Beeped.UNKNOWN_CARD,),
            )
        )
    return acts
