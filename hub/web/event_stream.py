"""One viewer's connection: the answer that never ends, written in as few writes as its bytes allow.

What is said, and to whom, is `live`'s work. A plain ASGI answer and no generator: all that is pending
goes out in one write, and a connection that is gone or too slow is noticed while nothing is said.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope, Send

    from hub.web.live import Broadcast, Face, Viewer

RETRY = b"retry: 1000\n\n"  # a browser comes again after a second, not after its own three


class EventStream(StreamingResponse):
    """Joins a broadcast when its answer starts, and leaves when it ends."""

    media_type = "text/event-stream"

    def __init__(self, broadcast: Broadcast, name: str, make_face: Callable[[], Face]) -> None:
        super().__init__((), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._broadcast = broadcast
        self._name = name
        self._make_face = make_face

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  ASGI's signature
        """Stream until the viewer goes, is let go, or the broadcast closes."""
        viewer = self._broadcast.join(self._name, self._make_face)
        writing = asyncio.create_task(self._write(viewer, send), name="viewer writing")
        watching = asyncio.create_task(_until_gone(receive), name="viewer watching")
        try:
            done, _ = await asyncio.wait({writing, watching, viewer.let_go}, return_when=asyncio.FIRST_COMPLETED)
            if writing in done:
                writing.result()
        finally:
            self._broadcast.leave(viewer)
            for task in (writing, watching):
                task.cancel()
            await asyncio.gather(writing, watching, return_exceptions=True)

    async def _write(self, viewer: Viewer, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        chunk = RETRY + await viewer.take()
        while chunk:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            chunk = await viewer.take()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
