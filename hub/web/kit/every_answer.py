"""What holds for every answer: HEAD is GET without its body, no type is guessed, nothing is kept unless it says so."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HSTS = "max-age=31536000"
HEAD_ONLY = "zaigang.head"
"""Which extension marks a request that wants the head of the answer alone; a stream must not begin for it."""


class EveryAnswer:
    """An ASGI application around another."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wants_head = scope["method"] == "HEAD"
        if wants_head:
            scope = {**scope, "method": "GET", "extensions": {**scope.get("extensions", {}), HEAD_ONLY: {}}}

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Cache-Control", "no-store")
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = HSTS
            elif wants_head:
                message = {**message, "body": b""}
            await send(message)

        await self._app(scope, receive, send_on)
