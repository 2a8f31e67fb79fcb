"""Every address says who may open it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.routing import Route

from hub.health import health_routes
from hub.rights import Right, open_to, right_of
from hub.web.live.broadcast import Broadcast
from hub.web.site import make_site
from tests.hub.pages.board_source import ZONE, FakeBoardSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi import FastAPI
    from starlette.routing import BaseRoute


def undeclared(site: FastAPI) -> list[BaseRoute]:
    """Everything that answers and says not to whom: also what is no plain route, for nobody can see into that."""
    return [route for route in walk(site.routes) if not (isinstance(route, Route) and right_of(route.endpoint))]


def walk(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """Every route by itself; FastAPI keeps those of an included router within it."""
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is None:
            yield route
        else:
            yield from walk(included.routes)


def site_with(*more: APIRouter) -> FastAPI:
    source = FakeBoardSource()
    return make_site(source, Broadcast(source), ZONE, source.findings, more=more)


def test_every_route_declares_a_right() -> None:
    site = site_with(health_routes(dict, list))

    assert undeclared(site) == []
    assert len(list(walk(site.routes))) > 15


def test_a_route_without_a_right_is_seen() -> None:
    router = APIRouter()

    @router.get("/open-to-all")
    async def forgotten() -> str:
        return ""

    assert [getattr(route, "path", "") for route in undeclared(site_with(router))] == ["/open-to-all"]


def test_a_right_is_told_of_what_declares_it() -> None:
    @open_to(Right.OBSERVE)
    def declared() -> None: ...

    assert right_of(declared) is Right.OBSERVE
    assert right_of(len) is None
