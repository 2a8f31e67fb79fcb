"""The intake's thread: takes all that has come at once, stores it, answers, and hands the records on.

There is no wait timer: one message is stored at once, and while that is written the next ones gather. The queue
is bounded: when it is full the link leaves bytes in the socket, and what comes all the same is dropped, counted,
and not settled, so that the kiosk sends it again.
"""

import logging
import queue
import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final, Protocol

from hub.database.transactions import StoreTroubleError
from hub.findings import FindingKind, Findings
from hub.intake.gathering import Gathered, Heard, Stored
from hub.intake.seniority import Seniority
from hub.intake.settling import Intake
from hub.intake.sorting import Counts, Delivery, JournalRead, Sorter
from hub.register.directory import KnownKiosk
from station.wire.messages import HubState

log = logging.getLogger(__name__)

QUEUE_MESSAGES: Final = 4_000
QUEUE_BYTES: Final = 1024 * 1024
BATCH_MESSAGES: Final = QUEUE_MESSAGES  # the more at once, the fewer answers
BATCH_BYTES: Final = QUEUE_BYTES
IDLE_S: Final = 1.0  # how often the housekeeping comes round while nothing arrives
HOUSEKEEPING_EVERY: Final = 64  # batches
FAULT: Final = "the hub failed over it"
HOUSEKEEPING: Final = "housekeeping"


class Answering(Protocol):
    """What the pump needs of the link."""

    def publish(self, topic: str, payload: bytes) -> bool:
        """Send a message."""

    def announce(self) -> None:
        """Make every kiosk tell its state again."""


class Pump:
    """One thread between the link and the rest of the hub.

    Args:
        sorter: told of new kiosks.
        intake: reads, stores and answers.
        findings: where trouble is reported.
        hear: told who gave a sign of life, before anything is stored.
        hand_on: told what has been stored, after it was answered; may wait, to slow the intake down.
        keep_house: called now and then, and while nothing arrives; tried again where it fails.
        birth: this hub's own.
    """

    def __init__(
        self,
        *,
        sorter: Sorter,
        intake: Intake,
        findings: Findings,
        counts: Counts,
        hear: Callable[[Heard], None],
        hand_on: Callable[[list[Stored]], None],
        keep_house: Callable[[], None],
        birth: HubState,
    ) -> None:
        self._sorter = sorter
        self._intake = intake
        self._findings = findings
        self._counts = counts
        self._hear = hear
        self._hand_on = hand_on
        self._keep_house = keep_house
        self._seniority = Seniority(birth, findings)
        self._answering: Answering | None = None
        self._queue: queue.SimpleQueue[Delivery | None] = queue.SimpleQueue()
        self._put_bytes = 0  # written by the link's thread alone
        self._got_bytes = 0  # written by this thread alone
        self._in_trouble = False
        self._dropped_before = 0
        self.thread = threading.Thread(target=self._run, name="hub intake")
        """For who looks whether it lives."""

    def answer_by(self, answering: Answering) -> None:
        """Say where answers go; before `start`."""
        self._answering = answering

    def know(self, kiosks: Iterable[KnownKiosk]) -> None:
        """Answer these kiosks from the next batch on. From `keep_house`."""
        self._sorter.know(kiosks)

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def stop(self) -> None:
        """Store what is queued, then end the thread."""
        self._queue.put(None)
        self.thread.join()

    @property
    def has_room(self) -> bool:
        """Whether more may be put without being dropped."""
        return self._queue.qsize() < QUEUE_MESSAGES and self._put_bytes - self._got_bytes < QUEUE_BYTES

    def put(self, delivery: Delivery) -> None:
        """Queue a delivery, or drop it where there is no room. Never waits."""
        if not self.has_room:
            self._counts.dropped += 1
            self._findings.report(FindingKind.INTAKE_FULL, "intake", "more comes than can be stored; kiosks send again")
            return
        self._put_bytes += len(delivery.payload)
        self._queue.put(delivery)

    def _run(self) -> None:
        batches = 0
        while True:
            deliveries, is_last = self._take()
            if deliveries:
                self._supervise(deliveries)
                batches += 1
            if not deliveries or batches % HOUSEKEEPING_EVERY == 0:
                self._supervise_tidying()
            if is_last:
                return

    def _take(self) -> tuple[list[Delivery], bool]:
        """All that is queued, up to a batch; and whether the end has come."""
        taken: list[Delivery] = []
        size = 0
        try:
            delivery = self._queue.get(timeout=IDLE_S)
            while delivery is not None:
                taken.append(delivery)
                size += len(delivery.payload)
                if len(taken) >= BATCH_MESSAGES or size >= BATCH_BYTES:
                    break
                delivery = self._queue.get_nowait()
        except queue.Empty:
            return taken, False
        finally:
            self._got_bytes += size
        return taken, delivery is None

    def _supervise(self, deliveries: list[Delivery]) -> None:
        """Let nothing end this thread: what fails for no known reason is tried alone, and passed over alone."""
        if self._attempt(lambda: self._pass_on(self._intake.gather(deliveries))):
            return
        if len(deliveries) > 1:
            for delivery in deliveries:
                self._supervise([delivery])
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
            assert self._answering is not None
            self._answering.announce()
        if self._seniority.is_outranked:
            self._intake.forget()  # what was gathered is not stored here, and must never be called settled
            self._counts.unsettled += len(gathered.answers)
            return
        try:
            outcome = self._intake.settle(gathered)
        except StoreTroubleError as exc:
            self._fall_into_trouble(exc)
            return
        self._recover()
        assert self._answering is not None
        for topic, payload in outcome.answers:
            self._answering.publish(topic, payload)
        if outcome.stored:
            self._hand_on(outcome.stored)

    def _fall_into_trouble(self, exc: StoreTroubleError) -> None:
        self._in_trouble = True
        text = f"the database cannot be written: {exc}; nothing is settled until it can"
        if self._findings.report(FindingKind.DATABASE, "database", text):
            log.error("%s", text)

    def _recover(self) -> None:
        if not self._in_trouble:
            return
        self._in_trouble = False
        self._findings.end(FindingKind.DATABASE, "database")
        log.warning("the database can be written again")
        assert self._answering is not None
        self._answering.announce()  # else some kiosks would wait minutes before they send again

    def _supervise_tidying(self) -> None:
        """What fails for no known reason is tried again, and stands in nobody's way."""
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

    def _tidy(self) -> None:
        if self._in_trouble:
            self._intake.probe()
            self._recover()
        if self._counts.dropped == self._dropped_before:
            self._findings.end(FindingKind.INTAKE_FULL, "intake")
        self._dropped_before = self._counts.dropped
        self._keep_house()
