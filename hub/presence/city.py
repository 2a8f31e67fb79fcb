"""The city as the running hub holds it: presence, board and tellings, taught anew by imports and by midnight.

Belongs to the event loop. What is kept here is made from the tables and the journal alone, so a hub that starts
again shows what it showed before.
"""

import logging
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from hub.findings import Findings, words_of
from hub.health import KioskAnswer, kiosk_answer
from hub.intake.rows import moment_of, ms_of
from hub.presence.board import Board
from hub.presence.leaving_out import LeavingOut
from hub.presence.liveness import Heard, Liveness
from hub.presence.presences import LOOK_BACK, Presences
from hub.presence.recall import last_seen, records_since
from hub.presence.telling import Telling
from hub.presence.watches import Watches
from hub.register.directory import Directory
from hub.register.terms import StationTerms
from station.clock import Clock
from station.duty import StationRules
from station.names import KioskId, Session, StationCode
from station.records import ReaderState

BEFORE: Final = timedelta(days=3)  # yesterday's hours still judge the stints that are looked at
AHEAD: Final = timedelta(days=30)
SET_BACK: Final = timedelta(seconds=10)  # further than a time service slews; what is due meanwhile comes that much late

log = logging.getLogger(__name__)


class City:
    """All that follows from the city's tables and the journal.

    Args:
        directory: the city.
        zone: where its days begin.
        clock: whose now it is.
        findings: shown beside the stations that they concern.
    """

    def __init__(self, directory: Directory, zone: ZoneInfo, clock: Clock, findings: Findings) -> None:
        now = clock.now()
        self._zone = zone
        self._clock = clock
        self._last_at = now
        self._today = now.astimezone(zone).date()
        self.directory = directory
        self._rules = _rules_of(directory, self._today)
        self.attempt = LeavingOut(findings)
        self.presences = Presences(self._rules, directory.holders_at(now), self.attempt)
        self.liveness = Liveness(now)
        self.watches = Watches(self.presences.logs)
        self.board = Board(
            clock,
            self.presences,
            self.liveness,
            self.watches,
            lambda station: tuple(words_of(finding) for finding in findings.open_at(station)),
            attempt=self.attempt,
        )
        self.telling = Telling(clock, self.presences, self.board.duty_class)

    def recall(self, engine: Engine) -> None:
        """Read back what the journal has of the last hours, then show and tell it.

        Raises:
            StoreTroubleError: it cannot be read.
        """
        seen_kiosks = last_seen(engine)
        self.watches.recall({KioskId(seen.kiosk): ReaderState(seen.reader) for seen in seen_kiosks})
        for run, rows in records_since(engine, ms_of(self._clock.now() - LOOK_BACK)):
            self.attempt(self.presences.take, run, rows, run.through)
        self.presences.fold()
        for seen in seen_kiosks:
            self.liveness.recall(
                KioskId(seen.kiosk),
                Heard(
                    at=min(moment_of(seen.heard_ms), self._last_at),  # the clock may be right only since this start
                    session=Session(seen.session),
                    gone_at=None if seen.online else moment_of(seen.heard_ms),
                    reader=ReaderState(seen.reader),
                    clock=seen.clock,
                    version=seen.version,
                    queued=seen.queued,
                ),
            )
        self._show()

    def learn(self, directory: Directory) -> None:
        """Take the city as an import has left it."""
        self.directory = directory
        self._begin(self._clock.now())

    def begin_day(self, now: datetime) -> None:
        """At midnight, take the new day's hours and kiosks; begin anew too where the clock was set back."""
        was_set_back = now < self._last_at - SET_BACK
        self._last_at = now
        if was_set_back:
            log.warning("the clock was set back, to %s", now.isoformat(timespec="seconds"))
            self.liveness.set_back(now)
        if was_set_back or now.astimezone(self._zone).date() != self._today:
            self._begin(now)

    def kiosks(self) -> list[KioskAnswer]:
        """Every kiosk in service, as it stands now."""
        now = self._clock.now()
        return [
            kiosk_answer(
                kiosk.id,
                kiosk.station,
                kiosk.entrance,
                self.liveness.status(kiosk.id, now),
                self.liveness.heard(kiosk.id),
            )
            for kiosk in self.directory.kiosks.values()
            if kiosk.in_service(self._today)
        ]

    def _begin(self, now: datetime) -> None:
        self._today = now.astimezone(self._zone).date()
        self._rules = _rules_of(self.directory, self._today)
        self.presences.learn(self._rules, self.directory.holders_at(now), now - LOOK_BACK)
        self._show()

    def _show(self) -> None:
        self.board.learn(self.directory, self._rules, self._today)
        self.telling.learn(self.directory, self._rules, self._today)


def _rules_of(directory: Directory, today: date) -> dict[StationCode, StationRules]:
    """Each station's rules; stations of the same terms share one calendar, and its memory."""
    shared: dict[StationTerms, StationRules] = {}
    rules = {}
    for code, station in directory.stations.items():
        if station.terms not in shared:
            shared[station.terms] = station.rules(since=today - BEFORE, until=today + AHEAD)
        rules[code] = shared[station.terms]
    return rules
