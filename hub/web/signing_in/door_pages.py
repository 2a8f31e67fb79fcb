"""The pages of who is not in yet, as the routes that lead in answer with them."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from hub.presence.board_view import BoardSource
from hub.web.gate.gate import who_asks
from hub.web.kit.forms import Form
from hub.web.kit.frame import Kits
from hub.web.kit.responses import page_answer
from hub.web.signing_in.cookies import place_of_request
from hub.web.signing_in.speaking import SpeakingPages


class DoorPages(SpeakingPages):
    """Makes the pages of who is not in yet."""

    def __init__(self, kits: Kits, source: BoardSource, *, has_issuer: bool = False) -> None:
        super().__init__(kits, source)
        self._has_issuer = has_issuer

    def answer(self, request: Request, template: str, status: int = 200, **shown: Any) -> Response:
        """Answer with one of them."""
        view, is_named = self._source.view(), place_of_request(request) is not None
        html = self.kit(request).page(
            f"signing_in/{template}", view.as_of, rate=view.rate, is_live=False, city=view.city, who=who_asks(request),
            **{"form": Form(), "next": "/", "has_passkeys": is_named,
               "has_issuer": is_named and self._has_issuer} | shown,
        )  # fmt: skip
        return page_answer(request, html, status)
