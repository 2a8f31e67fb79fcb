"""What a kiosk does every second or so without anybody tapping: pulses, signs of life, its clock, an opening's chime.

It writes to the journal like a tap does; where that fails it goes on, and says so once.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, ParamSpec

from devices.signals import Signal
from edge import answers
from edge.errors import JournalError
from edge.hub_time import HubTime
from edge.journal import KioskJournal
from edge.people import People
from edge.pulses import Phase, is_pulse_due, phase_from
from edge.timekeeping import Moved, Stamp, Timekeeper
from edge.voice import Voice
from edge.watch import ReadersWatch
from station.hours import Calendar
from station.names import Seq
from station.records import AnyRecord, ClockSet, Note, Pulse, ReaderChange, ReaderState

P = ParamSpec("P")
_log = logging.getLogger(__name__)
SIGN_EVERY_MS: Final = 60_000
EVERY_S: Final = 1.0
MEND_EVERY_S: Final = 5.0  # a disk that takes nothing is not tried in a tight loop
LATEST_S: Final = 15.0  # on the kiosk's clock: how late a pulse may come


@dataclass(slots=True)
class Rounds:
    """The rounds of one kiosk. Not for two threads at once."""

    journal: KioskJournal
    people: People
    keeper: Timekeeper
    watch: ReadersWatch
    voice: Voice
    time: HubTime
    _has_failed: bool = False
    _deaf: Stamp | None = None
    _deaf_reason: str = ""
    _mend_s: float = float("-inf")
    _next_s: float = float("-inf")
    _signed_ms: int = 0
    _signed_kept: bool | None = None
    _calendar: Calendar | None = None
    _phase: Phase | None = None
    _was_open: bool | None = None
    _is_mute_told: bool = False

    def make(self) -> None:
        """Do what is due; cheap where nothing is."""
        now_s = self.time.clock.boot_s()
        if now_s < self._next_s:
            return
        self._next_s = now_s + min(EVERY_S, self.time.clock.real_s(LATEST_S))
        stamp = self._look_at_clock()
        self._mend(stamp, now_s)
        self._tell_mute(stamp)
        self._tell_hanging(stamp, now_s)
        at = self.keeper.true_at(stamp)
        phase = self._phase_at(at)
        self._pulse(stamp, phase, now_s)
        self._live(stamp)
        self.people.forget_old(at)
        self._chime(at, phase)

    def write(self, stamp: Stamp, kind: Callable[..., AnyRecord], **fields: Any) -> bool:
        """Store a record that nobody waits for; false where it was not."""

        def draft(seq: Seq) -> AnyRecord:
            return kind(seq=seq, at=stamp.at, clock=stamp.clock, boot=stamp.boot, mono_ms=stamp.mono_ms, **fields)

        return self._try(self.journal.append, draft)

    def write_reader(self, stamp: Stamp, reader: str, state: ReaderState, reason: str) -> bool:
        """Store how a reader is; false where it was not, and must be said again."""
        is_stored = self.write(stamp, ReaderChange, reader=reader, state=state, reason=reason)
        if is_stored:
            self.watch.recorded(reader, state)
        return is_stored

    @property
    def is_deaf(self) -> bool:
        """Nothing can be stored, or it is not yet on record since when it could not."""
        return self._deaf is not None or bool(self.journal.trouble)

    def _mend(self, stamp: Stamp, now_s: float) -> None:
        """Say afterwards that nobody was seen while nothing could be stored; trying to say so finds out when it can.

        The readers' threads then record how they are now.
        """
        self._notice(stamp)
        if self._deaf is not None and now_s >= self._mend_s and not self._own_up(self._deaf):
            self._mend_s = now_s + MEND_EVERY_S

    def may_store(self, stamp: Stamp) -> bool:
        """Whether a tap can be stored now; before the first one it is on record since when nobody was seen, and why."""
        self._notice(stamp)
        return self._deaf is None or self._own_up(self._deaf)

    def _notice(self, stamp: Stamp) -> None:
        if self.is_deaf and self._deaf is None:
            self._deaf, self._deaf_reason = stamp, f"could not store anything: {self.journal.trouble}"[:200]

    def _own_up(self, since: Stamp) -> bool:
        last_ms = self.journal.last_mono_ms
        if last_ms is not None and last_ms > since.mono_ms:
            behind = timedelta(milliseconds=last_ms - since.mono_ms)
            since = replace(since, at=since.at + behind, mono_ms=last_ms)
        if all(self.write_reader(since, name, ReaderState.BLIND, self._deaf_reason) for name in self.watch.readers):
            self._deaf = None
        return self._deaf is None

    def _tell_mute(self, stamp: Stamp) -> None:
        """Record that people get no answer, and that they get it again: who hears nothing taps twice."""
        trouble = self.voice.trouble
        if bool(trouble) is not self._is_mute_told:
            text = f"people get no answer: {trouble}"[:200] if trouble else "people are answered again"
            if self.write(stamp, Note, text=text):
                self._is_mute_told = bool(trouble)

    def _tell_hanging(self, stamp: Stamp, now_s: float) -> None:
        """Record that a reader sees nothing, and since when, as far back as no record says otherwise.

        Its thread says itself when it is back.
        """
        for reader, silent_s in self.watch.hanging(now_s):
            silent_ms = min(
                int(silent_s / self.time.clock.real_s(1.0) * 1000), stamp.mono_ms - (self.journal.last_mono_ms or 0)
            )
            since = replace(stamp, at=stamp.at - timedelta(milliseconds=silent_ms), mono_ms=stamp.mono_ms - silent_ms)
            self.write_reader(since, reader, ReaderState.BLIND, "its thread does not answer")

    def _look_at_clock(self) -> Stamp:
        stamp, moved = self.keeper.check()
        if moved is not None:
            self.tell_move(moved)
            self.people.refold()
        return stamp

    def tell_move(self, moved: Moved) -> None:
        """Record that the clock was set, or moved by somebody who may be wrong."""
        if moved.is_true:
            said = {"source": self.time.source, "bound_ms": self.time.bound_ms}
            self.write(moved.stamp, ClockSet, offset_ms=moved.offset_ms, **said)
        else:
            text = f"the clock was moved by {moved.offset_ms / 1000:.1f} s, not by a time service"
            self.write(moved.stamp, Note, text=text)

    def _phase_at(self, at: datetime) -> Phase | None:
        """What the station's hours mean at that moment; None where they, or the time, are not known."""
        if not (self.people.has_calendar and self.keeper.was_synced):
            return None
        calendar = self.people.rules.calendar
        if self._phase is None or calendar is not self._calendar or not self._phase.holds(at):
            self._calendar, self._phase = calendar, phase_from(at, calendar)
        return self._phase

    def _pulse(self, stamp: Stamp, phase: Phase | None, now_s: float) -> None:
        """Say that the kiosk still watches, where that is due."""
        last_ms = self.journal.last_mono_ms
        silent_ms = None if last_ms is None else stamp.mono_ms - last_ms
        if is_pulse_due(phase, silent_ms) and self.watch.is_watching(now_s):
            self.write(stamp, Pulse)

    def _live(self, stamp: Stamp) -> None:
        """Give a sign of life where no record was one lately; and at once where a time service came or went.

        The next run takes the clock for kept up to the last record, unless a sign says otherwise.
        """
        silent_ms = stamp.mono_ms - max(self._signed_ms, self.journal.last_mono_ms or 0)
        is_due = silent_ms >= SIGN_EVERY_MS or self.keeper.is_kept is not self._signed_kept
        if (
            is_due
            and not self.is_deaf
            and self._try(lambda: self.journal.note_alive(stamp, self.keeper.synced_mono_ms))
        ):
            self._signed_ms, self._signed_kept = stamp.mono_ms, self.keeper.is_kept

    def _chime(self, at: datetime, phase: Phase | None) -> None:
        """At an opening, ask those to tap who may be there without the kiosk's knowing."""
        if phase is None:
            return
        was_open, self._was_open = self._was_open, phase.is_open
        if phase.is_open and was_open is False:
            asked = self.people.asked(at)
            if asked:
                self.voice.show(Signal.CHIME, answers.opening(asked))

    def _try(self, act: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            act(*args, **kwargs)
        except JournalError as exc:
            if not self._has_failed:
                _log.error("%s", exc)
            self._has_failed = True
            return False
        if self._has_failed:
            _log.info("the journal can be written again")
            self._has_failed = False
        return True
