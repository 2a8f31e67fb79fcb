"""One viewer's connection: the answer that never ends.

Its head goes the way of every answer, then the broadcast writes to the connection itself (`hub.web.live.viewer`).
What is said, and to whom, is `broadcast`'s work; here a connection joins, and leaves when it is gone.
"""

import asyncio
from collections.abc import Callable

from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import Receive, Send
from starlette.types import Scope as Request

from hub.web.gate.gate import stay_of
from hub.web.gate.scope import Scope
from hub.web.kit.every_answer import HEAD_ONLY
from hub.web.kit.responses import takes_gzip
from hub.web.live.broadcast import Broadcast
from hub.web.live.face import Face, event
from hub.web.live.viewer import chunk_of, packed

ENDED = event("ended", "0")
"""The last word to who is not to see more: the page asks anew, and is led to signing in."""
GOES_S = 5.0
WIRE = "zaigang.wire"
"""Under which extension `http_server` tells the connection of a request."""


class EventStream(StreamingResponse):
    """Joins a broadcast when its answer starts, and leaves when it ends."""

    media_type = "text/event-stream"

    def __init__(
        self, broadcast: Broadcast, scope: Scope, name: str, make_face: Callable[[], Face], *, shown: str = ""
    ) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}
        headers["Vary"] = "Accept-Encoding"
        headers["Connection"] = "close"  # it is over with the stream: nobody should send another request by it
        super().__init__((), headers=headers)
        self._broadcast = broadcast
        self._scope = scope
        self._name = name
        self._make_face = make_face
        self._shown = shown

    async def __call__(self, scope: Request, receive: Receive, send: Send) -> None:
        """Stream until the viewer goes, is let go or may see no more, or the broadcast closes: each ends it."""
        if scope["http_version"] == "1.0":  # it knows no chunks (RFC 9112, 7.1), and an answer without them ends never
            await PlainTextResponse("wanted is HTTP/1.1\n", 505)(scope, receive, send)
            return
        is_packed = takes_gzip(HttpRequest(scope).headers.get("accept-encoding", ""))
        if is_packed:
            self.headers["Content-Encoding"] = "gzip"
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        extensions = scope["extensions"]
        if HEAD_ONLY in extensions:
            await send({"type": "http.response.body", "body": b""})
            return
        viewer = self._broadcast.join(
            self._scope, self._name, self._make_face, extensions[WIRE]["transport"],
            is_packed=is_packed, shown=self._shown,
        )  # fmt: skip
        no_more = stay_of(scope)(scope["state"]["who"])
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            await asyncio.wait({gone, no_more}, return_when=asyncio.FIRST_COMPLETED)
            if not gone.done():
                viewer.give(chunk_of(packed(ENDED) if is_packed else ENDED))
                viewer.end()
                await asyncio.wait({gone}, timeout=GOES_S)  # what was given is on its way until then
        finally:
            gone.cancel()
            no_more.cancel()
            self._broadcast.leave(viewer)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
