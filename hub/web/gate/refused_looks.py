"""Notes who asked for what is not theirs and was told that there is none, once they have their answer.

Whether it is there costs a look, and that it is noted costs a write: neither is done before the answer, so that no time
tells what the answer keeps to itself.
"""

import asyncio
import logging
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.accounts.reception import Reception
from hub.accounts.refused_log import RefusedLog
from hub.accounts.refused_things import refused_thing, refused_typed
from hub.database.transactions import StoreTroubleError
from hub.rights import Right
from hub.web.gate.admission import route_asked
from hub.web.gate.gate import who_asks
from hub.web.gate.sent_json import SentJson
from hub.web.kit.forms import TYPED

log = logging.getLogger(__name__)

MOST_AT_ONCE: Final = 64  # looks that wait; who asks faster is seen by the others
NOT_FOUND: Final = 404
NOT_TAKEN: Final = frozenset({403, NOT_FOUND, 409, 422})
"""How a form is answered that names what is another's."""
OPEN: Final = frozenset({Right.ANYBODY, Right.LINK, Right.LOCAL, Right.SIGNED_IN})
"""What no reach limits."""


class RefusedLooks:
    """An ASGI application around the site, within the gate.

    Args:
        app: the site.
        reception: whose database is looked at.
        kept: where it is noted.
    """

    def __init__(self, app: ASGIApp, reception: Reception, kept: RefusedLog) -> None:
        self._app = app
        self._reception = reception
        self._kept = kept
        self._looking: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        status, sent = 0, SentJson(scope, receive)

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        await self._app(scope, sent.receive, send_on)
        if scope["type"] != "http":
            return
        by_address = scope.get("path_params", {}) if status == NOT_FOUND else {}
        by_form = (scope.get(TYPED) or sent.named()) if status in NOT_TAKEN else {}
        if by_address or by_form:
            self._look_into(Request(scope), dict(by_address), dict(by_form))

    def _look_into(self, request: Request, by_address: dict[str, object], by_form: dict[str, str]) -> None:
        who, (_, right) = who_asks(request), route_asked(request)
        if right is None or right in OPEN or not (who.account or who.proof) or who.is_half:
            return
        if len(self._looking) >= MOST_AT_ONCE:
            log.warning("%s asks for so much that is not there that not all of it could be looked into", who.name)
            return
        task = asyncio.get_running_loop().create_task(
            self._look(request, right, by_address, by_form), name="refused look"
        )
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _look(
        self, request: Request, right: Right, by_address: dict[str, object], by_form: dict[str, str]
    ) -> None:
        who = who_asks(request)
        asked, _ = route_asked(request)
        route = asked.partition(" ")[2].removeprefix("/api/v1")
        try:
            thing = await self._reception.read(
                lambda one: (
                    refused_thing(one, who.grants, right, by_address, route)
                    or refused_typed(one, who.grants, right, by_form)
                )
            )
        except StoreTroubleError as exc:  # they were refused all the same
            log.warning("what %s was refused could not be looked into: %s", who.name, exc)
            return
        if thing:
            address = request.client.host if request.client else ""
            await self._kept.note(who, asked, right, address, thing)
