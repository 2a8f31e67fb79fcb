"""The thread that keeps the ledger, off the way of every tap.

It waits a little after each record, so that what comes together is folded together, and rests many times as long as it
works. In a flood the intake and the pages come first: the ledger waits for its end, a minute at most, and then takes
half of the time, so as not to fall behind. What fails is tried again, for the database knows what is not folded yet.
"""

import logging
import threading
import time
from collections.abc import Sequence
from typing import Final

from sqlalchemy.exc import IntegrityError

from hub.database.transactions import StoreTroubleError
from hub.findings import FindingKind, Findings
from hub.intake.gathering import Stored
from hub.ledger.flood import Flood
from hub.ledger.ledger import Ledger
from hub.register.directory import Directory

log = logging.getLogger(__name__)

GATHER_S: Final = 1.0
LONGEST_FLOOD_S: Final = 60.0  # then it works on all the same
PAUSE: Final = 9  # so many times as long as a step took; that keeps up with what is no flood
FLOOD_PAUSE: Final = 1
AGAIN_S: Final = 1.0  # after trouble, which the intake tells of
SUBJECT: Final = "ledger"


class Keeper:
    """Keeps one ledger.

    Args:
        ledger: its alone from `start` to `stop`.
        findings: where trouble is reported.
    """

    def __init__(self, ledger: Ledger, findings: Findings) -> None:
        self._ledger = ledger
        self._findings = findings
        self._wanted = threading.Event()
        self._stopping = threading.Event()
        self._is_in_trouble = False
        self._stored = 0  # records; written by `take` alone
        self._flood = Flood(time.perf_counter())
        self.thread = threading.Thread(target=self._run, name="hub ledger")
        """For who looks whether it lives."""

    def take(self, stored: Sequence[Stored]) -> None:
        """These records are stored. From the intake's thread; never waits."""
        self._ledger.touch(one.run.id for one in stored)
        self._stored += sum(len(one.rows) for one in stored)
        self._wanted.set()

    def learn(self, directory: Directory) -> None:
        """The city is otherwise. From any thread."""
        self._ledger.learn(directory)
        self._wanted.set()

    @property
    def behind(self) -> int:
        """How many runs have records that are not folded yet."""
        return self._ledger.behind

    def start(self) -> None:
        """Begin, with what was stored and not folded before."""
        self._wanted.set()
        self.thread.start()

    def stop(self) -> None:
        """End after the step that is under way; what is left is done at the next start."""
        self._stopping.set()
        self._wanted.set()
        self.thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wanted.wait()
            self._stopping.wait(GATHER_S)
            self._wanted.clear()
            while self._ledger.has_more and not self._stopping.is_set():
                began_s = time.perf_counter()
                if self._step():
                    self._rest(time.perf_counter() - began_s)
                else:
                    self._stopping.wait(AGAIN_S)

    def _rest(self, worked_s: float) -> None:
        """Rest longer than the work took, and on while a flood comes; in a long one, just as long."""
        rest_s = worked_s * (FLOOD_PAUSE if self._flood_lasted_s() > LONGEST_FLOOD_S else PAUSE)
        while not self._stopping.wait(rest_s) and 0 < self._flood_lasted_s() <= LONGEST_FLOOD_S:
            rest_s = GATHER_S

    def _flood_lasted_s(self) -> float:
        return self._flood.lasted_s(self._stored, time.perf_counter())

    def _step(self) -> bool:
        """Supervise one step; false where it failed."""
        try:
            self._ledger.step()
        except StoreTroubleError as exc:
            if isinstance(exc.__cause__, IntegrityError):  # the rows' own fault, and not told whole: they hold tokens
                self._pass_over(str(exc))
            elif not self._is_in_trouble:
                self._is_in_trouble = True
                log.warning("the ledger waits, for the database cannot be used: %s", exc)
            return False
        except Exception:  # a supervisor: one kiosk's or person's fault must not end the ledger of all
            log.exception("the ledger cannot be kept")
            self._pass_over("see above")
            return False
        self._is_in_trouble = False
        return True

    def _pass_over(self, reason: str) -> None:
        left_out = self._ledger.pass_over()
        if left_out is not None:
            log.error("the ledger goes on without %s: %s", left_out, reason)
            self._findings.report(FindingKind.FAULT, SUBJECT, "records that cannot be folded; see the hub's log")
