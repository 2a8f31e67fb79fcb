"""A kiosk's way to the broker: dials, listens, and speaks when the agent has something to say.

It drives the real `uplink` as the agent's network thread does. Where `speaks_s` says so it lets records gather first:
fewer and fuller messages, for worlds of many days.
"""

import math
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Final

from edge.liaison import Liaison
from edge.outgoing import Outgoing
from simulator.world.broker import Broker, ClientLine, Connection, Parcel
from simulator.world.hands import Hands
from station.names import Session

REDIAL_S: Final = 15.0
SHORTEST_STEP_S: Final = 0.01
SOON_S: Final = 600.0  # what is due later than that, a sign of life, may wait for the others'


class Way:
    """The network's side of one agent, run after run.

    Attributes:
        liaison: the running agent's; None while there is none.
        is_cut: whether nothing gets through at all.
        is_still: whether the agent that runs there does nothing.
        stepping: called before it takes a message in, or says how the agent is.
        arrived: called after a message was taken in.
        linked: called when a connection was made or lost.
    """

    def __init__(self, line: ClientLine, broker: Broker, hands: Hands, rng: Random, *, speaks_s: float) -> None:
        self.liaison: Liaison | None = None
        self.is_cut = self.is_still = False
        self.stepping: Callable[[], None] = lambda: None
        self.arrived: Callable[[], None] = lambda: None
        self.linked: Callable[[], None] = lambda: None
        self._line, self._timeline, self._broker = line, hands.timeline, broker
        self._hands, self._rng, self._speaks_s = hands, rng, speaks_s
        self._connection: Connection | None = None
        self._under_way = 0
        self._dials = 0
        self._due_s = float("inf")

    @property
    def is_linked(self) -> bool:
        """Whether there is a connection."""
        return self._connection is not None

    def begin(self, liaison: Liaison) -> None:
        """An agent has begun."""
        self.liaison = liaison

    def end(self) -> None:
        """The agent is no more."""
        self.lose()
        self.liaison, self.is_still = None, False

    def dial_soon(self) -> None:
        """Connect after a while, unless something comes between."""
        self._dials += 1
        dial = self._dials

        def answer() -> None:
            if dial == self._dials and self._connection is None and not (self.is_cut or self.is_still):
                self._dial()

        self._timeline.call_in(self._rng.uniform(0.2, REDIAL_S), answer)

    def lose(self) -> None:
        """The connection breaks."""
        connection, self._connection, self._under_way = self._connection, None, 0
        if connection is not None:
            connection.drop()
            self.linked()
        if self.liaison is not None:
            self.liaison.uplink.close()

    def speak(self) -> None:
        """Something may have been stored: say so now, or once records have gathered."""
        if self._speaks_s:
            self.speak_after(self._timeline.now_s)
        else:
            self._speak()

    def speak_after(self, second_s: float) -> None:
        """Something will be stored then, and is to be said once records have gathered."""
        if second_s < float("inf"):
            self._wake_at(min(self._due_s, self._turn_after(second_s)))

    def _speak(self) -> None:
        if self.liaison is None or self._connection is None:
            return
        self.stepping()
        uplink, now_s = self.liaison.uplink, self._hands.boot_s()
        if self._under_way:
            uplink.feel_line(now_s, is_busy=True)
            return
        for outgoing in uplink.send(now_s):
            self._publish(outgoing)
        wait_s = max(uplink.deadline_s(now_s) - now_s, SHORTEST_STEP_S)
        self._due_s = float("inf")
        due_s = self._timeline.now_s + wait_s
        self._wake_at(self._turn_after(due_s) if self._speaks_s and wait_s > SOON_S else due_s)

    def _publish(self, outgoing: Outgoing) -> None:
        """Send; in worlds of many days it is said to be at the broker at once."""
        connection = self._connection
        assert connection is not None
        if self._speaks_s:
            connection.publish(_parcel(outgoing))
        else:
            self._under_way += 1
            connection.publish(_parcel(outgoing), partial(self._land, connection))

    def _land(self, connection: Connection) -> None:
        if connection is not self._connection or self.liaison is None:
            return
        self._under_way -= 1
        if not self._under_way:
            self.liaison.uplink.feel_line(self._hands.boot_s(), is_busy=False)
            self._speak()

    def _turn_after(self, second_s: float) -> float:
        """When kiosks that let records gather speak next: all together, so that the hub stores together."""
        return math.ceil(second_s / self._speaks_s) * self._speaks_s

    def _wake_at(self, due_s: float) -> None:
        if due_s == self._due_s:
            return
        self._due_s = due_s

        def wake() -> None:
            if self._due_s == due_s:  # else something else has happened since
                self._speak()

        self._timeline.call_at(due_s, wake)

    def _dial(self) -> None:
        if self.liaison is None:
            return
        uplink, session = self.liaison.uplink, Session(self._rng.randbytes(8).hex())
        will = _parcel(uplink.will(session))
        uplink.open(session, self._hands.boot_s())
        self._connection = self._broker.connect(self._line, uplink.subscriptions, self._take, will, hears_some=False)
        self._speak()
        self.linked()

    def _take(self, parcel: Parcel) -> None:
        if self.liaison is not None:
            self.stepping()
            self.liaison.uplink.take(parcel.topic, parcel.payload, self._hands.boot_s())
            self._speak()
            self.arrived()


def _parcel(outgoing: Outgoing) -> Parcel:
    return Parcel(outgoing.topic, outgoing.payload, outgoing.retain)
