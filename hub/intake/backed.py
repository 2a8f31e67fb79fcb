"""What the newest backup holds of runs, asked on a thread beside the intake: its disk may hang, and holds nobody up.

Until the answer is there nothing is claimed; whoever wants to know asks again. The thread ends with its questions.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Engine

from hub.database.engine import open_backup
from hub.database.transactions import StoreTroubleError, told_as_trouble
from hub.findings import FindingKind, Findings
from hub.intake.runs import KnownRun
from hub.intake.store import Store
from station.names import Epoch, KioskId

SUBJECT: Final = "newest backup"


class Question(NamedTuple):
    """How far a backup holds this run, all of it from `kept_from` on."""

    kiosk: KioskId
    epoch: Epoch
    kept_from: int


class BackedThrough(NamedTuple):
    """So far; `is_final` unless the backup cannot be read now: what one holds never changes."""

    through: int
    is_final: bool


def start_beside(look: Callable[[], None]) -> None:
    """Let that be done by a thread that nobody waits for."""
    threading.Thread(target=look, name="hub backup reader", daemon=True).start()


class Backed:
    """Asks one backup after the other. All calls but `hold` come from the intake's thread.

    Args:
        findings: where a backup that cannot be read is reported.
        beside: lets something be done without waiting for it.
        open_copy: how a backup is opened.
    """

    def __init__(
        self,
        findings: Findings,
        beside: Callable[[Callable[[], None]], None] = start_beside,
        open_copy: Callable[[Path], Engine] = open_backup,
    ) -> None:
        self._findings = findings
        self._beside = beside
        self._open = open_copy
        self._lock = threading.Lock()
        self._asked: dict[Question, None] = {}
        self._known: dict[Question, BackedThrough] = {}
        self._is_looking = False
        self.newest: Path | None = None
        """The one that is asked; None for none."""

    def hold(self, backup: Path | None) -> None:
        """From now on that is the newest backup. From any thread."""
        with self._lock:
            self.newest = backup
            self._asked, self._known = {}, {}

    def ask(self, question: Question) -> BackedThrough | None:
        """What is known; None where that is yet to be found out."""
        with self._lock:
            known = self._known.get(question)
            if known is not None:
                if not known.is_final:
                    del self._known[question]
                return known
            self._asked[question] = None
            is_looking, self._is_looking = self._is_looking, True
        if not is_looking:
            self._beside(self._look)
        with self._lock:
            return self._known.get(question)

    def _look(self) -> None:
        while True:
            with self._lock:
                newest, asked = self.newest, list(self._asked)
                if not asked or newest is None:
                    self._is_looking = False
                    return
            try:
                answers = self._answers(newest, asked)
            except BaseException:  # told by who runs this; what is asked anew is looked up anew
                with self._lock:
                    self._is_looking = False
                raise
            with self._lock:
                if self.newest == newest:
                    self._known.update(answers)
                    self._asked = {each: None for each in self._asked if each not in answers}

    @staticmethod
    def _find(engine: Engine, asked: list[Question]) -> dict[Question, KnownRun | None]:
        try:
            store = Store(engine)
            return {each: store.find_run(each.kiosk, each.epoch) for each in asked}
        finally:
            engine.dispose()

    def _answers(self, newest: Path, asked: list[Question]) -> dict[Question, BackedThrough]:
        try:
            with told_as_trouble():
                engine = self._open(newest)
            found = self._find(engine, asked)
        except StoreTroubleError:
            text = f"the newest backup {newest.name} cannot be read; kiosks are told that there is none"
            self._findings.report(FindingKind.BACKUP, SUBJECT, text)
            return dict.fromkeys(asked, BackedThrough(0, is_final=False))
        self._findings.end(FindingKind.BACKUP, SUBJECT)
        return {
            each: BackedThrough(run.through_from(each.kept_from) if run else 0, is_final=True)
            for each, run in found.items()
        }
