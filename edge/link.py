"""The kiosk's link to its broker: one thread, which drives one call after the other and asks `uplink` what to say.

Every connection is a session of its own and a client of its own: nothing of an old one can leak into a new one. What
was said comes to the broker before more is said, so that a slow line is never stuffed. The link comes back by itself,
for ever; only the first failure and the recovery are logged.
"""

import logging
import selectors
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Final

from edge.call import Call
from edge.errors import LinkDownError, NotLetInError
from edge.identities import Identities
from edge.uplink import Uplink
from station.names import KioskId, Session

_log = logging.getLogger(__name__)
FIRST_PAUSE_S: Final = 0.25
LONGEST_PAUSE_S: Final = 15.0  # a broker that is back has its city back within a heartbeat
STEADY_S: Final = 10.0  # a connection that lasted so long begins the backoff anew
LONGEST_WAIT_S: Final = 1.0


class KioskLink:
    """One kiosk's link, from `start` to `stop`.

    Attributes:
        connected: set while the broker has welcomed this kiosk.
    """

    def __init__(
        self,
        identities: Identities,
        kiosk: KioskId,
        uplink: Uplink,
        *,
        keep_house: Callable[[float], None],
        now_s: Callable[[], float],
        entropy: Callable[[int], bytes],
        rng: Random,
    ) -> None:
        """Make a link that is not started.

        Args:
            identities: where to connect, and as whom.
            kiosk: whose link it is.
            uplink: what is said over it; from `start` on the link's thread alone calls it.
            keep_house: called about every second on the link's thread, connected or not, with `now_s`.
            now_s: real seconds.
            entropy: random bytes for the sessions' names.
            rng: jitter.
        """
        self.connected = threading.Event()
        self._identities = identities
        self._broker = identities.way()
        self._kiosk = kiosk
        self._uplink = uplink
        self._keep_house = keep_house
        self._now_s = now_s
        self._entropy = entropy
        self._rng = rng
        self._stopping = threading.Event()
        self._reason = "stopped"
        self._is_down_told = False
        self._ear, self._mouth = socket.socketpair()
        self._ear.settimeout(0)
        self._mouth.settimeout(0)
        self._thread = threading.Thread(target=self._run, name=f"link {kiosk}", daemon=True)

    def start(self) -> None:
        """Connect, and stay connected."""
        self._thread.start()

    def wake(self) -> None:
        """There is something to say; from any thread, never waits."""
        with suppress(OSError):  # full: it will wake anyway; closed: it is over
            self._mouth.send(b"\0")

    def stop(self, timeout_s: float = 8.0) -> None:
        """Say farewell and end."""
        self._stopping.set()
        self.wake()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        self._ear.close()
        self._mouth.close()

    def kill(self, timeout_s: float = 8.0) -> None:
        """End without a word, as a power cut does: the broker will speak the will."""
        self._reason = ""
        self.stop(timeout_s)

    def _run(self) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._stopping.is_set():
            began_s = self._now_s()
            try:
                self._converse(Session(self._entropy(8).hex()))
            except NotLetInError as exc:
                self._identities.refused(str(exc))
                self._tell_down(str(exc))
            except LinkDownError as exc:
                self._tell_down(str(exc))
            except Exception:  # noqa: BLE001 -- the supervisor of this thread: a fault in here must not end the link for ever
                _log.exception("the link to the broker failed, and begins anew")
            finally:
                self._uplink.close()
                self.connected.clear()
            if self._now_s() - began_s > STEADY_S:
                pause_s = FIRST_PAUSE_S
            self._pause(pause_s * self._rng.uniform(0.5, 1.5))
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    def _pause(self, pause_s: float) -> None:
        until_s = self._now_s() + pause_s
        while (left_s := until_s - self._now_s()) > 0 and not self._stopping.wait(min(left_s, LONGEST_WAIT_S)):
            self._keep_house(self._now_s())

    def _converse(self, session: Session) -> None:
        self._broker = self._identities.way()
        call = Call(self._broker, f"{self._kiosk}-{session}", self._uplink.will(session))
        try:
            call.dial()
            with selectors.DefaultSelector() as selector:
                selector.register(self._ear, selectors.EVENT_READ)
                selector.register(call.socket, selectors.EVENT_READ)
                call.await_welcome(selector, self._stopping)
                self._identities.welcomed()
                call.subscribe(self._uplink.subscriptions)
                self._uplink.open(session, self._now_s(), call.most_bytes)
                self._tell_up()
                self._talk(call, selector)
            if self._reason:
                reason = self._reason if self._stopping.is_set() else "dials anew"
                call.bid_farewell(self._uplink.farewell(reason))
        finally:
            call.hang_up()

    def _talk(self, call: Call, selector: selectors.BaseSelector) -> None:
        while not (self._stopping.is_set() or self._identities.wants_dial):
            now_s = self._now_s()
            self._keep_house(now_s)
            is_busy = call.is_busy(now_s)
            self._uplink.feel_line(now_s, is_busy=is_busy)
            for topic, payload in call.received():
                self._uplink.take(topic, payload, now_s)
            call.turn(selector, LONGEST_WAIT_S if is_busy else self._say(call, now_s))
            self._hear_all()

    def _say(self, call: Call, now_s: float) -> float:
        """Say what is due, and tell how long there is nothing more to say."""
        for outgoing in self._uplink.send(now_s):
            call.publish(outgoing, now_s)
        return min(max(self._uplink.deadline_s(now_s) - now_s, 0.0), LONGEST_WAIT_S)

    def _hear_all(self) -> None:
        with suppress(BlockingIOError):
            while self._ear.recv(4096):
                pass

    def _tell_down(self, reason: str) -> None:
        if not self._is_down_told:
            _log.warning("no link to the broker at %s:%d: %s", self._broker.host, self._broker.port, reason)
            self._is_down_told = True

    def _tell_up(self) -> None:
        self.connected.set()
        _log.info("linked to the broker at %s:%d", self._broker.host, self._broker.port)
        self._is_down_told = False
