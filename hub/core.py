"""One hub without threads, sockets or timers: what comes is taken in, folded, shown and told, by whoever calls.

Three parts, each of one thread or all of the same: `take` and `tidy` store and answer, `fold` and `write` keep the
ledger, everything else is the board's. A record goes `take` -> `Taking` -> `Intake` -> `hand_on` -> `fold_stored` ->
`Ledger` -> `show` -> `LiveCity` -> board, tellings. `hub.running` gives each part its thread; the simulated world has
one.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from hub.asking.dispatch import Dispatch
from hub.certificates.cabinet import Cabinet
from hub.coverage.keeper import CoverageKeeper
from hub.database.origin import KnownOrigin, recall_origin
from hub.database.transactions import snapshot
from hub.finding_log import read_findings
from hub.findings import OF_A_RUN, Findings
from hub.housekeeping import Housekeeping
from hub.intake.backed import Backed
from hub.intake.claims import Claims
from hub.intake.gathering import SignsOfLife, Stored
from hub.intake.settling import Intake
from hub.intake.sorting import Counts, Delivery, Sorter
from hub.intake.store import Store
from hub.intake.taking import Answering, Taking
from hub.ledger.change import Change
from hub.ledger.ledger import Ledger
from hub.ledger.supervision import Supervision
from hub.presence.live_city import LiveCity
from hub.register.directory import Directory
from hub.register.reading import read_directory
from hub.version import hub_version
from station.clock import Clock
from station.milliseconds import ms_of
from station.names import Session
from station.wire import topics
from station.wire.codec import encode
from station.wire.messages import HubState

MOST_AT_A_START_S = 10.0  # of folding before anything is shown; what is left is shown as it is folded


class OutgoingMessage(NamedTuple):
    """What is to be published; `keep` where the broker is to keep it."""

    topic: str
    payload: bytes
    keep: bool = True


class Outbox:
    """Keeps what is to go out, for who has no link."""

    def __init__(self, birth: HubState) -> None:
        self._birth = birth
        self._messages: list[OutgoingMessage] = []

    def publish(self, topic: str, payload: bytes, *, keep: bool = True) -> bool:
        """Keep a message."""
        self._messages.append(OutgoingMessage(topic, payload, keep))
        return True

    def announce(self) -> None:
        """Make every kiosk tell its state again."""
        self.publish(topics.HUB_STATE, encode(self._birth))

    def take(self) -> list[OutgoingMessage]:
        """Everything since the last time."""
        taken, self._messages = self._messages, []
        return taken


class HubCore:
    """One life of a hub, over a database that has its tables.

    Args:
        engine: the database.
        clock: whose now it is.
        zone: where the city's days begin.
        session: its own, 16 hex digits; made up where none is given.
        backed: what is in its newest backup, where there are any.
        key: the fingerprint of its site key, where it has one by now.
        hear: told who gave a sign of life; by itself, the board.
        hand_on: told what has been stored; by itself, the ledger and then the board.
        learnt: told when the city is otherwise; by itself, ledger and board are taught.
        beside: done with each `tidy`.
        seconds: that pass.
        cabinet: the site's CA, by which kiosks' certificates are renewed.

    Raises:
        StoreTroubleError: the database cannot be used.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        zone: ZoneInfo,
        *,
        session: Session | None = None,
        backed: Backed | None = None,
        key: Callable[[], str] | None = None,
        hear: Callable[[SignsOfLife], None] | None = None,
        hand_on: Callable[[list[Stored]], None] | None = None,
        learnt: Callable[[Directory], None] | None = None,
        beside: Callable[[], None] | None = None,
        seconds: Callable[[], float] = time.monotonic,
        cabinet: Cabinet | None = None,
    ) -> None:
        self._clock, self._zone = clock, zone
        self.birth = HubState(
            online=True, session=session or Session(secrets.token_hex(8)), version=hub_version(), started_at=clock.now()
        )
        with snapshot(engine) as connection:
            directory = read_directory(connection, zone)
        self.findings = Findings(clock, read_findings(engine))
        self.findings.end_all(OF_A_RUN)
        self.counts = Counts()
        self.origin: KnownOrigin = recall_origin(engine, ms_of(clock.now()))
        self.ledger = Ledger(engine, directory)
        self.city = LiveCity(directory, zone, clock, self.findings, engine)
        self.housekeeping = Housekeeping(engine, self.findings, directory, self._learn, seconds, today=self._today)
        self.coverage = CoverageKeeper(engine, directory, clock)
        self._learnt = learnt or self.learn
        self._beside = beside
        self._outbox = Outbox(self.birth)
        sorter = Sorter(self.findings, self.counts)
        sorter.know(directory.kiosks.values())
        store = Store(engine)
        self.claims = Claims(store, self.origin.since_ms, backed or Backed(self.findings))
        self.directory = directory
        self._dispatch = Dispatch(engine, clock, seconds, zone, cabinet)
        self.taking = Taking(
            sorter=sorter,
            intake=Intake(sorter, store, self.findings, self.counts, clock, claims=self.claims, key=key or _no_key),
            findings=self.findings,
            counts=self.counts,
            hear=hear or self.city.hear,
            hand_on=hand_on or self._fold_all,
            keep_house=self._keep_house,
            birth=self.birth,
            answering=self._outbox,
            now=clock.now,
            answered=self._dispatch.take,
        )
        self.city.telling.publish_by(self._outbox.publish)

    def answer_by(self, answering: Answering) -> None:
        """Say where answers and tellings go, in the place of `outgoing`."""
        self.taking.answer_by(answering)
        self.city.telling.publish_by(answering.publish)

    def begin(self) -> None:
        """Fold what was stored and not folded before, as far as that is soon done; then show and tell everything.

        Raises:
            StoreTroubleError: the database cannot be read or written.
        """
        until_s = time.monotonic() + MOST_AT_A_START_S
        supervision = Supervision(self.ledger, self.findings, _ask_nobody)
        while self._lacks_something and time.monotonic() < until_s and not supervision.is_in_trouble:
            supervision.attempt(self._fold_unseen)
        self.ledger.write()
        self.city.recall()

    # The intake's.

    def take(self, deliveries: list[Delivery]) -> None:
        """Take in what came: store it, answer, hand it on."""
        self.taking.take(deliveries)

    @property
    def is_in_trouble(self) -> bool:
        """Whether what came last could not be stored."""
        return self.taking.is_in_trouble

    def tidy(self) -> None:
        """Now and then, and while nothing comes: notice imports, write findings down, try again to store."""
        self.taking.tidy()

    # The ledger's.

    def fold_stored(self, stored: Sequence[Stored]) -> None:
        """Fold what has just been stored, and show it; what must wait is due.

        Raises:
            StoreTroubleError: what is left is due.
        """
        self.ledger.take_all(stored, self.show)

    def fold(self) -> bool:
        """Fold some of what is due, and show it; false where nothing is.

        Raises:
            StoreTroubleError: it is due still.
        """
        if not self.ledger.has_more:
            return False
        self.show(self.ledger.step())
        return True

    def write(self) -> None:
        """Write what is folded.

        Raises:
            StoreTroubleError: it is not written, and will be.
        """
        self.ledger.write()

    # The board's.

    def show(self, change: Change) -> None:
        """Show what is otherwise in the ledger, at once."""
        stations, since, watched = self.city.apply(change)
        self.city.refresh(sorted(stations), since)
        self.city.look_again(sorted(watched))

    def tick(self, now_s: float) -> None:
        """Let time pass up to now, and tell what is due.

        Args:
            now_s: seconds of a clock that never falls: no station is told too often.
        """
        self.city.pass_time(self._clock.now())
        self.city.telling.tell(now_s)

    def learn(self, directory: Directory) -> None:
        """Take the city as a change has left it."""
        self.ledger.learn(directory)
        self.city.learn(directory)

    def outgoing(self) -> list[OutgoingMessage]:
        """What is to be published since the last time."""
        return self._outbox.take()

    @property
    def _lacks_something(self) -> bool:
        return self.ledger.has_more or self.ledger.has_pending

    def _fold_unseen(self) -> None:
        if self.ledger.has_more:
            self.ledger.step()
        if self.ledger.is_full or not self.ledger.has_more:
            self.ledger.write()

    def _today(self) -> date:
        return self._clock.now().astimezone(self._zone).date()

    def _keep_house(self) -> None:
        self.housekeeping()
        self._dispatch.send_due(self.taking.publish)
        if self._beside is not None:
            self._beside()

    def _learn(self, directory: Directory) -> None:
        self.directory = directory
        self.taking.know(directory.kiosks.values())
        self.coverage.learn(directory)
        self._learnt(directory)

    def _fold_all(self, stored: list[Stored]) -> None:
        self.fold_stored(stored)
        while self.fold():
            pass


def _no_key() -> str:
    """The fingerprint of a key that there is not."""
    return ""


def _ask_nobody() -> None:
    """At a start nothing has been shown yet that would have to be read anew."""
