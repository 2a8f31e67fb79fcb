"""One connection to a broker, only to see whether it lets a kiosk in."""

import selectors
import threading
import time
from collections.abc import Callable

from edge.call import Call
from edge.config import BrokerConfig


def try_broker(broker: BrokerConfig, client_id: str, wall_s: Callable[[], float] = time.time) -> None:
    """Connect once and take leave; nothing is said.

    Raises:
        LinkDownError: the broker does not let this kiosk in, and why.
    """
    call = Call(broker, client_id, wall_s=wall_s)
    try:
        call.dial()
        with selectors.DefaultSelector() as selector:
            selector.register(call.socket, selectors.EVENT_READ)
            call.await_welcome(selector, threading.Event())
        call.bid_farewell(None)
    finally:
        call.hang_up()
