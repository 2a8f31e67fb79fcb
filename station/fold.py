"""Folding one person's taps into stints, across all stations.

A `Course` takes taps in order only. What comes late is folded again from the start (`fold`): a person has a
handful of taps a day. The action of a tap is a fact; the fold never turns it round.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from station.duty import StationRules
from station.forgotten import Forgot, forgot, later_period
from station.names import Epoch, KioskId, RecordName, Seq, StationCode
from station.records import Action
from station.stints import End, Standing, Stint, began, ended, limits_of, stint_at

Rules = Mapping[StationCode, StationRules]


class PlacedTap(NamedTuple):
    """A tap in its place: sorts by corrected time, then kiosk, epoch, seq.

    Attributes:
        proves: whether it shows that the person was there: not one that was added without evidence.
    """

    at: datetime
    kiosk: KioskId
    epoch: Epoch
    seq: Seq
    station: StationCode
    action: Action
    of: Seq | None = None
    uncertain: bool = False
    proves: bool = True

    @property
    def name(self) -> RecordName:
        """The record that it is."""
        return RecordName(self.kiosk, self.epoch, self.seq)


class _Undo(NamedTuple):
    """A leave and what was before it, for as long as it can be taken back or turned into stepping out."""

    leave: PlacedTap
    before: tuple[Stint, ...]
    ended_running: bool


@dataclass(slots=True)
class Course:
    """One person's stints so far.

    Attributes:
        stints: in the order they began; only the last can be running.
        again: taps that changed nothing.
        unmatched: taps that had nothing to end, return to or turn round.
        took_back: whether the last tap took a leave back.
    """

    rules: Rules
    stints: tuple[Stint, ...] = ()
    again: list[RecordName] = field(default_factory=list)
    unmatched: list[RecordName] = field(default_factory=list)
    last: PlacedTap | None = None
    took_back: bool = False
    _undo: _Undo | None = None

    def apply(self, tap: PlacedTap) -> None:
        """Fold one more tap; it must not lie before the last one."""
        self.last, self.took_back = tap, False
        if self.stints:
            running = self.stints[-1]
            found = self._seen(running, tap.at)
            if found is not running:
                self._replace_last(found)
        undo, self._undo = self._undo, None
        match tap.action:
            case Action.ARRIVE:
                self._arrive(tap, undo)
            case Action.LEAVE:
                self._leave(tap)
            case Action.RETURN:
                self._return(tap)
            case Action.STEP_OUT:
                self._step_out(tap, undo)

    def latest_at(self, at: datetime) -> Stint | None:
        """The latest stint as that moment finds it."""
        return self._seen(self.stints[-1], at) if self.stints else None

    def stints_at(self, at: datetime) -> tuple[Stint, ...]:
        """All stints as that moment finds them."""
        return (*self.stints[:-1], self._seen(self.stints[-1], at)) if self.stints else ()

    def _seen(self, stint: Stint, at: datetime) -> Stint:
        return stint_at(stint, at, self.rules[stint.station])

    def _replace_last(self, stint: Stint) -> None:
        self.stints = (*self.stints[:-1], stint)

    def _standing(self, station: StationCode) -> Standing:
        if not self.stints or self.stints[-1].station != station:
            return Standing.OFF
        return self.stints[-1].standing

    def _arrive(self, tap: PlacedTap, undo: _Undo | None) -> None:
        self.took_back = self._take_back(tap, undo)
        standing = self._standing(tap.station)
        if standing is Standing.OUT:
            self._come_back(tap)
        elif standing is Standing.ON and self.stints[-1].counts(tap.at):
            self._come_again(tap, is_listed=not self.took_back)
        else:
            self._begin(tap)

    def _return(self, tap: PlacedTap) -> None:
        standing = self._standing(tap.station)
        if standing is Standing.OUT:
            self._come_back(tap)
        elif standing is Standing.ON:
            self._come_again(tap)
        else:
            self.unmatched.append(tap.name)
            self._begin(tap, unmatched=True)

    def _begin(self, tap: PlacedTap, *, unmatched: bool = False) -> None:
        if self.stints and self.stints[-1].ended_at is None:
            self._end_for(tap)
        stint = began(tap.station, tap.at, self.rules[tap.station], by=tap.name)
        if unmatched or tap.uncertain or not tap.proves:
            stint = replace(stint, unmatched=unmatched, uncertain=tap.uncertain, unproven=not tap.proves)
        self.stints = (*self.stints, stint)

    def _end_for(self, tap: PlacedTap) -> None:
        """End what is running, since the person begins another stint: elsewhere, or here off hours."""
        running = self.stints[-1]
        if running.station == tap.station:
            self._replace_last(ended(running, tap.at, End.LEAVE))
            return
        at = running.out_since or tap.at
        if running.period is not None and running.out_since is None:
            at = max(running.began_at, min(at, running.period.closes_at))
        self._replace_last(ended(running, at, End.MOVED, out_until=tap.at))

    def _leave(self, tap: PlacedTap) -> None:
        before = self.stints
        latest = before[-1] if before else None
        if self._standing(tap.station) is not Standing.OFF:
            assert latest is not None
            left = ended(latest, tap.at, End.LEAVE, out_until=tap.at)
            self._replace_last(replace(left, uncertain=latest.uncertain or tap.uncertain, end_unproven=not tap.proves))
            self._undo = _Undo(tap, before, ended_running=True)
            return
        here = latest if latest is not None and latest.station == tap.station else None
        kind = forgot(here, tap.at, self.rules[tap.station])
        if here is None or kind is None:
            self.unmatched.append(tap.name)
            return
        self._undo = _Undo(tap, before, ended_running=False)
        if kind is Forgot.LATE:
            late = replace(here, ended_at=tap.at, end=End.LATE, uncertain=here.uncertain or tap.uncertain)
            self._replace_last(replace(late, end_unproven=not tap.proves))
        else:
            self._claim(tap, here)

    def _claim(self, tap: PlacedTap, forgotten: Stint) -> None:
        period = later_period(forgotten, tap.at, self.rules[tap.station])
        assert period is not None  # what makes it a claim
        claim = Stint(
            station=tap.station, began_at=period.opens_at, period=period, counts_from=None, ended_at=tap.at,
            end=End.LEAVE, claimed=True, uncertain=tap.uncertain, begun_by=tap.name,
        )  # fmt: skip
        self.stints = (*self.stints, claim)

    def _come_again(self, tap: PlacedTap, *, is_listed: bool = True) -> None:
        """They are there already: it changes nothing, but proves that they still are.

        Where nothing proved it until then, what does begins a stint of its own.
        """
        if tap.proves and self.stints[-1].unproven:
            self._replace_last(replace(ended(self.stints[-1], tap.at, End.LEAVE), end_unproven=True))
            self._begin(tap)
            return
        if is_listed:
            self.again.append(tap.name)
        if tap.proves:
            self._replace_last(replace(self.stints[-1], seen_at=tap.at))

    def _come_back(self, tap: PlacedTap) -> None:
        stint = self.stints[-1]
        assert stint.out_since is not None
        if not tap.proves:  # the absence is over, and nothing shows that they were there afterwards
            self._replace_last(ended(stint, stint.out_since, End.LEAVE, out_until=tap.at))
            self._begin(tap)
            return
        outs = (*stint.outs, (stint.out_since, tap.at))
        self._replace_last(replace(stint, out_since=None, outs=outs, seen_at=tap.at))

    def _step_out(self, tap: PlacedTap, undo: _Undo | None) -> None:
        """Turn one's own leave into stepping out at that leave's moment."""
        if undo is None or not undo.ended_running or undo.leave.name != (tap.kiosk, tap.epoch, tap.of):
            self.unmatched.append(tap.name)
            return
        stint = undo.before[-1]
        if stint.out_since is None:
            stint = replace(stint, out_since=undo.leave.at, seen_at=undo.leave.at)
        self.stints = (*undo.before[:-1], stint)

    def _take_back(self, tap: PlacedTap, undo: _Undo | None) -> bool:
        """Undo one's own leave by an arrival soon after; a running stint only while its period lasts."""
        if undo is None or undo.leave.station != tap.station or not tap.proves:
            return False
        latest = undo.before[-1]
        if tap.at - undo.leave.at > limits_of(latest, self.rules[tap.station]).take_back:
            return False
        if undo.ended_running:
            if latest.period is None or not latest.counts(tap.at) or tap.at >= latest.period.closes_at:
                return False
            if undo.leave.proves and latest.out_since is None:
                latest = replace(latest, seen_at=undo.leave.at)  # taken back or not, they were there
        self.stints = (*undo.before[:-1], self._seen(latest, tap.at))
        return True


def fold(taps: Iterable[PlacedTap], rules: Rules, base: Stint | None = None) -> Course:
    """One person's course from all their taps, in whatever order they came, after what `base` knows already."""
    course = Course(rules, () if base is None else (base,))
    for tap in sorted(set(taps)):
        course.apply(tap)
    return course
