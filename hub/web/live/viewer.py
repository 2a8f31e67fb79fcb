"""One open stream, and all streams that get the same bytes, packed or not.

A chunk is made once for everybody and goes straight into each connection, past the web framework: what a framework
does to a chunk costs more than the chunk, a hundred times over. Who is told what is `broadcast`'s work. A connection
that is broken is its own viewer's trouble: the others are told all the same.
"""

import logging
import zlib
from typing import Protocol

from hub.web.live.face import Face

log = logging.getLogger(__name__)

LAST_CHUNK = b"0\r\n\r\n"
BROKEN = (OSError, RuntimeError)  # uvloop raises the second for a transport whose other side is gone


GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""Of a stream in gzip (RFC 1952, 2.3), which never comes to its trailer: it ends when somebody goes."""


def packed(text: bytes) -> bytes:
    """Return blocks of deflate that stand for themselves, so that they fit behind any others (RFC 1951, 3.2)."""
    deflate = zlib.compressobj(5, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflate.compress(text) + deflate.flush(zlib.Z_SYNC_FLUSH)


def chunk_of(text: bytes) -> bytes:
    """Return a chunk of an HTTP/1.1 answer whose length nobody knows (RFC 9112, 7.1)."""
    return b"%x\r\n%b\r\n" % (len(text), text)


class ViewerWire(Protocol):
    """What a viewer needs of a connection: a part of `asyncio.WriteTransport`."""

    def write(self, data: bytes, /) -> None:
        """Send, or keep what the other side does not take yet."""

    def get_write_buffer_size(self) -> int:
        """How much is kept."""

    def is_closing(self) -> bool:
        """Whether it is gone, or about to."""

    def close(self) -> None:
        """End after what is kept."""

    def abort(self) -> None:
        """End at once."""


class Viewer:
    """One open stream whose answer has begun. Whoever holds it notices by themselves when the connection ends."""

    def __init__(self, wire: ViewerWire, limit_bytes: int) -> None:
        self._wire = wire
        self._limit_bytes = limit_bytes

    def give(self, chunk: bytes) -> bool:
        """Send a chunk; False where the viewer is gone, or is let go because too much is unread already."""
        try:
            if self._wire.is_closing():
                return False
            if self._wire.get_write_buffer_size() <= self._limit_bytes:
                self._wire.write(chunk)
                return True
            log.warning("a viewer read too slowly and was let go; it gets the whole board when it comes again")
            self._wire.abort()
        except BROKEN:
            log.debug("a viewer's connection broke", exc_info=True)
        return False

    def end(self) -> None:
        """Let the stream come to its end after what was given."""
        if self.give(LAST_CHUNK):
            self._wire.close()


class Audience:
    """The viewers of one face, who all take it packed or all do not."""

    def __init__(self, face: Face, *, is_packed: bool = False) -> None:
        self.face = face
        self.is_packed = is_packed
        self.viewers: set[Viewer] = set()
        self.snapshot: bytes | None = None
        """A chunk, kept until the next flush or beat: a hundred viewers may come back at once."""

    def begin(self, text: bytes) -> bytes:
        """Return the first chunk of whoever comes."""
        return chunk_of(GZIP_HEAD + packed(text) if self.is_packed else text)

    def tell(self, text: bytes) -> None:
        """Give everybody the same, and forget who is gone."""
        chunk = chunk_of(packed(text) if self.is_packed else text)
        self.viewers -= {viewer for viewer in self.viewers if not viewer.give(chunk)}
