"""What a kiosk asks that is to be set up by a code: who the site's CA is, and, with the code, all that it needs.

Open to whoever reaches the port, since a kiosk has nothing yet but the code; wrong ones are slowed down and counted.
"""

import asyncio
import json
from typing import Final

from fastapi import APIRouter
from sqlalchemy import Engine
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from hub.fleet.claim_codes import ClaimBook
from hub.fleet.claiming import ClaimAsked, Claimed, ClaimRefused, ClaimTrouble, take
from hub.rights import Right, open_to
from hub.saying import tell
from hub.web.gate.gate import visitor_of
from hub.web.kit.forms import body_of
from station.names import is_name

MOST_BYTES: Final = 8 * 1024  # a request for a certificate is 500
STATUS: Final = {ClaimTrouble.WAIT: 429, ClaimTrouble.NO_REQUEST: 400, ClaimTrouble.NOT_READY: 503}
NEVER_KEPT: Final = {"Cache-Control": "no-store"}


def claim_routes(book: ClaimBook, engine: Engine) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/claim", include_in_schema=False)

    @router.get("/ca.crt")
    @open_to(Right.ANYBODY)
    async def authority() -> Response:
        if not book.cabinet.is_there:
            raise HTTPException(404, "this hub has no CA")
        return PlainTextResponse(book.cabinet.certificate_file.read_bytes(), media_type="application/x-pem-file")

    @router.post("")
    @open_to(Right.ANYBODY)
    async def claim(request: Request) -> Response:
        asked = _asked(await body_of(request, MOST_BYTES))
        found: Claimed | ClaimRefused = ClaimRefused(ClaimTrouble.NO_REQUEST)
        if asked is not None:
            found = await asyncio.to_thread(take, book, engine, asked, visitor_of(request).address)
        if isinstance(found, Claimed):
            return JSONResponse({"files": dict(found.files)}, headers=NEVER_KEPT)
        told = {"why": found.why, "detail": found.said, "zh": tell(found.said, is_chinese=True)}
        waits = {"Retry-After": str(found.wait_s)} if found.wait_s else {}
        return JSONResponse(told, STATUS.get(found.why, 403), {**NEVER_KEPT, **waits})

    return router


def _asked(body: bytes) -> ClaimAsked | None:
    """What was asked; None for what no kiosk says."""
    try:
        said = json.loads(body)
        kiosk, code, request = (said[name] for name in ("kiosk", "code", "request"))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not all(isinstance(each, str) and each.isascii() for each in (kiosk, code, request)) or not is_name(kiosk):
        return None
    return ClaimAsked(kiosk, code, request)
