"""Taking in what came: read, stored, answered, and only then handed on; whatever fails blocks none of the others.

No thread and no socket; all calls come from one thread. What cannot be stored now is not settled, and comes again.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from hub.database.transactions import StoreTroubleError
from hub.findings import FindingKind, Findings
from hub.intake.gathering import Gathered, SignsOfLife, Stored
from hub.intake.seniority import Seniority
from hub.intake.settling import Intake
from hub.intake.sorting import Counts, Delivery, JournalRead, ReplyRead, Sorter
from hub.register.directory import KnownKiosk
from station.wire.messages import HubState

log = logging.getLogger(__name__)

FAULT: Final = "the hub failed over it"
HOUSEKEEPING: Final = "housekeeping"
LONGEST_PAUSE: Final = 8  # rounds of a second without a try


class Answering(Protocol):
    """Where answers go."""

    def publish(self, topic: str, payload: bytes, *, keep: bool = True) -> bool:
        """Send a message, for the broker to keep or not."""

    def announce(self) -> None:
        """Make every kiosk tell its state again."""


class Taking:
    """The hub's mouth.

    Args:
        sorter: told of new kiosks.
        intake: reads, stores and answers.
        findings: where trouble is reported.
        hear: told who gave a sign of life, before anything is stored.
        hand_on: told what has been stored, after it was answered.
        keep_house: called with `tidy`; tried again where it fails.
        birth: this hub's own.
        answering: where answers go.
        now: the hub's clock.
        answered: told what kiosks say of commands.

    Attributes:
        is_in_trouble: what came last could not be stored.
    """

    def __init__(
        self,
        *,
        sorter: Sorter,
        intake: Intake,
        findings: Findings,
        counts: Counts,
        hear: Callable[[SignsOfLife], None],
        hand_on: Callable[[list[Stored]], None],
        keep_house: Callable[[], None],
        birth: HubState,
        answering: Answering,
        now: Callable[[], datetime],
        answered: Callable[[list[ReplyRead]], None] = lambda _: None,
    ) -> None:
        self._sorter = sorter
        self._intake = intake
        self._findings = findings
        self._counts = counts
        self._hear = hear
        self._hand_on = hand_on
        self._keep_house = keep_house
        self._seniority = Seniority(birth, findings, now)
        self._answering = answering
        self._answered = answered
        self.is_in_trouble = False
        self._dropped_before = 0
        self._pause = self._rounds_off = 0

    def answer_by(self, answering: Answering) -> None:
        """Say where answers go from now on."""
        self._answering = answering

    def publish(self, topic: str, payload: bytes, *, keep: bool = True) -> bool:
        """Send a message where answers go; False where it does not go."""
        return not self._seniority.is_outranked and self._answering.publish(topic, payload, keep=keep)

    def know(self, kiosks: Iterable[KnownKiosk]) -> None:
        """Answer these kiosks from now on. From `keep_house`."""
        self._sorter.know(kiosks)

    def take(self, deliveries: list[Delivery]) -> None:
        """Take in all of it; what fails for no known reason is tried alone, and passed over alone."""
        if self._attempt(lambda: self._pass_on(self._intake.gather(deliveries))):
            return
        if len(deliveries) > 1:
            for delivery in deliveries:
                self.take([delivery])
            return
        self._rescue(deliveries[0])

    def _rescue(self, delivery: Delivery) -> None:
        """The hub fails over this message: let the record that does it block none of the others."""
        text = "the hub failed over a message; see its log"
        self._findings.report(FindingKind.FAULT, delivery.topic[:100], text)
        singles: list[JournalRead] = []
        self._attempt(lambda: singles.extend(self._intake.take_apart(delivery)))
        for single in singles:
            if not self._attempt(partial(self._take_in, single)):
                self._attempt(partial(self._take_in, single.as_unreadable(FAULT)))

    def _take_in(self, read: JournalRead) -> None:
        self._pass_on(self._intake.gather_read([read]))

    def _attempt(self, what: Callable[[], None]) -> bool:
        """Do it; false, and the reason in the log, where the hub fails over it."""
        try:
            what()
        except Exception:  # whatever a message makes the hub fail over: it is taken aside, and the next one waits
            log.exception("something that came cannot be taken in")
            self._intake.forget()
            return False
        return True

    def _pass_on(self, gathered: Gathered) -> None:
        if gathered.heard:
            self._hear(gathered.heard)
        if self._seniority.heed(gathered.births):
            self._answering.announce()
        if self._seniority.is_outranked:
            self._intake.forget()  # what was gathered is not stored here, and must never be called settled
            self._counts.unsettled += gathered.unanswered
            return
        try:
            outcome = self._intake.settle(gathered)
            if gathered.replies:
                self._answered(gathered.replies)
        except StoreTroubleError as exc:
            self._fall_into_trouble(exc)
            return
        self._recover()
        for topic, payload in outcome.answers:
            self._answering.publish(topic, payload)
        if outcome.stored:
            self._pause = self._rounds_off = 0
            self._hand_on(outcome.stored)

    def _fall_into_trouble(self, exc: StoreTroubleError) -> None:
        self.is_in_trouble = True
        text = f"the database cannot be written: {exc}; nothing is settled until it can"
        if self._findings.report(FindingKind.DATABASE, "database", text):
            log.error("%s", text)

    def _recover(self) -> None:
        if not self.is_in_trouble:
            return
        self.is_in_trouble = False
        self._findings.end(FindingKind.DATABASE, "database")
        log.warning("the database can be written again")
        self._answering.announce()  # else some kiosks would wait minutes before they send again

    def tidy(self) -> None:
        """Do what is due beside the messages; what fails is tried again, and stands in nobody's way."""
        try:
            self._tidy()
        except StoreTroubleError as exc:
            self._fall_into_trouble(exc)
        except Exception:  # a supervisor: this thread stores and settles for the whole city
            if self._findings.report(FindingKind.FAULT, HOUSEKEEPING, "imports may not be noticed; see the hub's log"):
                log.exception("the housekeeping fails; it is tried again")
        else:
            if self._findings.end(FindingKind.FAULT, HOUSEKEEPING):
                log.warning("the housekeeping works again")

    def _try_again(self) -> None:
        """Find out whether storing works; more seldom where what came then failed again: each time all kiosks send."""
        if not self.is_in_trouble:
            return
        if self._rounds_off > 0:
            self._rounds_off -= 1
            return
        self._pause = self._rounds_off = min(max(1, self._pause * 2), LONGEST_PAUSE)
        self._intake.probe()
        self._recover()

    def _tidy(self) -> None:
        self._try_again()
        if self._counts.dropped == self._dropped_before:
            self._findings.end(FindingKind.INTAKE_FULL, "intake")
        self._dropped_before = self._counts.dropped
        self._keep_house()
