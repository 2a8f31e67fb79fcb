"""The cookies of the way in, given and taken."""

from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.ceremony import TIMEOUT_MS, Place, place_of
from hub.accounts.reception import Reception
from hub.accounts.sessions import LONGEST_MS
from hub.web.gate.gate import cookie_of
from hub.web.kit.homes import BOARD, home_of
from hub.web.kit.leading import lead_to


def place_of_request(request: Request) -> Place | None:
    """Where passkeys hold that a request is about; None where there can be none. The gate looked at its host."""
    return place_of(request.url.scheme, request.headers.get("host", ""))


def let_in(request: Request, key: str, to: str) -> Response:
    """Answer with a session's key, and lead on."""
    answer = lead_to(to)
    scheme = request.url.scheme
    answer.set_cookie(
        cookie_of(scheme), key, max_age=LONGEST_MS // 1000, path="/", httponly=True, samesite="lax",
        secure=scheme == "https",
    )  # fmt: skip
    return answer


def let_home(request: Request, reception: Reception, key: str, to: str) -> Response:
    """Let in, to where they wanted to go; where that is nowhere, to where their role begins."""
    return let_in(request, key, home_of(reception.who(key)) if to == BOARD else to)


def let_out(request: Request, to: str) -> Response:
    """Take the key back, with all that the browser keeps of this site's pages."""
    answer = lead_to(to)
    scheme = request.url.scheme
    answer.delete_cookie(cookie_of(scheme), path="/", httponly=True, samesite="lax", secure=scheme == "https")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def ask_for_passkey(request: Request, options: str, key: str) -> Response:
    """Answer with what a browser shows a passkey by, and the key that its answer comes with."""
    answer = Response(options, media_type="application/json")
    scheme = request.url.scheme
    answer.set_cookie(
        _asked(scheme), key, max_age=TIMEOUT_MS // 1000, path="/", httponly=True, samesite="strict",
        secure=scheme == "https",
    )  # fmt: skip
    return answer


def asked_key(request: Request) -> str:
    """The key of a browser that was asked for a passkey; empty for one that was not."""
    return request.cookies.get(_asked(request.url.scheme), "")


def _asked(scheme: str) -> str:
    return f"{cookie_of(scheme)}-asked"
