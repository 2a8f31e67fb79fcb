"""No request sends more than its route could want: refused before anything reads it, whoever asks.

FastAPI reads the JSON of a body whole, and on the event loop, before it looks who sent it: 39 MB of empty objects
would stop every page and take a gigabyte. Forms have a smaller bound of their own (`hub.web.kit.forms`).
"""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES: Final = 256 * 1024
"""A week's roster of a large station is smaller."""
OF_FILES: Final = frozenset({"/city/import", "/api/v1/city/import"})
"""What reads a body with a bound of its own, once it knows who asks."""


class BoundedBody:
    """An ASGI application around the site.

    Args:
        app: the site.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"] in OF_FILES:
            await self._app(scope, receive, send)
            return
        left = MOST_BYTES - _declared(scope)

        async def receive_on() -> Message:
            """Hand a piece on, as long as it is not too much."""
            nonlocal left
            message: Message = await receive() if left >= 0 else {}
            if not _declared(scope):
                left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413, f"more than {MOST_BYTES} bytes")
            return message

        await self._app(scope, receive_on, send)


def _declared(scope: Scope) -> int:
    """How much is said to come; 0 where nothing is said."""
    said = dict(scope["headers"]).get(b"content-length", b"0")
    return int(said) if said.isdigit() and len(said) < 20 else 0  # noqa: PLR2004 -- more digits than any body has bytes
