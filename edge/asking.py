"""Asks the hub what a kiosk can see of itself only from there: is it known, is it answered, is the site key the same.

A visit over a connection of its own. Where the agent runs, nothing is said, only read what the broker keeps; where none
runs, the hub is asked once, as a kiosk that is not in service.
"""

import selectors
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Final

from edge.call import Call
from edge.config import EdgeConfig
from edge.outgoing import Outgoing
from edge.seams import Seams
from station.errors import WireError
from station.names import Session
from station.records import ClockState, ReaderState
from station.wire import topics
from station.wire.codec import decode, decode_hub_state, encode
from station.wire.messages import QUESTION, HubState, Settled, State
from station.wire.topics import Leaf

LISTEN_S: Final = 5.0  # a hub with much to do settles within a second
KEPT_S: Final = 0.5  # for what the broker keeps, once it has acknowledged that somebody listens


@dataclass(slots=True)
class HeardBack:
    """What came.

    Attributes:
        hub: its last birth or will, as the broker keeps it.
        is_known: it tells this kiosk its hours.
        settled_at: when it last answered: this question, or the running agent.
        is_answered: it answered this question.
        key: the fingerprint of its site key, as far as it has told it.
    """

    hub: HubState | None = None
    is_known: bool = False
    settled_at: datetime | None = None
    is_answered: bool = False
    key: str = ""


def ask_hub(config: EdgeConfig, seams: Seams, *, is_running: bool) -> HeardBack:
    """Listen for a while, and ask where no agent does.

    Raises:
        LinkDownError: the broker does not let this kiosk in, or not speak.
    """
    session, said = Session(token_hex(8)), HeardBack()
    wanted = {
        topics.HUB_STATE: "hub", topics.settled(config.station, config.kiosk): "settled",
        topics.told(config.station, config.kiosk)[Leaf.DUTY]: "duty",
    }  # fmt: skip
    call = Call(config.broker, f"{config.kiosk}-doctor-{session}")
    try:
        call.dial()
        with selectors.DefaultSelector() as selector:
            selector.register(call.socket, selectors.EVENT_READ)
            call.await_welcome(selector, threading.Event())
            call.subscribe(tuple(wanted))
            if not is_running:
                call.publish(_question(config, seams, session), time.monotonic())
            until_s = time.monotonic() + LISTEN_S
            while (now_s := time.monotonic()) < until_s and not said.is_answered:
                call.is_busy(now_s)
                call.turn(selector, 0.1)
                for topic, payload in call.received():
                    _hear(said, wanted.get(topic, ""), payload, session)
                if is_running and said.hub is not None and said.settled_at is not None and said.is_known:
                    break
            until_s = time.monotonic() + KEPT_S
            while said.is_answered and time.monotonic() < until_s:
                call.turn(selector, 0.1)
                for topic, payload in call.received():
                    _hear(said, wanted.get(topic, ""), payload, session)
        call.bid_farewell(None)
    finally:
        call.hang_up()
    return said


def _question(config: EdgeConfig, seams: Seams, session: Session) -> Outgoing:
    """A state that is not kept: nobody sees it but the hub, which answers whomever it knows."""
    clock = ClockState.SYNCED if seams.is_synced() else ClockState.UNSET
    state = State(
        online=False, session=session, n=1, version="doctor", epochs={}, reader=ReaderState.DOWN, clock=clock,
        boot=seams.boot, mono_ms=int(seams.clock.boot_s() * 1000), queued=0, at=seams.clock.now(), reason=QUESTION,
    )  # fmt: skip
    return Outgoing(topics.state(config.station, config.kiosk), encode(state), retain=False)


def _hear(said: HeardBack, what: str, payload: bytes, session: Session) -> None:
    with suppress(WireError):
        if what == "hub":
            said.hub = decode_hub_state(payload)
        elif what == "duty":
            said.is_known = bool(payload)
        elif what == "settled":
            told = decode(payload, Settled)
            said.settled_at, said.key = told.at, told.key or said.key
            said.is_answered = told.session == session
