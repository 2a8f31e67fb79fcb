"""How every desk answers: a page that is not live, with what was typed where something is wrong."""

from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from hub.presence.board_view import BoardSource
from hub.web.desk.reading import Typed
from hub.web.desk.undrawn_page import UndrawnPage
from hub.web.gate.gate import who_asks
from hub.web.kit.forms import SAID, Form, read_form
from hub.web.kit.frame import Kit, Kits
from hub.web.kit.passed_over import passed_over
from hub.web.kit.place_names import PlaceNames
from hub.web.kit.responses import language_of, page_answer

T = TypeVar("T")
_OF_ONE_ANSWER: Final = frozenset({"lang", "done"})
"""What in an address is not kept when the language changes."""


class NotThereError(HTTPException):
    """There is no such thing, or not for who asks; the site says so."""

    def __init__(self) -> None:
        super().__init__(404, "there is no such thing, or not for you")


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

    async def typed(self, request: Request) -> Typed:
        """What somebody sent by a form of it."""
        return Typed(who_asks(request), await read_form(request), self.kit(request))

    def answer(
        self, request: Request, template: str, status: int = 0, *,
        form: Form | None = None, taken: str | None = None, **shown: Any,
    ) -> Response:  # fmt: skip
        """Answer with a page of it; a program that did what the page does is told what it would have shown.

        Args:
            request: what is answered.
            template: which page.
            status: 0 for the form's own.
            form: what stands in the page's fields.
            taken: the address of what was understood, where the page sifts by it.
            shown: what the template wants.
        """
        form = form or Form()
        status = status or form.status
        if SAID in request.scope:
            return UndrawnPage(status, {"form": form, **shown})
        view, asked = self._source.view(), request.query_params.multi_items()
        names = PlaceNames(view)
        html = self.kit(request).page(
            template, view.as_of, rate=view.rate, is_live=False, city=view.city, who=who_asks(request),
            passed_over=[] if taken is None else passed_over(request, taken),
            **{"form": form, "here": self._here, "done": request.query_params.get("done", ""),
               "names_of": names.stations, "station_of": names.station, "district_of": names.district,
               "kept_query": urlencode([one for one in asked if one[0] not in _OF_ONE_ANSWER])} | shown,
        )  # fmt: skip
        return page_answer(request, html, status)

    def there(self, found: T | None) -> T:
        """What was found; where nothing was, that is answered.

        Raises:
            NotThereError: nothing was.
        """
        if found is None:
            raise NotThereError
        return found
