"""What the intake's thread does now and then: notice imports, write findings down."""

import time
from collections.abc import Callable
from typing import Final

from sqlalchemy import Engine

from hub.database.transactions import snapshot
from hub.finding_log import write_findings
from hub.findings import Findings
from hub.register.directory import Directory, read_directory, read_edition

EVERY_S: Final = 1.0


class Housekeeping:
    """Called often, does something once a second.

    Args:
        engine: the database.
        findings: written down as they change.
        edition: of the city that is known already.
        learn: told the whole city when an import has changed it; told again where it fails.
        seconds: that pass.
    """

    def __init__(
        self,
        engine: Engine,
        findings: Findings,
        edition: int,
        learn: Callable[[Directory], None],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._findings = findings
        self._edition = edition
        self._learn = learn
        self._seconds = seconds
        self._next_s = 0.0

    def __call__(self) -> None:
        """Do what is due.

        Raises:
            StoreTroubleError: the database cannot be used; what was due is due again.
        """
        now_s = self._seconds()
        if now_s < self._next_s:
            return
        self._next_s = now_s + EVERY_S
        self._notice_import()
        self.write_findings()

    def write_findings(self) -> None:
        """Write down what was found since the last time.

        Raises:
            StoreTroubleError: nothing is written, and it is not lost.
        """
        changed = self._findings.take_changed()
        try:
            write_findings(self._engine, changed)
        except BaseException:
            self._findings.give_back(changed)
            raise

    def _notice_import(self) -> None:
        with snapshot(self._engine) as connection:
            if read_edition(connection) == self._edition:
                return
            directory = read_directory(connection)
        self._learn(directory)
        self._edition = directory.edition
