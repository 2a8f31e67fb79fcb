"""The hub in the world: the product's core as it is, on one thread and the world's clock. Its pages are not here."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

from sqlalchemy import Engine

from hub.core import HubCore, OutgoingMessage
from hub.database.transactions import StoreTroubleError
from hub.intake.sorting import Delivery
from hub.presence.telling import GAP_S
from simulator.opening import ZONE
from simulator.world.broker import Broker, ClientLine, Parcel
from simulator.world.controls import break_core
from simulator.world.hands import Hands
from simulator.world.registry import Registry
from simulator.world.scenario import Scenario
from simulator.world.timeline import Timeline
from simulator.world.wall import Wall
from station.names import Session
from station.wire import topics
from station.wire.codec import encode

WRITE_S: Final = 1.0  # what is folded within it is written together
# Coverage: a hub reckons within seconds, which would be most of what a world costs. In a world of many days, days that
# go together cost half of what each costs alone, the last ones being partial and reckoned anew; a short world has none
# to put off, for what changes a day after it was reckoned would never be followed.
RECKON_S: Final = 3600.0
RECKON_LONG_S: Final = 4 * 86400.0
LONG_H: Final = 14 * 24.0
TOGETHER_S: Final = 1.0  # as the product's own feed looks at least
LOOK_S: Final = 600.0  # how often time is let pass where nothing is due
GATHER_S: Final = 0.2  # how long the hub lets messages gather for one commit
_WILL: Final = b'"online":false'


class HubLife:
    """One life of the hub, from its start to its end by `kill`.

    Attributes:
        core: the product's own.
        told: called with every answer before it goes out, once what it settles is shown.
        brought: called after it, with each run and the last record of it that came.
        troubled: called where the database did not take what came.
    """

    def __init__(
        self,
        registry: Registry,
        engine: Engine,
        timeline: Timeline,
        broker: Broker,
        *,
        seed: str,
        wall: Wall,
        scenario: Scenario,
    ) -> None:
        self._timeline, self._wall = timeline, wall
        self.brought: Callable[[str, int], object] = lambda _epoch, _last: None
        self.told: Callable[[list[tuple[str, bytes]]], object] = lambda _answers: None
        self.troubled: Callable[[], object] = lambda: None
        self.is_alive = True
        session = Session(Random(seed).randbytes(8).hex())
        clock = Hands(timeline, booted_s=-3600.0).clock()
        self.core = HubCore(engine, clock, ZONE, session=session, seconds=lambda: timeline.now_s)
        break_core(self.core, engine, scenario)
        self.core.begin()
        self._inbox: list[Delivery] = []
        self._is_ticking = False
        self._is_writing = False
        self._reckons_every_s = RECKON_LONG_S if scenario.lasts_h > LONG_H else RECKON_S
        self._reckoned_s = 0.0
        self._wakes_s = math.inf
        self.core.city.board.subscribe(wall.note_rows)
        wall.note_rows(self.core.city.board.view().rows)
        will = replace(self.core.birth, online=False)
        self._connection = broker.connect(
            ClientLine("hub"), registry.hub_topics(), self._take, Parcel(topics.HUB_STATE, encode(will), retain=True),
            hears_some=True,
        )  # fmt: skip
        self._birth = Parcel(topics.HUB_STATE, encode(self.core.birth), retain=True)
        self.greet()
        self._wall.note_kiosks(self.core)
        self._wake_when_due()

    def greet(self) -> None:
        """The broker may have forgotten everything: say all of it again."""
        self._connection.publish(self._birth)
        self.core.city.telling.tell_all()
        self._tick_soon()

    def kill(self) -> None:
        """End without a word."""
        self.is_alive = False
        self._connection.drop()

    def look_round(self) -> None:
        """Notice that the city has changed, as a hub does once a second, and fold what follows."""
        self.core.tidy()
        self._send(self.core.outgoing())
        self._write()
        self._tick()
        self._wake_when_due()

    def catch_up(self) -> None:
        """Fold and write all that is stored, and reckon what follows."""
        self._fold()
        self._reckon()

    def _fold(self) -> None:
        while self.core.fold():
            pass
        self.core.write()

    def _reckon(self) -> None:
        self._reckoned_s = self._timeline.now_s
        self.core.coverage.catch_up()

    def _work(self) -> None:
        """Store, answer and fold what has come."""
        deliveries, self._inbox = self._inbox, []
        if not deliveries or not self.is_alive:
            return
        try:
            self.core.take(deliveries)
        except StoreTroubleError:  # what is stored is due
            self.troubled()
        answers = self.core.outgoing()
        if self.core.is_in_trouble:  # nobody is told anything, so that all of it comes again
            self.troubled()
        self.told([message[:2] for message in answers if message.topic.endswith("/settled")])
        for delivery in deliveries:
            if delivery.topic.endswith("/journal"):
                journal = json.loads(delivery.payload)
                self.brought(journal["epoch"], journal["first"] + len(journal["records"]) - 1)
        self._send(answers)
        self._tick_soon()
        self._wake_when_due()
        self._write_soon()

    def _write_soon(self) -> None:
        if not self._is_writing:
            self._is_writing = True
            self._timeline.call_in(WRITE_S, self._write)

    def _write(self) -> None:
        self._is_writing = False
        if not self.is_alive:
            return
        try:
            self._fold()
            if self._timeline.now_s - self._reckoned_s >= self._reckons_every_s:
                self._reckon()
        except StoreTroubleError:  # the database knows what is not folded
            self.troubled()
            self._write_soon()

    def _take(self, parcel: Parcel) -> None:
        is_of_a_kiosk = parcel.topic != topics.HUB_STATE and not parcel.topic.endswith(f"/{topics.Leaf.REPLY}")
        if is_of_a_kiosk and not parcel.retain and _WILL not in parcel.payload:
            self._wall.note_heard(topics.read_address(parcel.topic).kiosk)
        if not self._inbox:
            self._timeline.call_in(GATHER_S, self._work)
        self._inbox.append(Delivery(parcel.topic, parcel.payload, parcel.retain))

    def _send(self, messages: list[OutgoingMessage]) -> None:
        for message in messages:
            self._connection.publish(Parcel(message.topic, message.payload, retain=message.keep))

    def _tick_soon(self) -> None:
        if not self._is_ticking:
            self._is_ticking = True
            self._timeline.call_in(2 * GAP_S, self._tick)

    def _tick(self) -> None:
        self._is_ticking = False
        if self.is_alive:
            self.core.tick(self._timeline.now_s)
            self._send(self.core.outgoing())
            self._wall.note_kiosks(self.core)

    def _wake_when_due(self) -> None:
        """Let time pass when it alone next changes something, and at least every ten minutes."""
        due_at = self.core.city.board.next_due()
        due_s = math.inf if due_at is None else self._timeline.second_of(due_at)
        due_s = math.ceil(due_s / TOGETHER_S) * TOGETHER_S if due_s < math.inf else due_s
        wakes_s = min(max(due_s, self._timeline.now_s), self._timeline.now_s + LOOK_S)
        if self._timeline.now_s < self._wakes_s <= wakes_s:
            return
        self._wakes_s = wakes_s

        def wake() -> None:
            if self.is_alive and self._wakes_s == wakes_s:  # else something else was due sooner
                self._wakes_s = -math.inf
                self._tick()
                self._wake_when_due()

        self._timeline.call_at(wakes_s, wake)
