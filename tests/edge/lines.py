"""A line between kiosk and broker, on loopback, that a test makes slow, lets hang or counts the bytes of.

Two threads a connection, one each way. A line that hangs swallows what comes and closes nothing, as a router does
that lost its table: neither end hears of it.
"""

import socket
import threading
from contextlib import suppress
from typing import Final

PIECE: Final = 1024  # so small that a slow line is slow evenly
SMALL_BUFFER: Final = 8192  # so that the sender's own kernel holds what the line has not carried yet
HEAD_BYTES: Final = 40  # IPv4 and TCP, of each segment
SEGMENT_BYTES: Final = 1460


class WornLine:
    """From a port of its own to the broker's, until `close`.

    Attributes:
        port: where the kiosk dials.
        up_bytes: what the kiosk sent over it so far.
        down_bytes: what it was sent.
    """

    def __init__(self, to_port: int, *, bytes_per_s: float | None = None) -> None:
        self.up_bytes = self.down_bytes = 0
        self._to_port = to_port
        self._bytes_per_s = bytes_per_s
        self._pause = threading.Event()  # never set but at the end: its `wait` is how a slow line waits
        self._server = socket.create_server(("127.0.0.1", 0))
        if bytes_per_s is not None:
            self._server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)  # the connections inherit it
        self.port: int = self._server.getsockname()[1]
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._hung: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept, name="test line", daemon=True)]
        self._threads[0].start()

    def hang(self) -> None:
        """Carry nothing more over the connections that stand; new ones are sound."""
        with self._lock:
            self._hung.update(self._open)

    def cut(self) -> None:
        """End the connections that stand."""
        with self._lock:
            found = list(self._open)
        for end in found:
            _shut(end)

    def wire_bytes(self) -> int:
        """What went up, with the heads of the segments that it takes on a real line."""
        return self.up_bytes + self.up_bytes // SEGMENT_BYTES * HEAD_BYTES

    def close(self) -> None:
        """End everything."""
        self._pause.set()
        _shut(self._server)
        self._server.close()
        self.cut()
        for thread in self._threads:
            thread.join(10)
        for end in self._open:
            end.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._to_port), timeout=10)
            except OSError:  # no broker there: the kiosk is to see that
                near.close()
                continue
            self._join(near, far)

    def _join(self, near: socket.socket, far: socket.socket) -> None:
        far.settimeout(None)
        for end in (near, far):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._open += [near, far]
            for source, target, way in ((near, far, "up"), (far, near, "down")):
                args = (source, target, way)
                self._threads.append(
                    threading.Thread(target=self._carry, args=args, name=f"test line {way}", daemon=True)
                )
                self._threads[-1].start()

    def _carry(self, source: socket.socket, target: socket.socket, way: str) -> None:
        with suppress(OSError):  # an end that is gone ends the other
            while piece := source.recv(PIECE if self._bytes_per_s else PIECE * 64):
                if self._bytes_per_s is not None:
                    self._pause.wait(len(piece) / self._bytes_per_s)
                if source in self._hung:
                    continue
                if way == "up":
                    self.up_bytes += len(piece)
                else:
                    self.down_bytes += len(piece)
                target.sendall(piece)
        if source not in self._hung:
            _shut(target)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
