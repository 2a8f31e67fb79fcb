"""Who is on duty here as far as this kiosk can know: what the hub last said, and its own later taps on top.

Before a boot's first sync only taps of that boot count: a clock that stood still must not send anybody home. A presence
that tells no news leaves a person's course as it is, since only the course knows which leave can still be turned into
stepping out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from edge.backlog import OwnTap
from edge.timekeeping import Timekeeper
from station.duty import StationRules
from station.fold import Course, PlacedTap, fold
from station.hours import DAY_MINUTES, WEEK, Calendar, Span
from station.names import Epoch, KioskId, PersonId, StationCode, Token
from station.presence import Headcount, headcount, stint_of
from station.records import Action, Tap
from station.stints import LATELY, End, Stint
from station.wire.messages import PersonSeen, Presence
from station.wire.told import Duty, Holder, Roster

MEMORY: Final = timedelta(hours=36)  # a limit is a day at most, and a forgotten leave is told for 12 h more
# Without a calendar every hour counts: better a leave too many allowed than somebody shown as gone.
_ALWAYS: Final = ((Span(0, DAY_MINUTES),),) * WEEK

PersonKey = PersonId | Token


class WhoseCard(NamedTuple):
    """Whose card it is: `key` is the person's id, or the token where it is nobody's yet."""

    key: PersonKey
    holder: Holder | None
    counted: bool


class _Own(NamedTuple):
    """Somebody's taps at this kiosk, in order."""

    person: WhoseCard
    taps: list[OwnTap]


class People:
    """The kiosk's view of its station. Not for two threads at once.

    Attributes:
        rules: what taps are judged by.
        reasons: why a day has other hours than its week says, for whoever stands here.
        has_calendar: the hub has said when the station is open.
        has_roster: the hub has said whose cards are known; else every card is taken for a person's.
    """

    def __init__(self, station: StationCode, kiosk: KioskId, keeper: Timekeeper) -> None:
        self.rules = StationRules(Calendar(_ALWAYS))
        self.reasons: Mapping[date, str] = {}
        self.has_calendar = False
        self._station = station
        self._kiosk = kiosk
        self._keeper = keeper
        self.has_roster = False
        self._cards: dict[Token, Holder] = {}
        self._roster: tuple[int, dict[int, Roster]] = (0, {})
        self._presence: Presence | None = None
        self._own: list[OwnTap] = []
        self._own_of: dict[PersonKey, _Own] = {}
        self._courses: dict[PersonKey, Course] = {}
        self._mode = keeper.was_synced

    def person_of(self, token: Token, next_token: Token | None = None) -> WhoseCard:
        """Whose card that is, by either of its names; a revoked or unknown one is a person of its own, not counted."""
        holder = self._cards.get(token)
        if holder is None and next_token is not None:
            holder = self._cards.get(next_token)
        if holder is None:
            return WhoseCard(token, None, counted=not self.has_roster)
        if Holder.REVOKED in holder.flags or Holder.UNASSIGNED in holder.flags:
            return WhoseCard(token, holder, counted=False)
        return WhoseCard(holder.person, holder, counted=True)

    def latest(self, key: PersonKey, at: datetime) -> Stint | None:
        """That person's latest stint here, as that moment finds it."""
        return self._course(key).latest_at(at)

    def took_back(self, key: PersonKey) -> bool:
        """Whether that person's last tap took a leave back."""
        return self._course(key).took_back

    def headcount(self, at: datetime) -> Headcount:
        """How many count at that moment."""
        return headcount((stint for _, stint in self._counted_stints(at)), at)

    def asked(self, at: datetime) -> list[str]:
        """The masked names of those who may be here without the kiosk's knowing; empty where a name is not known.

        Their last stint here ended lately because nobody said so, or they said so late.
        """
        names = {holder.person: holder.name for holder in self._cards.values()}
        return [
            names.get(PersonId(key), "")
            for key, stint in self._counted_stints(at)
            if stint.ended_at is not None and at - stint.ended_at <= LATELY and _is_doubtful(stint)
        ]

    def add(self, epoch: Epoch, tap: Tap) -> None:
        """Fold one more tap of this kiosk, once it is stored."""
        own = OwnTap(epoch, tap)
        person = self.person_of(tap.token, tap.next_token)
        course = self._course(person.key)
        self._own.append(own)
        self._own_of.setdefault(person.key, _Own(person, [])).taps.append(own)
        course.apply(self._placed(own))

    def remember(self, taps: Iterable[OwnTap]) -> None:
        """Take in the taps that the journal holds from earlier runs."""
        self._own = [*taps, *self._own]
        self._sort_own()

    def forget_old(self, at: datetime) -> None:
        """Let go of taps that can matter no more; what came first goes first."""
        if not self._own or at - self._true_at(self._own[0].tap) <= MEMORY:
            return
        known = len(self._own)
        self._own = [own for own in self._own if at - self._true_at(own.tap) <= MEMORY]
        if len(self._own) < known:
            self._sort_own()

    def refold(self) -> None:
        """Fold everybody anew: what is known of the time has changed."""
        self._courses.clear()

    def take_duty(self, duty: Duty) -> None:
        """Judge by these hours from now on.

        Raises:
            ValueError: they are no hours.
            KeyError: this machine does not know their zone.
        """
        self.rules = duty.rules()
        self.reasons = duty.reasons
        self.has_calendar = True
        self._courses.clear()

    def take_roster(self, part: Roster) -> bool:
        """Know these cards. A part of a new version adds at first; with the last one the old version goes.

        Returns:
            Whether all parts of that version are here.
        """
        version, parts = self._roster
        if part.version != version:
            parts = {}
        parts = {**parts, part.part: part}
        self._roster = part.version, parts
        is_whole = set(parts) >= set(range(1, part.parts + 1))
        known = {} if is_whole else dict(self._cards)
        for each in parts.values():
            known |= each.cards
        self._cards = known
        self.has_roster = True
        self._sort_own()
        return is_whole

    def take_presence(self, presence: Presence) -> None:
        """Take the hub's view as the ground of one's own."""
        known, self._courses = self._courses, {}
        self._presence = presence
        for key, course in known.items():
            if _tells_nothing_new(course, self._course(key), presence.as_of):
                self._courses[key] = course

    def _counted_stints(self, at: datetime) -> Iterator[tuple[PersonKey, Stint]]:
        counted: dict[PersonKey, bool] = {PersonId(key): told.counted for key, told in self._told().items()}
        counted |= {key: own.person.counted for key, own in self._own_of.items()}
        for key, is_counted in counted.items():
            stint = self._course(key).latest_at(at) if is_counted else None
            if stint is not None:
                yield key, stint

    def _told(self) -> dict[str, PersonSeen]:
        return self._presence.people if self._presence is not None and self._keeper.was_synced else {}

    def _course(self, key: PersonKey) -> Course:
        if self._mode != self._keeper.was_synced:
            self._mode = self._keeper.was_synced
            self._courses.clear()
        course = self._courses.get(key)
        if course is None:
            told = self._told().get(key)
            base = None if told is None else stint_of(told, self._station)
            since = None if base is None else _changed_at(base)
            taps = [self._placed(own) for own in self._later(key)]
            leave = self._leave_behind(key, base)
            if base is not None and leave is not None:
                base, taps = replace(base, ended_at=None, end=None), [leave, *taps]
            course = fold((tap for tap in taps if since is None or tap.at >= since), {self._station: self.rules}, base)
            self._courses[key] = course
        return course

    def _later(self, key: PersonKey) -> list[OwnTap]:
        """That person's taps here from the first on that the hub's view does not hold.

        A hub that was put back may hold a tap and lack the one before: what it made of it proves nothing.
        """
        presence = self._presence if self._keeper.was_synced else None
        folded = {} if presence is None else presence.folded.get(self._kiosk, {})
        known = self._own_of.get(key)
        taps = [] if known is None else known.taps
        here = [own for own in taps if self._keeper.was_synced or own.tap.boot == self._keeper.boot]
        missing = (index for index, own in enumerate(here) if own.tap.seq > folded.get(own.epoch, 0))
        return here[next(missing, len(here)) :]

    def _leave_behind(self, key: PersonKey, base: Stint | None) -> PlacedTap | None:
        """This kiosk's own leave that ended the hub's stint: it may yet be taken back, or become stepping out."""
        known = self._own_of.get(key)
        if base is None or base.end is not End.LEAVE or base.claimed or known is None:
            return None
        leaves = (self._placed(own) for own in reversed(known.taps) if own.tap.action is Action.LEAVE)
        return next((leave for leave in leaves if leave.at == base.ended_at), None)

    def _sort_own(self) -> None:
        """Whose this kiosk's taps are may have changed, and with it everybody's course."""
        self._own_of = {}
        for own in self._own:
            person = self.person_of(own.tap.token, own.tap.next_token)
            self._own_of.setdefault(person.key, _Own(person, [])).taps.append(own)
        self.refold()

    def _true_at(self, tap: Tap) -> datetime:
        return self._keeper.true_at(tap) if tap.boot == self._keeper.boot else tap.at

    def _placed(self, own: OwnTap) -> PlacedTap:
        tap = own.tap
        return PlacedTap(self._true_at(tap), self._kiosk, own.epoch, tap.seq, self._station, tap.action, tap.of)


def _changed_at(stint: Stint) -> datetime:
    """When a tap last changed the stint, as far as it tells."""
    if stint.ended_at is not None and stint.end in {End.LEAVE, End.LATE, End.MOVED}:
        return stint.ended_at
    return stint.out_since or stint.began_at


def _is_doubtful(stint: Stint) -> bool:
    return stint.claimed or stint.end in {End.ASSUMED, End.LATE}


def _tells_nothing_new(known: Course, told: Course, at: datetime) -> bool:
    before, after = known.latest_at(at), told.latest_at(at)
    if before is None or after is None:
        return before is after
    return _gist(before) == _gist(after)


def _gist(stint: Stint) -> tuple[object, ...]:
    return stint.standing, stint.began_at, stint.out_since, stint.ended_at, stint.end, stint.period
