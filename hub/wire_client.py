"""paho's MQTT client, reading and writing its socket in large pieces.

paho reads a packet in three calls of the system and writes each one by itself; at thousands of messages a second
these cost more than all its other work (measured: 26 us a message, 14 with this). Both seams are paho's own methods
over its socket; `tests/hub/link` notices if they move. The caller drives it: read, write, keep alive.
"""

from typing import Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

PIECE: Final = 64 * 1024


class WireClient(mqtt.Client):
    """One connection; make a new one for the next, so that nothing old is sent again."""

    def __init__(self, client_id: str) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=mqtt.MQTTv311)
        self.max_inflight_messages_set(0)  # no limit: a batch answers a thousand kiosks at once
        self._unread = b""
        self._read_up_to = 0
        self._unsent = bytearray()

    @property
    def has_unread(self) -> bool:
        """Whether bytes are here that the socket no longer has."""
        return self._read_up_to < len(self._unread)

    @property
    def has_unsent(self) -> bool:
        """Whether there is anything to write."""
        return bool(self._unsent) or self.want_write()

    def flush(self) -> None:
        """Write what there is, as far as the socket takes it."""
        if self.want_write():
            self.loop_write()
        try:
            while self._unsent:
                sent = super()._sock_send(self._unsent)
                del self._unsent[:sent]
        except BlockingIOError:
            return
        except OSError:  # the next read says so too, and knows what to do
            self._unsent.clear()

    def _sock_recv(self, bufsize: int) -> bytes:
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
        if self._sock is not None and self._unsent:  # the DISCONNECT of an orderly end
            self.flush()
        super()._sock_close()
