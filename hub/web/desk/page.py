"""How every desk answers: a page that is not live, with what was typed where something is wrong."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from hub.web.gate.gate import who_asks
from hub.web.kit.forms import Form
from hub.web.kit.responses import language_of, page_answer
from hub.web.kit.row_words import short_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.requests import Request
    from starlette.responses import Response

    from hub.presence.board_view import BoardSource, BoardView
    from hub.web.kit.frame import Kit, Kits

_OF_ONE_ANSWER: Final = frozenset({"lang", "done"})
"""What in an address is not kept when the language changes."""


def names_of(view: BoardView) -> Callable[[Iterable[str]], list[str]]:
    """Return what calls stations by their names, as short as the city does; a code where there is no such station."""

    @cache
    def names() -> dict[str, str]:
        return {row.code: short_of(row.name, row.short_name, view.city, "") for row in view.rows}

    return lambda codes: [names().get(code, code) for code in codes]


class DeskPages:
    """Makes the pages of one desk.

    Args:
        kits: the frames.
        source: the station's time and the city's name.
        here: the desk's address.
    """

    def __init__(self, kits: Kits, source: BoardSource, here: str) -> None:
        self._kits = kits
        self._source = source
        self._here = here

    def kit(self, request: Request) -> Kit:
        """The frame in a request's language."""
        return self._kits[language_of(request)]

    def answer(self, request: Request, template: str, status: int = 200, **shown: Any) -> Response:
        """Answer with a page of it."""
        view, asked = self._source.view(), request.query_params.multi_items()
        html = self.kit(request).page(
            template, view.as_of, rate=view.rate, is_live=False, city=view.city, who=who_asks(request),
            **{"form": Form(), "here": self._here, "done": request.query_params.get("done", ""),
               "names_of": names_of(view),
               "kept_query": urlencode([one for one in asked if one[0] not in _OF_ONE_ANSWER])} | shown,
        )  # fmt: skip
        return page_answer(request, html, status)

    def missing(self, request: Request) -> Response:
        """Answer that there is no such thing, or not for them."""
        return self.answer(request, "kit/wrong.html", 404, status_code=404)
