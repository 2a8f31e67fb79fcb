"""What the intake's thread does now and then: notice changes of the city, write findings down."""

import time
from collections.abc import Callable
from datetime import date
from typing import Final

from sqlalchemy import Engine

from hub.database.transactions import snapshot
from hub.finding_log import forget_findings, write_findings
from hub.findings import FindingKind, Findings
from hub.register.directory import Directory
from hub.register.reading import read_directory, read_edition

EVERY_S: Final = 1.0
SUBJECT: Final = "holidays"
HOLIDAYS_MISSING: Final = (
    "the holidays of {year} are not entered, and {count} stations keep them; paste the State Council's notice: "
    "zaigang-hub holidays paste; until then their weeks hold"
)


class Housekeeping:
    """Called often, does something once a second.

    Args:
        engine: the database.
        findings: written down as they change.
        known: the city as it is known already.
        learn: told the whole city when something has changed it; told again where it fails.
        seconds: that pass.
        today: the city's date; None for nobody who asks whether its holidays are known.
    """

    def __init__(
        self,
        engine: Engine,
        findings: Findings,
        known: Directory,
        learn: Callable[[Directory], None],
        seconds: Callable[[], float] = time.monotonic,
        *,
        today: Callable[[], date] | None = None,
    ) -> None:
        self._engine = engine
        self._findings = findings
        self._known = known
        self._learn = learn
        self._seconds = seconds
        self._today = today
        self._looked: tuple[int, date] | None = None
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
        self._notice_change()
        self._look_for_holidays()
        self.write_findings()

    def _look_for_holidays(self) -> None:
        """Tell of a year whose notice should be here and is not, once some station keeps holidays; once a day."""
        today = self._today() if self._today is not None else None
        if today is None or self._looked == (self._known.edition, today):
            return
        self._looked = self._known.edition, today
        terms = [station.terms for station in self._known.stations.values()]
        keeping = [one for one in terms if one.clause_on(today).keeps_holidays and one.is_in_service(today)]
        year = keeping[0].holidays.missing(today) if keeping else None
        if year is None:
            self._findings.end(FindingKind.HOLIDAYS, SUBJECT)
        else:
            self._findings.report(FindingKind.HOLIDAYS, SUBJECT, HOLIDAYS_MISSING.format(year=year, count=len(keeping)))

    def write_findings(self) -> None:
        """Write down what was found since the last time.

        Raises:
            StoreTroubleError: nothing is written, and it is not lost.
        """
        self._findings.expire()
        forget_findings(self._engine, self._findings.take_gone())
        changed = self._findings.take_changed()
        try:
            write_findings(self._engine, changed)
        except BaseException:
            self._findings.give_back(changed)
            raise

    def _notice_change(self) -> None:
        with snapshot(self._engine) as connection:
            if read_edition(connection) == self._known.edition:
                return
            directory = read_directory(connection, self._known.zone)
        self._learn(directory)
        self._known = directory
