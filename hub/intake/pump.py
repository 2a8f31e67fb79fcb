"""The intake's thread: takes all that has come at once, and lets it be stored and answered.

What comes to an idle hub is stored at once. What comes soon after gathers for a moment: by itself a tap costs the hub
twice as much of the processor as by four at once, and all others wait for that. The queue is bounded: when it is full
the link leaves bytes in the socket, and what comes all the same is dropped, counted, and not settled, so that the
kiosk sends it again.
"""

import queue
import threading
import time
from typing import Final

from hub.findings import FindingKind, Findings
from hub.intake.sorting import Counts, Delivery
from hub.intake.taking import Taking

QUEUE_MESSAGES: Final = 4_000
QUEUE_BYTES: Final = 1024 * 1024
BATCH_MESSAGES: Final = QUEUE_MESSAGES  # the more at once, the fewer answers
BATCH_BYTES: Final = QUEUE_BYTES
GATHER_S: Final = 0.008  # from the beginning of one batch to the next; as often as open boards are told
SMALL_BYTES: Final = 4096  # a kiosk that catches up says more at once; how long it rests hangs on our answer
IDLE_S: Final = 1.0  # how often the housekeeping comes round while nothing arrives
HOUSEKEEPING_EVERY: Final = 64  # batches


class Pump:
    """One thread between the link and the rest of the hub.

    Args:
        taking: takes in what came.
        findings: where it is reported that more comes than can be stored.
        counts: of what was dropped.
    """

    def __init__(self, taking: Taking, findings: Findings, counts: Counts) -> None:
        self._taking = taking
        self._findings = findings
        self._counts = counts
        self._queue: queue.SimpleQueue[tuple[float, Delivery | None]] = queue.SimpleQueue()  # each with when it came
        self._put_bytes = 0  # written by the link's thread alone
        self._got_bytes = 0  # written by this thread alone
        self._since_s: float | None = None
        self._next_s = 0.0
        self.thread = threading.Thread(target=self._run, name="hub intake")
        """For who looks whether it lives."""

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def stop(self) -> None:
        """Store what is queued, then end the thread."""
        self._queue.put((time.monotonic(), None))
        self.thread.join()

    @property
    def has_room(self) -> bool:
        """Whether more may be put without being dropped."""
        return self._queue.qsize() < QUEUE_MESSAGES and self._put_bytes - self._got_bytes < QUEUE_BYTES

    @property
    def uncommitted_s(self) -> float:
        """How old the oldest message is that is not committed yet; 0 where nothing waits.

        While the housekeeping holds up whatever comes, for how long it has.
        """
        since_s = self._since_s
        return 0.0 if since_s is None else time.monotonic() - since_s

    def put(self, delivery: Delivery) -> None:
        """Queue a delivery, or drop it where there is no room. Never waits."""
        if not self.has_room:
            self._counts.dropped += 1
            self._findings.report(FindingKind.INTAKE_FULL, "intake", "more comes than can be stored; kiosks send again")
            return
        self._put_bytes += len(delivery.payload)
        self._queue.put((time.monotonic(), delivery))

    def _run(self) -> None:
        batches = 0
        while True:
            deliveries, is_last = self._take()
            if deliveries:
                self._taking.take(deliveries)
                batches += 1
            if not deliveries or batches % HOUSEKEEPING_EVERY == 0:
                self._since_s = time.monotonic()
                self._taking.tidy()
            self._since_s = None
            if is_last:
                return

    def _gather(self) -> None:
        """Let more come, where the last batch has only just begun."""
        now_s = time.monotonic()
        if now_s < self._next_s:
            time.sleep(self._next_s - now_s)
        self._next_s = max(now_s, self._next_s) + GATHER_S

    def _take(self) -> tuple[list[Delivery], bool]:
        """All that is queued, up to a batch; and whether the end has come."""
        taken: list[Delivery] = []
        size = 0
        try:
            self._since_s, delivery = self._queue.get(timeout=IDLE_S)
            if delivery is not None and len(delivery.payload) <= SMALL_BYTES:
                self._gather()
            while delivery is not None:
                taken.append(delivery)
                size += len(delivery.payload)
                if len(taken) >= BATCH_MESSAGES or size >= BATCH_BYTES:
                    break
                _, delivery = self._queue.get_nowait()
        except queue.Empty:
            return taken, False
        finally:
            self._got_bytes += size
        return taken, delivery is None
