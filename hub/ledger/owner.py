"""The thread that owns the ledger: folds what has been stored, shows each change at once, writes it a moment later.

Whoever stands at a kiosk goes first, whatever came beside them: records that have just been made, of a run of which
nothing waits. All else is folded by runs, in steps, and in a flood with rests between them, for the intake and the
pages come first. What fails is tried again, for the database knows what is not folded yet.
"""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from hub.findings import Findings
from hub.intake.gathering import Stored
from hub.ledger.change import Change
from hub.ledger.flood import Flood
from hub.ledger.ledger import Ledger
from hub.ledger.supervision import Supervision
from hub.register.directory import Directory

GATHER_S: Final = 1.0  # what is folded within it is written together
LIVE_MS: Final = 120_000  # a record as young as this is of somebody who stands at a kiosk now
LIVE_ROWS: Final = 16  # of one run at once; more of them were kept while a link was down, however young the last
MOST_LIVE: Final = 64  # records of one batch of the intake; more of them are folded many runs at once
FLOOD_PAUSE: Final = 2  # so many times as long as a step took, while a flood comes, or somebody else taps
LONGEST_REST_S: Final = 5.0  # since the last step, however long writing takes: else nothing old were ever folded
LONGEST_FLOOD_S: Final = 60.0  # then it works on all the same, half of the time
TAPPED_S: Final = 1.0  # since somebody has tapped: the next one may do so any moment
AGAIN_S: Final = 1.0  # after trouble, which the intake tells of


class Owner:
    """Keeps one ledger.

    Args:
        ledger: its alone from `start` to `stop`.
        findings: where trouble is reported.
        show: told each change, from the owner's thread.
        ask_anew: told that what was shown may not be so: whoever was shown it reads the ledger again.
    """

    def __init__(
        self, ledger: Ledger, findings: Findings, show: Callable[[Change], None], ask_anew: Callable[[], None]
    ) -> None:
        self._ledger = ledger
        self._supervision = Supervision(ledger, findings, ask_anew)
        self._show = show
        self._queue: queue.SimpleQueue[list[Stored] | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._stored = 0  # records; written by `take` alone
        self._flood = Flood(time.perf_counter())
        self._write_at_s: float | None = None
        self._again_at_s = 0.0
        self._tapped_s = float("-inf")  # written by `take` alone
        self._rest_until_s = 0.0
        self._stepped_s = 0.0
        self.thread = threading.Thread(target=self._run, name="hub ledger")
        """For who looks whether it lives."""

    def take(self, stored: Sequence[Stored]) -> None:
        """These records are stored. From the intake's thread; never waits."""
        self._stored += sum(len(one.rows) for one in stored)
        live = [one for one in stored if _is_live(one)]
        if live:
            self._tapped_s = time.perf_counter()
        self._ledger.touch(one.run.id for one in stored if not _is_live(one))
        if sum(len(one.rows) for one in live) > MOST_LIVE:
            self._ledger.touch((one.run.id for one in live), is_live=True)
            live = []
        self._queue.put(live)

    def learn(self, directory: Directory) -> None:
        """The city is otherwise. From any thread."""
        self._ledger.learn(directory)
        self._queue.put([])

    @property
    def behind(self) -> int:
        """How many runs have records that are not folded yet."""
        return self._ledger.behind

    def start(self) -> None:
        """Begin, with what was stored and not folded before."""
        self.thread.start()

    def stop(self) -> None:
        """Write what is folded, and end; what is left is done at the next start."""
        self._stopping.set()
        self._queue.put(None)
        self.thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            stored = [one for some in self._taken() for one in some]
            if stored:
                self._supervision.attempt(partial(self._ledger.take_all, stored, self._tell))
            if self._ledger.has_more and time.perf_counter() >= self._work_at_s:
                self._work()
            self._write_in_time()
        self._supervision.attempt(self._ledger.write)

    def _taken(self) -> list[list[Stored]]:
        """All that has been handed over; waits for it as long as nothing else is to be done."""
        found: list[list[Stored]] = []
        try:
            one = self._queue.get(timeout=self._wait_s())
            while one is not None:
                found.append(one)
                one = self._queue.get_nowait()
        except queue.Empty:
            pass
        return found

    def _wait_s(self) -> float | None:
        now_s = time.perf_counter()
        waits = []
        if self._ledger.has_more:
            waits.append(self._work_at_s - now_s)
        if self._write_at_s is not None:
            waits.append(self._write_at_s - now_s)
        return max(0.001, min(waits)) if waits else None

    @property
    def _work_at_s(self) -> float:
        """When the next step is due; who stands at a kiosk now waits for no rest."""
        return self._again_at_s if self._ledger.has_live else max(self._again_at_s, self._rest_until_s)

    def _work(self) -> None:
        began_s = time.perf_counter()
        is_done = self._supervision.attempt(lambda: self._tell(self._ledger.step()))
        ended_s = time.perf_counter()
        if not is_done:
            self._again_at_s = ended_s + AGAIN_S
            return
        self._stepped_s = ended_s
        self._rest_from(ended_s, began_s, ended_s)

    def _rest_from(self, at_s: float, began_s: float, ended_s: float) -> None:
        rest_s = self._rest(ended_s) * (ended_s - began_s)
        self._rest_until_s = min(at_s + rest_s, self._stepped_s + LONGEST_REST_S)

    def _rest(self, now_s: float) -> int:
        """How many times as long as the last step took nothing old is folded."""
        flood_s = self._flood.lasted_s(self._stored, now_s)
        if flood_s > LONGEST_FLOOD_S:
            return 1
        return FLOOD_PAUSE if flood_s or now_s - self._tapped_s < TAPPED_S else 0

    def _tell(self, change: Change) -> None:
        if change:
            self._show(change)

    def _write_in_time(self) -> None:
        """Write where enough is pending, or it has been for long enough."""
        now_s = time.perf_counter()
        if self._ledger.has_pending and self._write_at_s is None:
            self._write_at_s = now_s + GATHER_S
        if self._ledger.is_full or (self._write_at_s is not None and now_s >= self._write_at_s):
            is_done = self._supervision.attempt(self._ledger.write)
            self._write_at_s = None if is_done else now_s + AGAIN_S
            ended_s = time.perf_counter()
            self._rest_from(max(self._rest_until_s, ended_s), now_s, ended_s)


def _is_live(stored: Stored) -> bool:
    """Whether it is of somebody who stands at a kiosk now."""
    last = stored.rows[-1]
    return len(stored.rows) <= LIVE_ROWS and last.at_ms > last.stored_ms - LIVE_MS
