"""Makes a route of the API of each deed: it asks the page's own function, with what a program said for a form.

So there is no second way to do a thing: what the page refuses the API refuses, in the same words and by the same right.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from hub.rights import open_to, right_of
from hub.web.api.answers import ErrorAnswer, WrongAnswer
from hub.web.deeds.deed import FormDeed
from hub.web.deeds.kiosks import OF_KIOSKS
from hub.web.deeds.people import OF_PEOPLE
from hub.web.deeds.places import OF_PLACES
from hub.web.deeds.sheets import OF_SHEETS
from hub.web.deeds.system import OF_SYSTEM
from hub.web.desk.undrawn_page import UndrawnPage
from hub.web.kit.forms import SAID, Form

DEEDS: Final = (*OF_PEOPLE, *OF_PLACES, *OF_KIOSKS, *OF_SHEETS, *OF_SYSTEM)
LEADS_ON: Final = 303
REFUSED: Final = 400
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    404: {"model": ErrorAnswer}, 409: {"model": WrongAnswer}, 422: {"model": WrongAnswer},
}  # fmt: skip
_FILES: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}},
                }
            }
        },
    }
}


def deeds_api(routes: Iterable[BaseRoute]) -> APIRouter:
    """Return the routes.

    Args:
        routes: of the pages; what has no page on this site has no route here.
    """
    router, pages = APIRouter(prefix="/api/v1"), dict[tuple[str, str], Any]()
    for route in _walk(routes):
        pages |= {(method, getattr(route, "path", "")): route for method in getattr(route, "methods", None) or ()}
    for deed in DEEDS:
        page = pages.get((deed.method, deed.page))
        if page is not None:
            endpoint = _endpoint(deed, page.endpoint)
            router.add_api_route(
                deed.path, endpoint, methods=[deed.method], summary=deed.does, tags=[deed.path.split("/")[1]],
                response_model=None, responses={200: {"model": deed.answer}, **_ANSWERS},
                openapi_extra=_FILES if deed.has_files else None,
            )  # fmt: skip
    return router


def _endpoint(deed: FormDeed, page: Callable[..., Any]) -> Callable[..., Any]:
    right, body = right_of(page), deed.body()
    assert right is not None

    async def do(request: Request, **named: Any) -> Response:
        said = named.pop("said", None)
        typed = said.model_dump(by_alias=True, exclude_unset=True) if said is not None else {}
        request.scope[SAID] = deed.typed(typed)
        acts = {"act": deed.act} if deed.act else {}
        return _in_json(deed, await page(request, **named, **acts))

    do.__name__ = deed.act or deed.path.rpartition("/")[2].strip("{}")
    asks = [one for one in inspect.signature(page, eval_str=True).parameters.values() if one.name != "act"]
    if body is not None:
        asks.append(inspect.Parameter("said", inspect.Parameter.KEYWORD_ONLY, annotation=body))
    do.__signature__ = inspect.Signature(asks)  # type: ignore[attr-defined]
    return open_to(right)(do)


def _in_json(deed: FormDeed, answer: Response) -> Response:
    if answer.status_code == LEADS_ON:
        shown: dict[str, Any] = {"page": urlsplit(answer.headers["location"]).path}
    else:
        assert isinstance(answer, UndrawnPage)
        shown = answer.shown
    if answer.status_code >= REFUSED:
        form, said = shown.get("form", Form()), shown.get("wrong", "")
        wrong = {**({"": said} if said else {}), **form.wrong, **deed.blames(shown)}
        return JSONResponse({"detail": wrong}, answer.status_code)
    told = deed.tells_led(shown) if answer.status_code == LEADS_ON else deed.tells(shown)
    return JSONResponse(told.model_dump(mode="json"))


def _walk(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """Every route by itself; FastAPI keeps those of an included router within it."""
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is None:
            yield route
        else:
            yield from _walk(included.routes)
