"""One viewer's connection: the answer that never ends.

Its head goes the way of every answer, then the broadcast writes to the connection itself (`hub.web.viewer`). What
is said, and to whom, is `live`'s work; here a connection joins, and leaves when it is gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope, Send

    from hub.web.live import Broadcast, Face

WIRE = "zaigang.wire"
"""Under which extension `http_server` tells the connection of a request."""


class EventStream(StreamingResponse):
    """Joins a broadcast when its answer starts, and leaves when it ends."""

    media_type = "text/event-stream"

    def __init__(self, broadcast: Broadcast, name: str, make_face: Callable[[], Face]) -> None:
        super().__init__((), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._broadcast = broadcast
        self._name = name
        self._make_face = make_face

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until the viewer goes, is let go, or the broadcast closes: each ends the connection."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        viewer = self._broadcast.join(self._name, self._make_face, scope["extensions"][WIRE]["transport"])
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._broadcast.leave(viewer)
