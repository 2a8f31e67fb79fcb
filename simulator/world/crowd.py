"""People in the world: they hold their cards where they planned to and hear what they hear, and the truth is told.

What a beep promised is noted with the name of its record. A tap that the power failed in is nobody's promise: whether
it was stored is read from the disk when the kiosk is back.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from random import Random
from typing import Any, Final, NamedTuple

from devices.card import ISO14443A, Card
from simulator.acts import Act, Beeped, Gesture, Intention
from simulator.antennas import card_at_seam
from simulator.opening import DAY, ZONE
from simulator.people import plan_day
from simulator.truth import BUDGET, Truth
from simulator.world.booth import Before, Booth
from simulator.world.diary import Diary
from simulator.world.knowledge import Knowledge, Tapped
from simulator.world.registry import Registry
from simulator.world.timeline import Timeline
from simulator.world.wall import Wall
from simulator.world.wallets import Wallets
from station.milliseconds import ms_of
from station.names import Token
from station.records import Action

OFF_S: Final = 0.3  # how long a card is held
HOLD_S: Final = 2.2
AGAIN_S: Final = 1.5
BUDGET_S: Final = BUDGET.total_seconds()
JUST_AFTER_S: Final = 0.001  # at its very end the budget still holds
TURN_S: Final = 12.0  # how long somebody stands there, so that two are never in each other's way
TOLD_WITHIN: Final = timedelta(seconds=60)
EMPTY_LOOKS: Final = 3


class _Unsure(NamedTuple):
    """Somebody's tap, cut short."""

    person: str
    card: Token
    at: datetime
    before: Before


class Crowd:
    """Everybody.

    Attributes:
        places: where each of the people goes.
        truth: what the stations must show.
        diary: the same, change by change.
        wallets: which cards they carry.
        knowledge: what of it the hub can know.
        beeps: what people were promised at each kiosk, and what they should have been told.
        unheard: names of records that were stored while the power failed.
    """

    def __init__(self, registry: Registry, booths: dict[str, Booth], timeline: Timeline, seed: int, wall: Wall) -> None:
        city = registry.city
        openings = {each.code: each.opening for each in city.stations}
        self.places = {v.person: tuple(filter(None, (v.station, v.also))) for v in city.volunteers}
        self.truth = Truth(openings, self.places)
        self.knowledge = Knowledge(openings, self.places, timeline)
        self._wall = wall
        self.wallets = Wallets()
        self.diary = Diary(timeline, self.truth)
        self.beeps: dict[str, list[dict[str, Any]]] = {kiosk: [] for kiosk in booths}
        self.unheard: dict[str, list[tuple[str, str, int]]] = {kiosk: [] for kiosk in booths}
        self._heard = 0
        self._registry, self._booths, self._timeline = registry, booths, timeline
        self._token = cache(registry.token)  # the same few cards, thousands of times
        self._rng = Random(f"{seed} telephones")
        self._free_s: dict[str, float] = defaultdict(float)
        self._touched_s: dict[str, float] = {}
        self._there: dict[str, Act] = {}
        self._tapped: dict[tuple[str, str], str] = {}
        self._doubted: set[tuple[str, date]] = set()
        self._unsure: dict[str, list[_Unsure]] = defaultdict(list)
        for booth in booths.values():
            booth.heard, booth.began = partial(self._hear, booth), partial(self._find_out, booth)
            booth.changed, booth.unproven = partial(self._note_standing, booth), partial(self._note_unproven, booth)
            self._note_standing(booth)

    def come(self, begins_at: datetime, ends_at: datetime) -> None:
        """Let people come between these moments; each day is planned as it begins."""
        self._begin_day(begins_at, begins_at, ends_at)
        for station in self._registry.city.stations:
            self._look(station.code)

    def doubt(self, station: str, day: date) -> None:
        """Hold nothing of that day there against the truth, nor where its people go besides.

        What a kiosk decides that never knew the time can differ, and so can when a tap was whose time is only bounded.
        """
        self._doubted.add((station, day))
        for volunteer in self._registry.city.volunteers:
            if station in {volunteer.station, volunteer.also}:
                self._doubted |= {(place, day) for place in (volunteer.station, volunteer.also) if place}

    def is_sure(self, station: str, day: date) -> bool:
        """Whether that day's truth there is known; ask once the day is over."""
        return (station, day) not in self._doubted

    def _today(self) -> date:
        return self._timeline.now.astimezone(ZONE).date()

    def _begin_day(self, now: datetime, begins_at: datetime, ends_at: datetime) -> None:
        day = now.astimezone(ZONE).date()
        for act in plan_day(self._registry.city, day):
            if begins_at <= act.at < ends_at:
                self.plan(act)
        for station in self._registry.city.stations:
            for moment in (edge for stretch in station.opening.on(day) for edge in stretch if edge > begins_at):
                self._look_at(station.code, self._timeline.second_of(moment))
        next_at = datetime.combine(day, time(), ZONE) + DAY
        if next_at < ends_at:
            self._timeline.call_at(
                self._timeline.second_of(next_at), partial(self._begin_day, next_at, begins_at, ends_at)
            )

    def _look_at(self, station: str, at_s: float) -> None:
        self._timeline.call_at(at_s, partial(self._look, station))

    def _look(self, station: str) -> None:
        self.diary.look(station)
        self.knowledge.look(station)

    def _look_after(self, person: str, station: str, budget_ends_s: float | None) -> None:
        """Somebody tapped: note what that changes there and wherever they were before, and when the budget ends."""
        too_long_at = self.truth.too_long_at(person)
        for place in self.places.get(person, (station,)):
            self.diary.look(place)
            if too_long_at is not None and too_long_at >= self._timeline.now:
                self._look_at(place, self._timeline.second_of(too_long_at) + JUST_AFTER_S)
            if budget_ends_s is not None:
                self._look_at(place, budget_ends_s + JUST_AFTER_S)

    def plan(self, act: Act) -> None:
        """Let somebody do that, once it is their turn."""
        at_s = max(self._timeline.second_of(act.at), self._free_s[act.kiosk])
        self._free_s[act.kiosk] = at_s + TURN_S
        self._timeline.call_at(at_s, partial(self._do, act))

    def _do(self, act: Act) -> None:
        if act.intention is not Intention.TRY:
            act = replace(act, card=self.wallets.now(act.card))
        card = self._card(act)
        self._there[act.kiosk] = act
        self._put(act, card)
        match act.gesture:
            case Gesture.TOUCH:
                self._timeline.call_in(OFF_S, lambda: self._take(act))
            case Gesture.HOLD:
                self._timeline.call_in(HOLD_S, lambda: self._put(act, card))
                self._timeline.call_in(HOLD_S + OFF_S, lambda: self._take(act))
            case Gesture.DOUBLE:
                self._timeline.call_in(OFF_S, lambda: self._take(act))
                self._timeline.call_in(AGAIN_S, lambda: self._put(act, card))
                self._timeline.call_in(AGAIN_S + OFF_S, lambda: self._take(act))

    def _card(self, act: Act) -> Card:
        if act.card.chip == "phone":
            return Card(ISO14443A, b"\x08" + self._rng.randbytes(3), "type4")
        return card_at_seam(act.card)

    def _put(self, act: Act, card: Card) -> None:
        booth, heard = self._booths[act.kiosk], self._heard
        before = booth.look(card)
        if before is not None and booth.is_failing and self._heard == heard and act.card.chip != "phone":
            self._unsure[act.kiosk].append(_Unsure(act.person, self._token(act.card), self._timeline.now, before))

    def _take(self, act: Act) -> None:
        for _ in range(EMPTY_LOOKS):
            self._booths[act.kiosk].look(None)

    def _hear(self, booth: Booth, answer: Beeped) -> None:
        act = self._there[booth.name]
        if not answer.makes_record:
            return
        is_known = not self.wallets.has_changes or booth.takes_for(card_at_seam(act.card)) == self._holder(act.person)
        if not (booth.knows_time and is_known):
            self.doubt(booth.station, self._today())
        if not self._is_told(booth, act.person):
            self.doubt(booth.station, self._today())
        self._tapped[act.person, booth.station] = booth.name
        is_held = answer is Beeped.STEPPED_OUT
        should = self._tell(act.person, act.station, self._timeline.now, is_held=is_held)
        epoch, seq = booth.last_name()
        self._heard += 1
        beep = {
            "kiosk": booth.name,
            "epoch": epoch,
            "seq": seq,
            "card": self._token(act.card),
            "told": answer.value,
            "should": should.value if should and self.is_sure(act.station, self._today()) else answer.value,
            "at_ms": ms_of(self._timeline.now),
            "known_ms": None,
        }
        self.beeps[booth.name].append(beep)
        self.knowledge.promise(beep)
        self.knowledge.make(epoch, seq, Tapped(self._timeline.now, act.person, act.station, is_held))

    def _is_told(self, booth: Booth, person: str) -> bool:
        """Whether this kiosk knows their last tap there: its own, or one of which it has been told."""
        if self._tapped.get((person, booth.station), booth.name) == booth.name and not booth.was_put_back:
            return True
        is_well = self._wall.is_well_since(booth.name, self._timeline.now - TOLD_WITHIN)
        return is_well and self.knowledge.has_all_of(person)

    def _holder(self, person: str) -> str:
        return person if person in self.places else ""

    def _note_standing(self, booth: Booth) -> None:
        self._wall.note_standing(booth.name, booth.standing)
        self.diary.note_watching(booth.station, booth.name, watches=booth.watches, is_full=booth.is_full)

    def _note_unproven(self, booth: Booth, since_s: float) -> None:
        self.diary.note_unproven(booth.station, self._timeline.at(since_s))

    def _find_out(self, booth: Booth) -> None:
        """The kiosk is back: what of the taps that were cut short is on its disk?"""
        # That it has begun is on record, so it counts as watching then, whether it has its reader or not.
        self.diary.note_watching(booth.station, booth.name, watches=True, is_full=booth.is_full)
        for unsure in self._unsure.pop(booth.name, []):
            taps = booth.taps_after(unsure.before.epoch, unsure.before.seq)
            for tap in (tap for tap in taps if self._registry.keys.first_of(tap.token) == unsure.card):
                self.unheard[booth.name].append((booth.name, unsure.before.epoch, tap.seq))
                if not unsure.before.knows_time:
                    self.doubt(booth.station, self._today())
                is_held = tap.action is Action.STEP_OUT
                self._tell(unsure.person, booth.station, unsure.at, is_held=is_held)
                tapped = Tapped(unsure.at, unsure.person, booth.station, is_held)
                self.knowledge.make(unsure.before.epoch, tap.seq, tapped)
                for place in self.places.get(unsure.person, (booth.station,)):
                    self.diary.note_learnt_late(place, unsure.at)

    def _tell(self, person: str, station: str, at: datetime, *, is_held: bool) -> Beeped | None:
        """Let the truth know; returns what the person should have been told."""
        if is_held:
            should, touched_s = self.truth.hold_on(person), self._touched_s.get(person, 0.0)
            self._look_after(person, station, touched_s + BUDGET_S)
            if should is Beeped.STEPPED_OUT:
                self.diary.look_back(station, self._timeline.at(touched_s))
        else:
            self._touched_s[person] = self._timeline.second_of(at)
            out_at = self.truth.out_since(person)
            should = self.truth.touch(person, station, at)
            self._look_after(person, station, None)
            if should is Beeped.RETURNED and out_at is not None:
                self.diary.note_returned(station, out_at)
        return should
