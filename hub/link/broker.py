"""The embedded broker: nothing to install, for this machine alone, forgetting all when it stops.

It runs as a child process that ends with the hub. A broker of one's own is for service (docs/architecture.md).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from iotcore import Broker

from hub.errors import HubError
from hub.saying import say

LISTEN: Final = "127.0.0.1"  # its default is every address
MAX_MESSAGE_BYTES: Final = 262_144  # its default of 20,480 costs the sender of 200 records its connection
MAX_KIOSKS: Final = 20_000
COMES_UP_WITHIN_S: Final = 60.0  # on a machine that does much else; one that fails is noticed at once


class BrokerError(HubError):
    """The embedded broker does not come up; the text says why."""


@contextmanager
def embedded_broker(port: int) -> Iterator[None]:
    """A broker on 127.0.0.1 for as long as the block lasts.

    Raises:
        BrokerError: the port is in use, or the broker fails to start.
    """
    broker = Broker(port, LISTEN, max_payload_size=MAX_MESSAGE_BYTES, max_connections=MAX_KIOSKS)
    try:
        broker.start(timeout=COMES_UP_WITHIN_S)
    except OSError as exc:
        raise BrokerError(
            say(
                "port {port} of {listen} is in use; choose another broker.port, or stop what has it",
                port=port,
                listen=LISTEN,
            )
        ) from exc
    except RuntimeError as exc:
        raise BrokerError(say("the embedded broker does not come up: {exc}", exc=exc)) from exc
    try:
        yield
    finally:
        broker.stop()
