"""The hub in the world: its real intake, store, presence and tellings, on one thread and the world's clock.

The database outlives a killed hub, and is put back from a copy in a restored one. Its board and pages are not here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final

from hub.database.origin import recall_origin
from hub.database.transactions import StoreTroubleError
from hub.findings import Findings
from hub.intake.backed import Backed
from hub.intake.claims import Claims
from hub.intake.rows import ms_of
from hub.intake.settling import Intake
from hub.intake.sorting import Counts, Delivery, Sorter
from hub.intake.store import Store
from hub.ledger.ledger import Ledger
from hub.presence.presences import LOOK_BACK, Presences
from hub.presence.recall import last_seen, records_since
from hub.presence.telling import GAP_S, Telling
from hub.presence.watches import Watches
from simulator.opening import ZONE
from simulator.world.broker import Broker, Line, Parcel
from simulator.world.hands import Hands
from station.duty import DutyClass, class_of
from station.names import KioskId, Session
from station.records import ReaderState
from station.wire import topics
from station.wire.codec import encode
from station.wire.messages import HubState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Engine

    from simulator.world.database import Database
    from simulator.world.registry import Registry
    from simulator.world.timeline import Timeline
    from station.names import StationCode

AGAIN_S: Final = 30.0
FOLD_S: Final = 1.0  # how long the ledger waits
GATHER_S: Final = 0.2  # how long the hub lets messages gather for one commit


class _Teller(Telling):
    """Tells by the world's clock, where the hub's own goes by the processor's."""

    def tell(self, now_s: float) -> None:
        """Say all that is due."""
        for told in self._due(now_s):
            for topic, payload in told:
                self._publish(topic, payload)


class Hub:
    """One life of the hub, from its start to its end by `kill`.

    Attributes:
        told: called with every answer before it goes out.
        troubled: called where the database did not take what came.
    """

    def __init__(
        self, registry: Registry, engine: Engine, timeline: Timeline, broker: Broker, seed: str, *, keeps_ledger: bool
    ) -> None:
        self._timeline, self._registry = timeline, registry
        self._ledger = Ledger(engine, registry.directory) if keeps_ledger else None
        self._is_folding = False
        self.told: Callable[[list[tuple[str, bytes]]], object] = lambda _answers: None
        self.troubled: Callable[[], object] = lambda: None
        clock = Hands(timeline, booted_s=-3600.0).clock()
        self._clock, self.is_alive = clock, True
        findings, counts = Findings(clock), Counts()
        sorter = Sorter(findings, counts)
        sorter.know(registry.directory.kiosks.values())
        self.findings = findings
        store = Store(engine)
        claims = Claims(store, recall_origin(engine, ms_of(clock.now())).since_ms, Backed(findings))
        self._intake = Intake(sorter, store, findings, counts, clock, claims=claims)
        self.presences = Presences(registry.rules, registry.directory.holders_at(clock.now()))
        self.watches = Watches(self.presences.logs)
        self.watches.recall({KioskId(seen.kiosk): ReaderState(seen.reader) for seen in last_seen(engine)})
        for run, rows in records_since(engine, ms_of(clock.now() - LOOK_BACK)):
            self.presences.take(run, rows, run.through)
        self.presences.fold()
        self._inbox: list[Delivery] = []
        self._is_telling = False
        self._today = timeline.now.astimezone(ZONE).date()
        self._teller = _Teller(clock, self.presences, self._duty_class)
        state = HubState(
            online=True, session=Session(Random(seed).randbytes(8).hex()), version="world", started_at=clock.now()
        )
        will = replace(state, online=False)
        self._connection = broker.connect(
            Line("hub"), registry.hub_topics(), self._take, Parcel(topics.HUB_STATE, encode(will), retain=True),
            hears_some=True,
        )  # fmt: skip
        self._birth = Parcel(topics.HUB_STATE, encode(state), retain=True)
        self._teller.publish_by(self._publish)
        self.greet()
        self._begin_day()

    def greet(self) -> None:
        """The broker may have forgotten everything: say all of it again."""
        self._connection.publish(self._birth)
        self._teller.learn(self._registry.directory, dict(self._registry.rules), self._today)
        self._tell_soon()

    def kill(self) -> None:
        """End without a word."""
        self.is_alive = False
        self._connection.drop()

    def work(self) -> None:
        """Store, answer and fold what has come."""
        deliveries, self._inbox = self._inbox, []
        if not deliveries or not self.is_alive:
            return
        try:
            outcome = self._intake.settle(self._intake.gather(deliveries))
        except StoreTroubleError:  # nobody is told anything, so that all of it comes again
            self.troubled()
            return
        self.told(outcome.answers)
        self._fold_soon({stored.run.id for stored in outcome.stored})
        for topic, payload in outcome.answers:
            self._publish(topic, payload)
        for stored in outcome.stored:
            self.presences.take(stored.run, stored.rows, stored.through)
        touched = self.presences.fold()
        if touched:
            self._teller.touch(touched)
            self._tell_soon()

    def fold_ledger(self) -> None:
        """Let the ledger follow all that is stored, step by step."""
        self._is_folding = False
        if self._ledger is None or not self.is_alive:
            return
        try:
            self._ledger.catch_up()
        except StoreTroubleError:  # the database knows what is not folded
            self.troubled()
            self._fold_soon()

    def _fold_soon(self, runs: Iterable[int] = ()) -> None:
        if self._ledger is None:
            return
        self._ledger.touch(runs)
        if not self._is_folding:
            self._is_folding = True
            self._timeline.call_in(FOLD_S, self.fold_ledger)

    def _take(self, parcel: Parcel) -> None:
        if not self._inbox:
            self._timeline.call_in(GATHER_S, self.work)
        self._inbox.append(Delivery(parcel.topic, parcel.payload, parcel.retain))

    def _publish(self, topic: str, payload: bytes) -> bool:
        self._connection.publish(Parcel(topic, payload, retain=True))
        return True

    def _tell_soon(self) -> None:
        if not self._is_telling:
            self._is_telling = True
            self._timeline.call_in(2 * GAP_S, self._tell)

    def _tell(self) -> None:
        self._is_telling = False
        if self.is_alive:
            self._teller.tell(self._timeline.now_s)

    def _begin_day(self) -> None:
        """At midnight, forget what is old and tell the new day."""
        if not self.is_alive:
            return
        now = self._timeline.now.astimezone(ZONE)
        if now.date() != self._today:
            self._today = now.date()
            self.presences.learn(self._registry.rules, self._registry.directory.holders_at(now), now - LOOK_BACK)
            self.greet()
        midnight = now.replace(hour=0, minute=0, second=1, microsecond=0) + timedelta(days=1)
        self._timeline.call_at(self._timeline.second_of(midnight), self._begin_day)

    def _duty_class(self, code: StationCode) -> DutyClass:
        now, rules = self._clock.now(), self._registry.rules[code]
        on, out = self.presences.present(code, now).counted
        return class_of(rules.duty, on, out, is_open=rules.calendar.is_open(now), watched=True)


class Centre:
    """The hub's place: its database, and the hub that runs now, if one does.

    Attributes:
        kept: after each power cut, of each run what had been settled, and what of it is there.
        keeps_ledger: whether its hubs keep one.
    """

    def __init__(
        self,
        registry: Registry,
        timeline: Timeline,
        broker: Broker,
        database: Database,
        seed: int,
        *,
        keeps_ledger: bool,
    ) -> None:
        self.keeps_ledger = keeps_ledger
        self._parts = registry, timeline, broker
        self._timeline, self._database = timeline, database
        self._seed, self._starts = seed, 0
        self.hub: Hub | None = None
        self.kept: list[dict[str, Any]] = []

    @property
    def engine(self) -> Engine:
        """Its database as it is now."""
        return self._database.engine

    def start(self) -> None:
        """Start the hub, where none runs."""
        if self.hub is None:
            registry, timeline, broker = self._parts
            self._starts += 1
            try:
                self.hub = Hub(
                    registry, self.engine, timeline, broker, f"{self._seed} hub {self._starts}",
                    keeps_ledger=self.keeps_ledger,
                )  # fmt: skip
            except StoreTroubleError:  # the disk takes nothing; the system tries again
                self._timeline.call_in(AGAIN_S, self.start)
                return
            self.hub.told, self.hub.troubled = self._database.note_told, self._look_at_power

    def kill(self) -> None:
        """End it as `kill -9` does."""
        hub, self.hub = self.hub, None
        if hub is not None:
            hub.kill()

    def fail_power(self, within_s: float) -> None:
        """Let the power fail in the middle of the next writes, or at the latest after so long."""
        self._database.cut_within_writes()
        self._timeline.call_in(within_s, self._lose_power)

    def fill_disk(self) -> None:
        """No byte more fits on its disk."""
        self._database.fill()

    def empty_disk(self) -> None:
        """There is room again."""
        self._database.empty()

    def back_up(self, restored_s: float) -> None:
        """Make a copy of the database, for the restore of that second."""
        self._database.back_up(restored_s)

    def put_back(self, restored_s: float) -> None:
        """Replace the database by the copy that was made for that second; the hub must not run."""
        assert self.hub is None
        self._database.put_back(restored_s)

    def close(self) -> None:
        """End."""
        self.kill()
        self._database.close()

    def _look_at_power(self) -> None:
        if not self._database.is_powered:
            self._lose_power()

    def _lose_power(self) -> None:
        self.kill()
        self.kept += self._database.lose_power()
