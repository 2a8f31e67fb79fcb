"""A broker of MQTT 3.1.1 that takes connections, subscriptions and pings, and acknowledges as many messages as it shall."""

import socket
import threading
from contextlib import suppress
from io import BufferedReader

CONNECT, PUBLISH = 1, 3  # MQTT 3.1.1, 2.2.1, as the kinds below
MQTT_3_1_1 = 4  # the protocol's level, 3.1.2.2


class MuteBroker:
    """On a port of its own, until `close`.

    Attributes:
        patience: how many messages more it acknowledges.
        heard: how many messages came over each connection, the oldest first.
        keepalive_s: after one and a half times that of silence a broker gives the newest connection up; 0 is never.
    """

    def __init__(self) -> None:
        self.patience = 0.0
        self.heard: list[int] = []
        self.keepalive_s = 0
        self._lines: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._serve, name="mute broker", daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """End everything."""
        _shut(self._listener)
        self._threads[0].join(60)
        for line in self._lines:
            _shut(line)
        for thread in self._threads:
            thread.join(60)
        for end in (self._listener, *self._lines):
            end.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self._lines.append(line)
            self._threads.append(threading.Thread(target=self._talk, args=(line,), name="mute line", daemon=True))
            self._threads[-1].start()

    def _talk(self, line: socket.socket) -> None:
        number = -1
        with suppress(OSError), line.makefile("rb") as stream:
            while head := stream.read(1):
                body = stream.read(_length(stream))
                kind = head[0] >> 4
                if kind == CONNECT and body[6] == MQTT_3_1_1:
                    number = len(self.heard)
                    self.heard.append(0)
                if kind == PUBLISH:
                    self.heard[number] += 1
                if answer := self._answer(kind, body):
                    line.sendall(answer)

    def _answer(self, kind: int, body: bytes) -> bytes:
        match kind:
            case 1 if body[6] != MQTT_3_1_1:
                return b"\x20\x02\x00\x01"  # unacceptable protocol version (3.2.2.3)
            case 1:  # the protocol's name, its level, flags, keepalive (3.1.2)
                self.keepalive_s = int.from_bytes(body[8:10])
                return b"\x20\x02\x00\x00"
            case 8:  # SUBSCRIBE
                topics = _topics(body[2:])
                return b"\x90" + bytes([2 + topics]) + body[:2] + b"\x01" * topics
            case 12:  # PINGREQ
                return b"\xd0\x00"
            case 3 if self.patience:  # PUBLISH
                self.patience -= 1
                at = 2 + int.from_bytes(body[:2])
                return b"\x40\x02" + body[at : at + 2]
        return b""


def _topics(body: bytes) -> int:
    count = 0
    while body:
        count += 1
        body = body[3 + int.from_bytes(body[:2]) :]
    return count


def _length(stream: BufferedReader) -> int:
    length = shift = 0
    while True:
        (digit,) = stream.read(1)
        length |= (digit & 127) << shift
        shift += 7
        if digit < 128:
            return length


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
