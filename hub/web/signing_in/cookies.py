"""The session's cookie, given and taken; and from where somebody comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from hub.accounts.reception import Caller
from hub.accounts.sessions import LONGEST_MS
from hub.web.gate.gate import cookie_of
from hub.web.gate.same_site import is_own_path

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


def visitor_of(request: Request) -> Caller:
    """From where a request comes."""
    return Caller(request.client.host if request.client else "", request.headers.get("user-agent", ""))


def let_in(request: Request, key: str, to: str) -> Response:
    """Answer with a session's key, and lead on."""
    answer = lead_to(to)
    scheme = request.url.scheme
    answer.set_cookie(
        cookie_of(scheme), key, max_age=LONGEST_MS // 1000, path="/", httponly=True, samesite="lax",
        secure=scheme == "https",
    )  # fmt: skip
    return answer


def let_out(request: Request, to: str) -> Response:
    """Take the key back, with all that the browser keeps of this site's pages."""
    answer = lead_to(to)
    scheme = request.url.scheme
    answer.delete_cookie(cookie_of(scheme), path="/", httponly=True, samesite="lax", secure=scheme == "https")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def lead_to(path: str) -> Response:
    """Lead a browser on, within this site."""
    return RedirectResponse(path if is_own_path(path) else "/", 303)
