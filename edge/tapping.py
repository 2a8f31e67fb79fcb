"""The tap path: a card on a reader becomes a record, and only then an answer.

What the reader sees comes in by `look`; what is decided lies in `station.decide`, what is said in `answers`. No signal
that promises a record is shown before the record is committed; where the commit fails, nothing here has changed.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final, NamedTuple

from devices.card import Card, judge
from devices.plate import Appeared, Left, Plate
from devices.signals import Annunciator, Signal
from edge import answers
from edge.card_awaited import CardAwaited
from edge.errors import JournalError
from edge.guard import Guard
from edge.journal import KioskJournal
from edge.notices import TapOutcome
from edge.people import People, PersonKey, WhoseCard
from edge.site_keys import SiteKeys, TokenPair
from edge.timekeeping import Stamp, Timekeeper
from station.decide import decide
from station.names import Epoch, Seq, StationCode
from station.records import Action, ClockState, Tap
from station.stints import End, Standing, Stint
from station.wire.told import Holder

BUTTON_S: Final = 10.0  # after a leave: rules, "What a tap does", 4


class _Touch(NamedTuple):
    """A card on a reader, whose it is, and when: in real seconds, by the clock, and by what is known of the clock."""

    reader: str
    card: Card
    names: TokenPair
    person: WhoseCard
    now_s: float
    stamp: Stamp
    at: datetime


class _Held(NamedTuple):
    """A leave that becomes stepping out if its card stays."""

    reader: str
    card: Card
    leave: Seq


class _Going(NamedTuple):
    """A leave that becomes stepping out if the button is pressed soon."""

    touch: _Touch
    leave: Seq


@dataclass(frozen=True, slots=True)
class TapParts:
    """What the tap path works with.

    Attributes:
        awaited: a card that is to be given to somebody: it is no tap.
        may_store: asked before each tap is stored; where it was not possible for a while, that goes on record first.
        has_wrong_key: whether the hub has another site key, and no card can be known.
    """

    station: StationCode
    epoch: Epoch
    site_keys: SiteKeys
    journal: KioskJournal
    people: People
    keeper: Timekeeper
    guard: Guard
    annunciator: Annunciator
    awaited: CardAwaited
    may_store: Callable[[Stamp], bool]
    has_wrong_key: Callable[[], bool]
    now_s: Callable[[], float]
    hold_s: float


class Tapping:
    """All readers of one kiosk. Not for two threads at once.

    Attributes:
        last: the latest tap of this run.
    """

    def __init__(self, parts: TapParts) -> None:
        self._parts = parts
        self._plates: dict[str, Plate] = {}
        self._names_of: dict[str, tuple[Card, int, TokenPair]] = {}
        self._held: _Held | None = None
        self._going: _Going | None = None
        self._told: dict[PersonKey, tuple[Action, Stamp]] = {}
        self._said_again: set[PersonKey] = set()
        self.last: Tap | None = None
        self._untrained_on: dict[PersonKey, date] = {}

    def look(self, reader: str, card: Card | None) -> None:
        """Take in one answered poll of that reader."""
        now_s = self._parts.now_s()
        plate = self._plates.get(reader)
        if plate is None:
            plate = self._plates[reader] = Plate()
        for change in plate.look(card, now_s):
            match change:
                case Appeared(appeared):
                    self._appear(reader, appeared, now_s)
                case Left(left):
                    self._end_hold(reader, left)
        if card is not None and judge(card) is None:
            self._see(reader, card, now_s, plate)

    def press(self) -> None:
        """Take in that the button 临时外出 was pressed."""
        now_s, going, self._going = self._parts.now_s(), self._going, None
        if going is None or now_s - going.touch.now_s > BUTTON_S:
            self._parts.annunciator.show(Signal.REFUSED, answers.button_alone())
            return
        self._held = None
        left = going.touch
        self._step_out(self._touch(left.reader, left.card, left.names, left.person, now_s), going.leave)

    def is_occupied(self, reader: str) -> bool:
        """Whether a card lies there."""
        plate = self._plates.get(reader)
        return plate is not None and plate.is_occupied

    def _appear(self, reader: str, card: Card, now_s: float) -> None:
        refusal = judge(card)
        if refusal is not None:
            if not self._parts.awaited.refuse(refusal):
                self._parts.annunciator.show(Signal.REFUSED, answers.refused(refusal))
            return
        names = self._names(reader, card)
        person = self._parts.people.person_of(*names)
        if self._parts.awaited.take(card, names, person):
            return
        if self._parts.guard.holds(person.key, now_s):
            self._say_again(person)
        else:
            self._tap(self._touch(reader, card, names, person, now_s))

    def _touch(self, reader: str, card: Card, names: TokenPair, person: WhoseCard, now_s: float) -> _Touch:
        stamp = self._parts.keeper.stamp()
        return _Touch(reader, card, names, person, now_s, stamp, self._parts.keeper.true_at(stamp))

    def _tap(self, touch: _Touch) -> None:
        people = self._parts.people
        before = people.latest(touch.person.key, touch.at)
        action = decide(before, self._parts.station, touch.at, people.rules)
        tap = self._record(touch, action, before)
        if tap is None:
            return
        may_hold = action is Action.LEAVE and before is not None and before.standing is Standing.ON
        self._held = _Held(touch.reader, touch.card, tap.seq) if may_hold else None
        self._going = _Going(touch, tap.seq) if may_hold else None

    def _step_out(self, touch: _Touch, leave: Seq) -> None:
        before = self._parts.people.latest(touch.person.key, touch.at)
        self._record(touch, Action.STEP_OUT, before, leave)

    def _record(self, touch: _Touch, action: Action, before: Stint | None, of: Seq | None = None) -> Tap | None:
        """Commit the tap, then answer; None, and trouble shown, where it was not stored."""
        parts, key, stamp = self._parts, touch.person.key, touch.stamp
        draft = partial(
            Tap, at=stamp.at, clock=stamp.clock, boot=stamp.boot, mono_ms=stamp.mono_ms, action=action, of=of,
            token=touch.names.token, next_token=touch.names.next_token, card_kind=touch.card.kind, reader=touch.reader,
        )  # fmt: skip
        seen = parts.guard.row(key, touch.now_s)
        tap = None
        with suppress(JournalError):
            if parts.may_store(stamp):
                tap = parts.journal.append(lambda seq: draft(seq=seq), seen)
        if tap is None:
            parts.annunciator.show(Signal.TROUBLE, answers.trouble())
            return None
        parts.guard.tapped(seen)
        self.last = tap
        parts.people.add(parts.epoch, tap)
        told = {held: said for held, said in self._told.items() if parts.guard.holds(held, touch.now_s)}
        self._told = {**told, key: (action, stamp)}
        self._said_again.discard(key)
        parts.annunciator.show(*answers.answer(self._outcome(touch, action, before)))
        return tap

    def _outcome(self, touch: _Touch, action: Action, before: Stint | None) -> TapOutcome:
        people, key = self._parts.people, touch.person.key
        took_back, after = people.took_back(key), people.latest(key, touch.at)
        is_resumed = took_back and before is not None and after is not None and after.began_at == before.began_at
        has_forgotten = before is not None and before.end in {End.ASSUMED, End.OVERRUN}  # told first
        is_off_hours = action is Action.ARRIVE and after is not None and after.is_off_hours
        return TapOutcome(
            action=action, person=touch.person, at=_shown(touch.stamp), before=before,
            there=partial(people.headcount, touch.at), rules=people.rules, took_back=took_back, is_resumed=is_resumed,
            has_wrong_key=self._parts.has_wrong_key(),
            is_off_hours=is_off_hours,
            closed_for=people.reasons.get(people.rules.calendar.local_day(touch.at), ""),
            tells_untrained=(
                action is Action.ARRIVE and not (has_forgotten or is_off_hours) and self._is_untrained_today(touch)
            ),
        )  # fmt: skip

    def _is_untrained_today(self, touch: _Touch) -> bool:
        """Whether the person is untrained, and has not been told so today."""
        holder = touch.person.holder
        if holder is None or Holder.UNTRAINED not in holder.flags:
            return False
        day = self._parts.people.rules.calendar.local_day(touch.at)
        before, self._untrained_on[touch.person.key] = self._untrained_on.get(touch.person.key), day
        return before != day

    def _see(self, reader: str, card: Card, now_s: float, plate: Plate) -> None:
        """The card lies there, or came back within the guard."""
        parts, names = self._parts, self._names(reader, card)
        person = parts.people.person_of(*names)
        held = self._held
        if held is not None and held[:2] == (reader, card) and plate.held_s(card, now_s) >= parts.hold_s:
            self._held = self._going = None
            self._step_out(self._touch(reader, card, names, person, now_s), held.leave)
        row = parts.guard.still_seen(person.key, now_s)
        if row is not None:
            try:
                parts.journal.touch(row)
            except JournalError:
                return  # the guard holds in memory; only a restart just now would not know

    def _say_again(self, person: WhoseCard) -> None:
        """Once: a card at the field's edge, or one of two in a wallet, comes and goes."""
        if person.key in self._said_again:
            return
        self._said_again.add(person.key)
        action, stamp = self._told.get(person.key, (None, None))
        lines = answers.already_recorded(
            person, action, None if stamp is None else _shown(stamp), self._parts.people.rules
        )
        self._parts.annunciator.show(Signal.ALREADY_RECORDED, lines)

    def _end_hold(self, reader: str, card: Card) -> None:
        if self._held is not None and (self._held.reader, self._held.card) == (reader, card):
            self._held = None

    def _names(self, reader: str, card: Card) -> TokenPair:
        """Of the card that lies there, each poll: reckoned once, and anew under other keys."""
        keys = self._parts.site_keys.edition
        known = self._names_of.get(reader)
        if known is not None and known[:2] == (card, keys):
            return known[2]
        names = self._parts.site_keys.names(card)
        self._names_of[reader] = card, keys, names
        return names


def _shown(stamp: Stamp) -> datetime | None:
    """What may be shown as the time: not what a clock says that was never set."""
    return None if stamp.clock is ClockState.UNSET else stamp.at
