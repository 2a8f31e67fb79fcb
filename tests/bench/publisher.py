"""A load that alone exceeds any reference: packets made beforehand, poured into one socket.

Speaks just enough MQTT 3.1.1 for that: CONNECT, QoS 1 PUBLISH, and counting the PUBACKs that come back.
"""

import socket
import struct
import threading
import time
from collections.abc import Iterable

PUBACK_BYTES = 4
MAX_PACKET_ID = 65_000


def publish_packet(topic: str, payload: bytes, packet_id: int) -> bytes:
    """One QoS 1 PUBLISH."""
    name = topic.encode()
    body = struct.pack("!H", len(name)) + name + struct.pack("!H", packet_id) + payload
    length, left = b"", len(body)
    while True:
        left, digit = divmod(left, 128)[0], left % 128
        length += bytes([digit | 0x80 if left else digit])
        if not left:
            return b"\x32" + length + body


def packets(messages: Iterable[tuple[str, bytes]]) -> list[bytes]:
    """All packets of a load, ready to be sent."""
    return [publish_packet(topic, payload, i % MAX_PACKET_ID + 1) for i, (topic, payload) in enumerate(messages)]


class Publisher:
    """One connection that pours packets and counts what the broker acknowledged."""

    def __init__(self, port: int, client_id: str = "bench-publisher") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        name = client_id.encode()
        body = b"\x00\x04MQTT\x04\x02\x00\x00" + struct.pack("!H", len(name)) + name
        self._socket.sendall(b"\x10" + bytes([len(body)]) + body)
        if self._socket.recv(4)[:1] != b"\x20":
            raise RuntimeError("the broker refused the publisher")
        self.acknowledged_bytes = 0
        self._drained = threading.Thread(target=self._drain, name="bench-pubacks", daemon=True)
        self._drained.start()

    def _drain(self) -> None:
        while got := self._socket.recv(1 << 16):
            self.acknowledged_bytes += len(got)

    @property
    def acknowledged(self) -> int:
        """Messages that the broker acknowledged so far."""
        return self.acknowledged_bytes // PUBACK_BYTES

    def pour(self, made: list[bytes], *, rate: float | None = None) -> None:
        """Send all packets, as fast as the socket takes them or at `rate` a second."""
        if rate is None:
            for start in range(0, len(made), 256):
                self._socket.sendall(b"".join(made[start : start + 256]))
            return
        began = time.monotonic()
        for i, packet in enumerate(made):
            ahead = began + i / rate - time.monotonic()
            if ahead > 0:
                time.sleep(ahead)
            self._socket.sendall(packet)

    def close(self) -> None:
        """Leave orderly."""
        self._socket.sendall(b"\xe0\x00")
        self._socket.shutdown(socket.SHUT_RDWR)
        self._drained.join()  # it reads the end now; closed under its hands, the socket would be an error
        self._socket.close()
