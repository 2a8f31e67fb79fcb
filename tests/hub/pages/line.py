"""The broadcast's end of a connection, without a connection: what is written stays until the test reads it."""

from __future__ import annotations

import asyncio

from hub.web.live.viewer import LAST_CHUNK, chunk_of


class Line:
    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._written = asyncio.Event()
        self.is_closed = False
        self.is_aborted = False

    def write(self, data: bytes, /) -> None:
        self._chunks.append(data)
        self._written.set()

    def get_write_buffer_size(self) -> int:
        return sum(map(len, self._chunks))

    def is_closing(self) -> bool:
        return self.is_closed or self.is_aborted

    def close(self) -> None:
        self.is_closed = True

    def abort(self) -> None:
        self.is_aborted = True

    async def read(self) -> bytes:
        """Wait for a chunk and give its text; empty where the stream has ended."""
        while not self._chunks:
            self._written.clear()
            await self._written.wait()
        chunk = self._chunks.pop(0)
        if chunk == LAST_CHUNK:
            return b""
        text = chunk.partition(b"\r\n")[2][:-2]
        assert chunk == chunk_of(text)
        return text
