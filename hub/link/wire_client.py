"""paho's MQTT client with a short way for what comes and goes in thousands.

paho keeps the connection: handshake, keepalive, will, subscriptions. What the socket gives is cut into packets here,
deliveries are handed over and acknowledged by the piece, and what is published is not kept for another connection,
since the hub says everything anew there. Only a packet that is paho's to answer is handed to it below its public
methods (`SEAMS`): that pays, since a delivery costs 2.3 us to read and acknowledge here, and 43 with paho
(`python -m tests.bench seam`). `check_seams` says before the start if they have moved, and the tests over both brokers
if they mean something else.

SeamsMovedError    this paho cannot be worked with; a person must install the one in the lock
"""

import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from itertools import cycle
from typing import Final

import paho.mqtt
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from hub.errors import HubError
from hub.intake.sorting import Delivery
from hub.saying import say

PIECE: Final = 64 * 1024
MOST: Final = 256 * 1024  # of one packet; ours are half as long, and what is longer is no message of anybody's
PUBLISH: Final = 0x30
PUBACK: Final = 0x40
QOS: Final = 0x06  # the bits of it
RETAIN: Final = 0x01
AT_LEAST_ONCE: Final = PUBLISH | 0x02
LENGTH_BYTES: Final = 4  # MQTT 3.1.1, 2.2.3
_MOST_IDS: Final = 65_535


SEAMS: Final = frozenset({"_in_packet", "_packet_handle"})
"""What of paho is used below its public methods: `_leave_to_paho` hands it a packet that was cut here."""


class SeamsMovedError(HubError):
    """paho is another than this hub was made for; the text says what it lacks."""


def check_seams(client: object) -> None:
    """Make sure that paho's own client has all that is used of it.

    Raises:
        SeamsMovedError: it has not.
    """
    missing = sorted(name for name in SEAMS if not hasattr(client, name))
    if missing:
        raise SeamsMovedError(
            say(
                "paho-mqtt {version} has no {missing}; wanted is the version in locks/hub.txt",
                version=paho.mqtt.__version__,
                missing=", ".join(missing),
            )
        )


class WireClient(mqtt.Client):
    """One connection; make a new one for the next, so that nothing old is sent again.

    Args:
        client_id: no other connection's.
        take: called with each delivery, on the thread that reads.
        has_room: whether one more may be taken; else the bytes wait.
    """

    def __init__(self, client_id: str, take: Callable[[Delivery], None], has_room: Callable[[], bool]) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=mqtt.MQTTv311)
        self._take = take
        self._has_room = has_room
        self._unread = b""
        self._passing = 0
        self._unsent = bytearray()
        self._is_theirs = False  # a packet of paho's is begun and not all written
        self._outgoing: deque[bytes] = deque()
        self._packet_ids = cycle(range(1, _MOST_IDS + 1))
        self.is_crowded = False
        """Whether a delivery waits here for room."""

    @property
    def has_unsent(self) -> bool:
        """Whether there is anything to write."""
        return bool(self._unsent or self._outgoing) or self.want_write()

    def send(self, topic: str, payload: bytes, *, keep: bool = True) -> None:
        """Publish a message, for the broker to keep or not, at least once over this connection. From any thread."""
        name = topic.encode()
        length = len(name) + len(payload) + 4
        packet_id = next(self._packet_ids).to_bytes(2)
        head = bytes((AT_LEAST_ONCE | (RETAIN if keep else 0),))
        self._outgoing.append(b"".join((head, _spell(length), len(name).to_bytes(2), name, packet_id, payload)))

    def flush(self) -> None:
        """Write what there is, as far as the socket takes it."""
        self.loop_write()
        line = self.socket()
        if self._is_theirs or line is None:
            return
        while self._outgoing:
            self._unsent += self._outgoing.popleft()
        try:
            while self._unsent:
                del self._unsent[: line.send(self._unsent)]
        except BlockingIOError:
            return
        except OSError:  # the next read says so too, and knows what to do
            self._unsent.clear()
        self.loop_write()

    def loop_write(self) -> MQTTErrorCode:
        """Write paho's own packets, once none of ours is begun."""
        if not self.want_write() or (self._unsent and not self._is_theirs):
            return MQTTErrorCode.MQTT_ERR_SUCCESS
        outcome = super().loop_write()
        self._is_theirs = self.want_write()
        return outcome

    def read(self) -> None:
        """Take what the socket has, and hand over the deliveries in it."""
        if not self.is_crowded:
            try:
                piece = self._receive()
            except BlockingIOError:
                return
            except OSError:
                piece = b""
            if not piece:
                self.loop_read()  # finds the same, and ends the connection
                return
            passed = min(self._passing, len(piece))
            self._passing -= passed
            self._unread += piece[passed:]
            self._acknowledge()
        self._cut()

    def _receive(self) -> bytes:
        line = self.socket()
        return line.recv(PIECE) if line is not None else b""

    def _acknowledge(self) -> None:
        """Acknowledge at once what was read; Linux forgets this wish, so it is said each time.

        The broker's PUBACK calls for no answer, so its acknowledgement would come 40 ms later, and so long the broker
        holds back the end of the next journal message (Nagle).
        """
        line = self.socket()
        if not isinstance(line, socket.socket):
            return
        with suppress(OSError):  # no TCP
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    def _cut(self) -> None:
        """Cut whole packets off what is unread; a delivery only where there is room for it."""
        unread, start, self.is_crowded = self._unread, 0, False
        while (ends := _packet_ends(unread, start)) is not None:
            head, end = ends
            command = unread[start]
            kind = command & 0xF0
            if kind == PUBLISH:
                if not self._has_room():
                    self.is_crowded = True
                    break
                self._hand_over(command, unread[head:end])
            elif kind != PUBACK:  # of which there is nothing to release
                self._leave_to_paho(command, unread[head:end])
            start = end
        self._unread = unread[start:]
        if len(self._unread) > MOST and not self.is_crowded:
            self._pass_over()

    def _pass_over(self) -> None:
        """Take the beginning of a packet that is too long for all of it, which then cannot be read; forget the rest."""
        head, end = _packet_lies(self._unread, 0) or (0, 0)
        self._passing = end - len(self._unread)
        command, begun = self._unread[0], self._unread[head:]
        self._unread = b""
        if command & 0xF0 == PUBLISH:
            self._hand_over(command, begun)

    def _hand_over(self, command: int, packet: bytes) -> None:
        at = 2 + int.from_bytes(packet[:2])
        topic = packet[2:at].decode("utf-8", "replace")
        if command & QOS:
            self._unsent += b"\x40\x02" + packet[at : at + 2]
            at += 2
        self._take(Delivery(topic, packet[at:], bool(command & RETAIN)))

    def _leave_to_paho(self, command: int, packet: bytes) -> None:
        self._in_packet["command"], self._in_packet["packet"] = command, bytearray(packet)
        self._in_packet["remaining_length"], self._in_packet["pos"] = len(packet), 0
        if self._packet_handle():  # refused, or no packet of this protocol
            self.disconnect()


def _packet_ends(unread: bytes, start: int) -> tuple[int, int] | None:
    """Where the packet that begins at `start` has its body, and where it ends; None while it is not all there."""
    lies = _packet_lies(unread, start)
    return lies if lies is not None and lies[1] <= len(unread) else None


def _packet_lies(unread: bytes, start: int) -> tuple[int, int] | None:
    """As `_packet_ends`, also of one that is not all there; None while its length is not.

    A length of more than four bytes is none: the broker is out of step, and the keepalive will end the connection.
    """
    length = shift = 0
    for at in range(start + 1, min(start + 1 + LENGTH_BYTES, len(unread))):
        length |= (unread[at] & 127) << shift
        if unread[at] < 128:  # noqa: PLR2004 -- the highest bit says that another byte follows
            head = at + 1
            return head, head + length
        shift += 7
    return None


def _spell(length: int) -> bytes:
    """A remaining length."""
    spelled = bytearray()
    while length > 127:  # noqa: PLR2004 -- seven bits a byte
        spelled.append(length & 127 | 128)
        length >>= 7
    spelled.append(length)
    return bytes(spelled)
