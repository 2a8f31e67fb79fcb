"""The city as the running hub shows it: who is there, which kiosks are heard, the board, and what kiosks are told.

Belongs to the event loop. What is kept here is made from the tables and the ledger alone, so a hub that starts again
shows what it showed before; imports and midnight teach it anew.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from hub.database.journal_tables import KioskSeen
from hub.database.transactions import Database, snapshot
from hub.findings import Findings, words_of
from hub.intake.gathering import SignsOfLife
from hub.ledger.change import Change
from hub.ledger.past import followed_since, stints_at, watched_in
from hub.presence.board import Board
from hub.presence.board_view import BoardRow
from hub.presence.leaving_out import LeavingOut
from hub.presence.liveness import KioskNow, LastHeard, Liveness
from hub.presence.past_days import PastDays
from hub.presence.recent import LOOK_BACK, Recent, Touched
from hub.presence.recent_watching import Watching
from hub.presence.telling import Telling
from hub.register.directory import Directory
from hub.register.rulebook import Rulebook
from station.clock import Clock
from station.duty import DutyClass, StationRules
from station.milliseconds import moment_of, ms_of
from station.names import KioskId, Session, StationCode
from station.records import ReaderState

SET_BACK: Final = timedelta(seconds=10)  # further than a time service slews; what is due meanwhile comes that much late
AHEAD: Final = timedelta(minutes=10)  # of what is recalled: a clock of the hub's that was set back

_SHORT: Final = frozenset({DutyClass.VACANT, DutyClass.UNKNOWN})

log = logging.getLogger(__name__)


class LiveCity:
    """All that follows from the city's tables and the ledger.

    Args:
        directory: the city.
        zone: where its days begin.
        clock: whose now it is.
        findings: shown beside the stations that they concern.
        engine: where the ledger is.
    """

    def __init__(self, directory: Directory, zone: ZoneInfo, clock: Clock, findings: Findings, engine: Engine) -> None:
        now = clock.now()
        self._zone = zone
        self._clock = clock
        self._last_at = now
        self._today = now.astimezone(zone).date()
        self._has_begun = True
        self._engine = engine
        self.directory = directory
        self._book = Rulebook(directory)
        self._rules = self._rules_today()
        self._past = PastDays(Database(engine))
        self.attempt = LeavingOut(findings)
        self.recent = Recent(self._rules)
        self.liveness = Liveness(now)
        self.watching = Watching()
        self.board = Board(
            clock,
            self.recent,
            self.liveness,
            self.watching,
            self._past,
            findings_at=lambda station: tuple(words_of(finding) for finding in findings.open_at(station)),
            attempt=self.attempt,
        )
        self.telling = Telling(clock, self.recent, self.board.duty_class)
        self._told: dict[str, tuple[DutyClass, int, int, int]] = {}
        self.board.subscribe(self._tell_kiosks)

    def recall(self) -> None:
        """Read what the ledger has of the last days, and who was heard when; then show and tell it.

        Raises:
            StoreTroubleError: it cannot be read.
        """
        self.recall_ledger()
        with snapshot(self._engine) as connection:
            for seen in connection.execute(select(KioskSeen)).mappings():
                self._recall_kiosk(KioskSeen(**seen))
        self._show()

    def recall_ledger(self) -> None:
        """Read what the ledger has of the last days, in place of what is remembered of them.

        Raises:
            StoreTroubleError: it cannot be read.
        """
        now = self._clock.now()
        since_ms, until_ms = ms_of(now - LOOK_BACK), ms_of(now + AHEAD)
        with snapshot(self._engine) as connection:
            stints = [one for code in self._rules for one in stints_at(connection, code, since_ms, until_ms)]
            runs = followed_since(connection, since_ms)
            stretches = watched_in(connection, [run.name.id for run in runs], since_ms)
        self.recent.recall(stints, runs)
        self.recent.forget_before(now - LOOK_BACK)
        self.watching.recall(runs, stretches)

    def learn(self, directory: Directory) -> None:
        """Take the city as an import has left it."""
        self.directory = directory
        self._book = Rulebook(directory)
        self._begin(self._clock.now())

    def hear(self, heard: SignsOfLife) -> None:
        """Take who gave a sign of life."""
        now = self._clock.now()
        touched = {
            station
            for (kiosk, station), session in heard.journals.items()
            if self.liveness.hear_journal(kiosk, session, now)
        }
        for place, state, retained in heard.states:
            if state.online and not retained and state.session != self.liveness.heard(place.kiosk).session:
                self.telling.greet(place.station)
            before = self.liveness.status(place.kiosk, now), self.liveness.watches(place.kiosk, now)
            self.liveness.hear_state(place.kiosk, state, now, retained=retained)
            if before != (self.liveness.status(place.kiosk, now), self.liveness.watches(place.kiosk, now)):
                touched.add(place.station)
        if touched:
            self.board.refresh(sorted(touched), now)

    def apply(self, change: Change) -> Touched:
        """Take what is otherwise in the ledger; it shows with `refresh`."""
        self.watching.apply(change)
        return self.recent.apply(change)

    def refresh(self, stations: Iterable[StationCode], cause_at: datetime | None) -> None:
        """Make these stations' rows anew, and tell their kiosks."""
        stations = tuple(stations)
        self.board.refresh(stations, cause_at)
        self.telling.touch(stations)

    def look_again(self, stations: Iterable[StationCode]) -> None:
        """Where these have a shortfall, find out anew since when: what is known of their watching is otherwise."""
        self.board.refresh([code for code in stations if self.board.duty_class(code) in _SHORT], None)

    def pass_time(self, now: datetime) -> None:
        """Let time pass up to now: a new day, what time alone changes on the board."""
        try:
            self._begin_day(now)
        finally:  # a day that cannot begin is tried again, and holds up nobody's time
            self.board.advance(now)

    def kiosks(self) -> list[KioskNow]:
        """Every kiosk in service, as it stands now."""
        now = self._clock.now()
        return [
            self.liveness.now(kiosk, now) for kiosk in self.directory.kiosks.values() if kiosk.in_service(self._today)
        ]

    def _tell_kiosks(self, rows: Iterable[BoardRow]) -> None:
        """Tell a station's kiosks what is new to people there; how many of them are heard is not."""
        for row in rows:
            figures = row.duty_class, row.on_duty, row.stepped_out, row.unknown_cards
            if self._told.get(row.code) != figures:
                self._told[row.code] = figures
                self.telling.touch([StationCode(row.code)])

    def _begin_day(self, now: datetime) -> None:
        """At midnight, take the new day's hours and kiosks; begin anew too where the clock was set back."""
        was_set_back = now < self._last_at - SET_BACK
        self._last_at = now
        if was_set_back:
            log.warning("the clock was set back, to %s", now.isoformat(timespec="seconds"))
            self.liveness.set_back(now)
        if was_set_back or not self._has_begun or now.astimezone(self._zone).date() != self._today:
            self._begin(now)

    def _begin(self, now: datetime) -> None:
        self._has_begun = False
        self._today = now.astimezone(self._zone).date()
        self._rules = self._rules_today()
        self.recent.learn(self._rules)
        self.recent.forget_before(now - LOOK_BACK)
        self.watching.forget_before(now - LOOK_BACK)
        self._show()
        self._has_begun = True

    def _show(self) -> None:
        self._past.learn(self._book)
        self.board.learn(self.directory, self._book, self._rules, self._today)
        self.telling.learn(self.directory, self._rules, self._today)

    def _rules_today(self) -> dict[StationCode, StationRules]:
        return {code: self._book.rules(code, self._today, self._today) for code in self.directory.stations}

    def _recall_kiosk(self, seen: KioskSeen) -> None:
        self.liveness.recall(
            KioskId(seen.kiosk),
            LastHeard(
                at=min(moment_of(seen.heard_ms), self._last_at),  # the clock may be right only since this start
                session=Session(seen.session),
                gone_at=None if seen.online else moment_of(seen.heard_ms),
                reader=ReaderState(seen.reader),
                clock=seen.clock,
                version=seen.version,
                queued=seen.queued,
            ),
        )
