"""A cable to the broker that can be cut: neither end is told, and what is on its way stays there until it is mended."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

HOST = "127.0.0.1"
CHUNK_BYTES = 65_536


class Cable:
    """Carries connections from `port` to the broker's, until `close`."""

    def __init__(self, broker_port: int) -> None:
        self._broker = HOST, broker_port
        self._is_whole = threading.Event()
        self._is_whole.set()
        self._is_closed = False
        self._sockets: set[socket.socket] = set()
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, name=f"cable {self.port}", daemon=True).start()

    def cut(self) -> None:
        """Carry nothing any more, and say so to nobody."""
        self._is_whole.clear()

    def mend(self) -> None:
        """Carry again, also what was on its way."""
        self._is_whole.set()

    def close(self) -> None:
        """Take it away."""
        self._is_closed = True
        self._is_whole.set()
        for end in (self._listener, *self._sockets):
            _hang_up(end)

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                near, _ = self._listener.accept()
                self._is_whole.wait()
                try:
                    far = socket.create_connection(self._broker)
                except OSError:
                    _hang_up(near)
                    continue
                self._sockets |= {near, far}
                for source, target in ((near, far), (far, near)):
                    threading.Thread(
                        target=self._carry, args=(source, target), name=f"cable {self.port}", daemon=True
                    ).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while chunk := source.recv(CHUNK_BYTES):
                self._is_whole.wait()
                target.sendall(chunk)
        self._is_whole.wait()
        _hang_up(source)
        _hang_up(target)


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
