"""The cookies of the way in, given and taken."""

from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.ceremony import TIMEOUT_MS, Place, passkey_place
from hub.accounts.reception import Reception
from hub.accounts.sessions import LONGEST_MS
from hub.web.gate.gate import cookie_of
from hub.web.kit.homes import BOARD, home_of
from hub.web.kit.leading import lead_to


def place_of_request(request: Request) -> Place | None:
    """Where passkeys hold that a request is about; None where there can be none. The gate looked at its host."""
    return passkey_place(request.url.scheme, request.headers.get("host", ""))


def keep_cookie(
    request: Request, answer: Response, name: str, key: str, for_ms: int, *, same_site: Literal["lax", "strict"] = "lax"
) -> Response:
    """Let the browser keep a key for so long, out of the reach of scripts; over TLS, for TLS alone."""
    is_secure = request.url.scheme == "https"
    answer.set_cookie(name, key, for_ms // 1000, path="/", httponly=True, samesite=same_site, secure=is_secure)
    return answer


def forget_cookie(request: Request, answer: Response, name: str) -> Response:
    """Let the browser forget it."""
    is_secure = request.url.scheme == "https"
    answer.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=is_secure)
    return answer


def let_in(request: Request, key: str, to: str) -> Response:
    """Answer with a session's key, and lead on."""
    return keep_cookie(request, lead_to(to), cookie_of(request.url.scheme), key, LONGEST_MS)


def let_home(request: Request, reception: Reception, key: str, to: str) -> Response:
    """Let in, to where they wanted to go; where that is nowhere, to where their role begins."""
    return let_in(request, key, home_of(reception.who(key)) if to == BOARD else to)


def let_out(request: Request, to: str) -> Response:
    """Take the key back, with all that the browser keeps of this site's pages."""
    answer = forget_cookie(request, lead_to(to), cookie_of(request.url.scheme))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def ask_for_passkey(request: Request, options: str, key: str) -> Response:
    """Answer with what a browser shows a passkey by, and the key that its answer comes with."""
    answer = Response(options, media_type="application/json")
    return keep_cookie(request, answer, _asked(request.url.scheme), key, TIMEOUT_MS, same_site="strict")


def asked_key(request: Request) -> str:
    """The key of a browser that was asked for a passkey; empty for one that was not."""
    return request.cookies.get(_asked(request.url.scheme), "")


def _asked(scheme: str) -> str:
    return f"{cookie_of(scheme)}-asked"
