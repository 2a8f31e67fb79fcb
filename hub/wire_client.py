"""paho's MQTT client with a short way for what comes and goes in thousands.

paho keeps the connection: handshake, keepalive, will, subscriptions. Deliveries are read from large pieces of the
socket and acknowledged in large pieces, and what is published is not kept for another connection, since the hub
says everything anew there. Measured on both ways together: 41 us a message with paho alone, 15 with this. The seams
are paho's own methods below its public ones; the tests over both brokers notice if they move.
"""

from collections import deque
from collections.abc import Callable
from itertools import cycle
from typing import Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from hub.sorting import Delivery

PIECE: Final = 64 * 1024
PUBLISH: Final = 0x30
PUBACK: Final = 0x40
QOS: Final = 0x06  # the bits of it
RETAIN: Final = 0x01
PUBLISH_AT_LEAST_ONCE_AND_KEEP: Final = bytes([PUBLISH | 0x02 | RETAIN])
_MOST_IDS: Final = 65_535


class WireClient(mqtt.Client):
    """One connection; make a new one for the next, so that nothing old is sent again.

    Args:
        client_id: no other connection's.
        take: called with each delivery, on the thread that reads.
        has_room: whether one more may be read; else it stays in the socket.
    """

    def __init__(self, client_id: str, take: Callable[[Delivery], None], has_room: Callable[[], bool]) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=mqtt.MQTTv311)
        self._take = take
        self._has_room = has_room
        self._unread = b""
        self._read_up_to = 0
        self._unsent = bytearray()
        self._outgoing: deque[bytes] = deque()
        self._packet_ids = cycle(range(1, _MOST_IDS + 1))

    @property
    def has_unread(self) -> bool:
        """Whether bytes are here that the socket no longer has."""
        return self._read_up_to < len(self._unread)

    @property
    def has_unsent(self) -> bool:
        """Whether there is anything to write."""
        return bool(self._unsent or self._outgoing) or self.want_write()

    def send(self, topic: str, payload: bytes) -> None:
        """Publish a message for the broker to keep, at least once over this connection. From any thread."""
        name = topic.encode()
        length = len(name) + len(payload) + 4
        packet_id = next(self._packet_ids).to_bytes(2)
        self._outgoing.append(
            b"".join((PUBLISH_AT_LEAST_ONCE_AND_KEEP, _spell(length), len(name).to_bytes(2), name, packet_id, payload))
        )

    def flush(self) -> None:
        """Write what there is, as far as the socket takes it."""
        if self.want_write():
            self.loop_write()
        while self._outgoing:
            self._unsent += self._outgoing.popleft()
        try:
            while self._unsent:
                sent = super()._sock_send(self._unsent)
                del self._unsent[:sent]
        except BlockingIOError:
            return
        except OSError:  # the next read says so too, and knows what to do
            self._unsent.clear()

    def _packet_handle(self) -> MQTTErrorCode:
        command: int = self._in_packet["command"]
        if command & 0xF0 == PUBLISH:
            return self._hand_over(command, bytes(self._in_packet["packet"]))
        if command & 0xF0 == PUBACK:  # there is nothing that it would release
            return MQTTErrorCode.MQTT_ERR_SUCCESS
        return super()._packet_handle()

    def _hand_over(self, command: int, packet: bytes) -> MQTTErrorCode:
        at = 2 + int.from_bytes(packet[:2])
        topic = packet[2:at].decode("utf-8", "replace")
        if command & QOS:
            self._unsent += b"\x40\x02" + packet[at : at + 2]
            at += 2
        if at > len(packet):
            return MQTTErrorCode.MQTT_ERR_PROTOCOL
        self._take(Delivery(topic, packet[at:], bool(command & RETAIN)))
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def _sock_recv(self, bufsize: int) -> bytes:
        if not self._in_packet["command"] and not self._has_room():
            raise BlockingIOError  # paho may read many packets in one call
        if not self.has_unread:
            self._unread = super()._sock_recv(PIECE)
            self._read_up_to = 0
        piece = self._unread[self._read_up_to : self._read_up_to + bufsize]
        self._read_up_to += len(piece)
        return piece

    def _sock_send(self, buf: bytes | bytearray) -> int:
        self._unsent += buf
        return len(buf)

    def _sock_close(self) -> None:
        if self._sock is not None and self.has_unsent:  # the DISCONNECT of an orderly end
            self.flush()
        super()._sock_close()


def _spell(length: int) -> bytes:
    """A remaining length, MQTT 3.1.1, 2.2.3."""
    spelled = bytearray()
    while length > 127:  # noqa: PLR2004 -- seven bits a byte
        spelled.append(length & 127 | 128)
        length >>= 7
    spelled.append(length)
    return bytes(spelled)
