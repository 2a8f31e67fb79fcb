"""One kiosk without threads, sockets or drivers: what its readers see comes in, records and answers come out.

`agent` gives it threads, drivers and a broker; a simulated world steps it by hand. `look`, `reader_is` and `tend` may
come from any thread and take turns; `notice` and `health` never wait for them.
"""

import logging
import threading
from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from devices.card import Card
from devices.signals import Annunciator
from edge.beacon import Beacon
from edge.card_awaited import CardAwaited
from edge.certificate import known_past
from edge.commission_checks import look_over
from edge.commissioning import Commission, Surroundings
from edge.config import EdgeConfig
from edge.errors import JournalError
from edge.guard import Guard
from edge.health import Health
from edge.hub_time import HubTime
from edge.people import MEMORY, People
from edge.rounds import Rounds
from edge.run_before import RunBefore
from edge.seams import Seams
from edge.site_keys import SiteKeys
from edge.starting_again import FreshStart
from edge.stick import StickWatch
from edge.store import KioskStore, open_store
from edge.tapping import TapParts, Tapping
from edge.timekeeping import Moved, Timekeeper
from edge.told import ToldMessage
from edge.voice import Voice
from edge.watch import SEVERITY, ReadersWatch
from station.hours import Calendar
from station.names import Epoch, Seq
from station.records import ClockState, Note, ReaderState, Started
from station.wire.messages import Presence
from station.wire.told import Duty, Roster

_log = logging.getLogger(__name__)
_MAILBOX: Final = 256  # what the hub says while the reader's thread is busy; the newest win
_LONGEST_REASON: Final = 200
WRONG_KEY: Final = (
    "the site key is another than the hub's, so no card is known here; install again from a stick of this hub's"
)


class KioskCore:
    """A run of one kiosk: begun when made, ended by `close`."""

    def __init__(
        self, config: EdgeConfig, *, site_key: bytes, annunciator: Annunciator, seams: Seams, version: str = "0"
    ) -> None:
        """Open or make what it keeps, and begin a run.

        Raises:
            DataHeldError: another agent holds the data directory.
            JournalError: no run can be begun there.
            OSError: the data directory cannot be used.
        """
        self.time = HubTime(seams.clock, seams.is_synced)
        seams = replace(seams, clock=self.time.clock, is_synced=self.time.is_synced)
        self.config = config
        self.epoch = Epoch(seams.entropy(8).hex())
        self._is_key_wrong = False
        self._turn = threading.Lock()
        self._mail: deque[ToldMessage] = deque(maxlen=_MAILBOX)
        self._boot_s = seams.clock.boot_s
        self.watch = ReadersWatch()
        self._voice = Voice(annunciator)
        self.beacon = Beacon(self._voice, self._boot_s)
        self.card_awaited = CardAwaited(self._voice, self._boot_s)
        self.fresh_start = FreshStart(self._boot_s, self._has_somebody)
        self.store = open_store(config.data_dir, seams.connect)
        self.site_keys = SiteKeys(site_key, config.data_dir)
        try:
            self.keeper = _keeper_of(seams, self.store, known_past(config.broker.certificate_file))
            self.people = People(config.station, config.kiosk, self.keeper)
            self.rounds = Rounds(self.store.journal, self.people, self.keeper, self.watch, self._voice, self.time)
            self._recall()
            self._begin(version, seams)
            self._tapping = Tapping(self._tap_parts(seams))
            self.commission = Commission(config.data_dir, self._surroundings(seams, version))
            self._stick = StickWatch(config.data_dir, self._voice, self._boot_s)
        except BaseException:
            self.store.close()
            raise

    def look(self, reader: str, card: Card | None) -> None:
        """Take in one answered poll of that reader: the card it saw, or none."""
        with self._turn:
            self._open_mail()
            self._tapping.look(reader, card)

    def press(self) -> None:
        """Take in that somebody pressed the button 临时外出."""
        with self._turn:
            self._open_mail()
            self._tapping.press()

    def is_occupied(self, reader: str) -> bool:
        """Whether a card lies on that reader, as far as its last poll told."""
        return self._tapping.is_occupied(reader)

    def reader_is(self, reader: str, state: ReaderState, reason: str = "") -> None:
        """Take in how a reader is; call it after every poll, answered or not."""
        with self._turn:
            if self.watch.hear(reader, state, reason, self._boot_s()) and not self.rounds.is_deaf:
                self.rounds.write_reader(self.keeper.stamp(), reader, state, _short(reason))

    def tend(self) -> None:
        """Do what is due without a tap; call it a few times a second."""
        with self._turn:
            self._open_mail()
            self.rounds.make()
            self.beacon.make()
            self.card_awaited.make(self.people.person_of)
            self.commission.make()
            self._stick.make()

    def notice(self, told: ToldMessage) -> None:
        """Take in what the hub says; it is heeded from the next `look` or `tend` on."""
        self._mail.append(told)

    def health(self) -> Health:
        """How the kiosk is right now; while it can store nothing, its readers see in vain."""
        reader, reason = self.watch.worst(self._boot_s())
        trouble = self.store.journal.trouble
        if trouble:
            reader, reason = max(reader, ReaderState.BLIND, key=SEVERITY.index), trouble
        elif self._voice.trouble:
            reason = f"people get no answer: {self._voice.trouble}"
        elif self.store.retention.is_short:
            reason = "the disk is nearly full"
        elif self._is_key_wrong:
            reason = WRONG_KEY
        keys = self.site_keys
        return Health(self.keeper.stamp(), reader, _short(reason), self.time.source, keys.mark, keys.next_mark)

    def known_calendar(self) -> Calendar | None:
        """The station's hours, as far as the hub has said them."""
        return self.people.rules.calendar if self.people.has_calendar else None

    def known_now(self) -> datetime | None:
        """The time, where a clock or the hub keeps it."""
        return self.keeper.stamp().at if self.keeper.was_synced else None

    @property
    def is_moving(self) -> bool:
        """Whether no reader's thread has been silent for too long."""
        return not self.watch.is_stuck(self._boot_s())

    def hear_key(self, fingerprint: str) -> None:
        """Take in which site key the hub has: with another one no card is known here. From the network's thread."""
        is_wrong = not self.site_keys.knows(fingerprint)
        if is_wrong and not self._is_key_wrong:
            _log.error("%s", WRONG_KEY)
        self._is_key_wrong = is_wrong

    def close(self) -> None:
        """End the run in order."""
        with self._turn:
            try:
                self.store.journal.note_alive(self.keeper.stamp(), self.keeper.synced_mono_ms, is_clean=True)
            except JournalError as exc:
                _log.warning("the run's end is not marked: %s", exc)
            self.store.close()

    def _has_somebody(self) -> bool:
        return any(map(self._tapping.is_occupied, [reader.name for reader in self.config.readers]))

    def _begin(self, version: str, seams: Seams) -> None:
        before, stamp = self.store.journal.before, self.keeper.stamp()
        started = partial(
            Started, at=stamp.at, clock=stamp.clock, boot=stamp.boot, mono_ms=stamp.mono_ms, version=version,
            **({} if before is None else _told_of(before)),
        )  # fmt: skip
        doubted = _is_doubted(seams, self.store)

        def number(seq: Seq) -> Started:
            return started(seq=seq)

        self.store.journal.begin(self.epoch, seams.boot, number)
        if doubted and stamp.clock is ClockState.SYNCED:
            self.rounds.tell_move(Moved(stamp, 0, is_true=True))
        if self.store.loss:
            self.rounds.write(stamp, Note, text=self.store.loss)

    def _recall(self) -> None:
        """Know again what the hub said and who tapped before this run."""
        told = self.store.told
        for message in (told.read_duty(), *told.read_roster(), told.read_presence()):
            if message is not None:
                self._heed(message)
        stamp = self.keeper.stamp()
        memory_ms = MEMORY // timedelta(milliseconds=1)
        taps = self.store.backlog.taps_since(stamp.at - MEMORY, stamp.boot, stamp.mono_ms - memory_ms)
        self.people.remember(taps)

    def _tap_parts(self, seams: Seams) -> TapParts:
        limits, journal = self.config.limits, self.store.journal
        return TapParts(
            station=self.config.station, epoch=self.epoch, site_keys=self.site_keys, journal=journal,
            people=self.people, keeper=self.keeper,
            guard=Guard(limits.guard_s, seams.boot, journal.guard_rows(seams.boot), self._dark(seams)),
            annunciator=self._voice, awaited=self.card_awaited, has_wrong_key=lambda: self._is_key_wrong,
            may_store=self.rounds.may_store, now_s=self._boot_s, hold_s=limits.hold_s,
        )  # fmt: skip

    def _surroundings(self, seams: Seams, version: str) -> Surroundings:
        def is_settled(epoch: Epoch, seq: int) -> bool:
            said = self.store.retention.said.get(epoch)
            return said is not None and said.through >= seq

        return Surroundings(
            voice=self._voice, now_s=self._boot_s, stamp=self.keeper.stamp, boot=seams.boot, epoch=self.epoch,
            last_tap=lambda: self._tapping.last, is_settled=is_settled, has_line=seams.has_line,
            checks=lambda: look_over(self.health(), self.config.data_dir, version),
        )  # fmt: skip

    def _dark(self, seams: Seams) -> tuple[float, float] | None:
        """Since when nobody looked, by the run before, and until now; real seconds since boot."""
        before = self.store.journal.before
        if before is None or before.boot != seams.boot or before.alive_mono_ms is None or seams.clock.rate != 1:
            return None
        return before.alive_mono_ms / 1000, self._boot_s()

    def _open_mail(self) -> None:
        while self._mail:
            self._heed(self._mail.popleft())

    def _heed(self, told: ToldMessage) -> None:
        match told:
            case Presence():
                self.people.take_presence(told)
            case Roster():
                if self.people.take_roster(told):
                    self._settle_key(told.key)
            case Duty():
                try:
                    self.people.take_duty(told)
                except (ValueError, KeyError) as exc:  # KeyError: a zone that this machine does not know
                    _log.warning("the hub's hours cannot be used: %s", exc)

    def _settle_key(self, mark: str) -> None:
        try:
            self.site_keys.settle(mark)
        except OSError as exc:
            _log.warning("the old site key is not forgotten yet: %s", exc.strerror)  # the next roster asks again


def _short(reason: str) -> str:
    return reason[:_LONGEST_REASON]


def _told_of(before: RunBefore) -> dict[str, Any]:
    return {
        "before": before.epoch,
        "clean": before.is_clean,
        "last_alive_at": before.alive_at,
        "last_alive_mono_ms": before.alive_mono_ms,
    }


def _keeper_of(seams: Seams, store: KioskStore, behind_at: datetime) -> Timekeeper:
    before = store.journal.before
    is_same_boot = before is not None and before.boot == seams.boot
    was_at = None
    if before is not None and is_same_boot and before.alive_at is not None and before.alive_mono_ms is not None:
        was_at = before.alive_at, before.alive_mono_ms
    return Timekeeper(
        seams.clock, boot=seams.boot, is_synced=seams.is_synced,
        believed_at=behind_at if before is None else max(before.alive_at or behind_at, behind_at),
        synced_mono_ms=before.synced_mono_ms if before is not None and is_same_boot else None, was_at=was_at,
        is_doubted=_is_doubted(seams, store), right_at=store.backlog.right_clock(seams.boot),
    )  # fmt: skip


def _is_doubted(seams: Seams, store: KioskStore) -> bool:
    """Whether the run before, of this very boot, did not trust its clock in the end."""
    return store.backlog.last_clock(seams.boot) not in {None, ClockState.SYNCED}
