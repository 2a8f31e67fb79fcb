"""Who asks is found out for each request; a stream ends with the session, grant or link that it was opened by.

An application around the site: it refuses what no route should see, and leaves `Who` in the request's state. Whether
they may what they ask is looked at where the route is known (`admission`).
"""

import asyncio
import logging
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.accounts.asker import NEARBY, NOBODY, Who
from hub.accounts.reception import Caller, Reception
from hub.rights import Role
from hub.web.gate.same_site import is_cross_site, is_our_host

log = logging.getLogger(__name__)

BEAT_S = 1.0
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
COOKIE = "zaigang-session"


def cookie_of(scheme: str) -> str:
    """What the session's cookie is called: a browser takes the one with the prefix over TLS only (RFC 6265bis)."""
    return f"__Host-{COOKIE}" if scheme == "https" else COOKIE


class Gate:
    """An ASGI application around the site.

    Args:
        app: the site.
        reception: who may come in; None where a site has no accounts at all, and is open to whoever reaches it.
        names: by which the hub is asked for.
    """

    def __init__(self, app: ASGIApp, reception: Reception | None, names: tuple[str, ...]) -> None:
        self._app = app
        self._reception = reception
        self._names = names
        self._staying: dict[asyncio.Future[None], Who] = {}
        self._beats: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            request = Request(scope)
            refused = self._refused(request)
            if refused is not None:
                await PlainTextResponse(*refused)(scope, receive, send)
                return
            who = await self._who(request)
            state = {"who": who, "stay": self.stay, "is_near": comes_from_here(request, self._names)}
            scope = {**scope, "state": {**scope.get("state", {}), **state}}
        await self._app(scope, receive, send)

    def stay(self, who: Who) -> asyncio.Future[None]:
        """Return what is done once somebody would not be let in any more as they were; cancel it when they go."""
        left: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._reception is not None:
            self._staying[left] = who
            left.add_done_callback(self._forget)
            if self._beats is None or self._beats.done():
                self._beats = asyncio.get_running_loop().create_task(self._beat_on(), name="gate beat")
        return left

    def _refused(self, request: Request) -> tuple[str, int] | None:
        if not is_our_host(request.headers.get("host", ""), self._names):
            return "this hub is not asked for by that name; wanted is one of http.names in its settings", 421
        if "\0" in request.scope["path"] or b"%00" in request.scope["query_string"]:
            return "no address of this hub has that in it", 404
        if is_cross_site(request.method, request.headers):
            return "this came from a page of another site, and nothing was done", 403
        return None

    async def _who(self, request: Request) -> Who:
        if self._reception is None:
            return NEARBY
        await self._reception.look()
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.casefold() == "bearer":
            return self._reception.behind(key.strip(), Role.PROGRAM)
        who = self._reception.who(request.cookies.get(cookie_of(request.url.scheme), ""))
        if who.account:
            await self._reception.note_seen(who)
        return who

    def _forget(self, left: asyncio.Future[None]) -> None:
        """With the last one, all work ends."""
        self._staying.pop(left, None)
        if not self._staying and self._beats is not None:
            self._beats.cancel()
            self._beats = None

    async def _beat_on(self) -> None:
        assert self._reception is not None
        while self._staying:
            await asyncio.sleep(BEAT_S)
            await self._reception.look()
            for left, who in list(self._staying.items()):
                if not left.done() and not self._reception.is_still(who):
                    left.set_result(None)


def comes_from_here(request: Request, names: tuple[str, ...]) -> bool:
    """Whether a program of this machine asks for itself.

    Behind a proxy everybody seems to: one that says so is not believed, and where the hub has a name and leaves TLS
    to another, nobody is.
    """
    is_behind = bool(names) and request.url.scheme != "https"
    is_here = request.client is not None and request.client.host in {"127.0.0.1", "::1"}
    return is_here and not is_behind and not any(name in request.headers for name in FORWARDED)


def is_near(request: Request) -> bool:
    """Whether a program of this machine asks for itself."""
    return bool(request.scope.get("state", {}).get("is_near", False))


def who_asks(request: Request) -> Who:
    """Who a request is from."""
    who = request.scope.get("state", {}).get("who", NOBODY)
    assert isinstance(who, Who)
    return who


def visitor_of(request: Request) -> Caller:
    """From where a request comes."""
    return Caller(request.client.host if request.client else "", request.headers.get("user-agent", ""))


def stay_of(scope: Scope) -> Callable[[Who], asyncio.Future[None]]:
    """How a stream learns that it is to end."""
    stay: Callable[[Who], asyncio.Future[None]] = scope["state"]["stay"]
    return stay
