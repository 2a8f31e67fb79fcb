"""The API's description: shown by this hub alone, without another machine."""

import asyncio

import httpx2
from fastapi import FastAPI

from hub.web.api.docs import docs_routes

PARTS = ("swagger-ui-bundle.js", "swagger-ui.css", "start.js")


def get(*paths: str) -> list[httpx2.Response]:
    app = FastAPI(docs_url=None, redoc_url=None)
    app.include_router(docs_routes())

    async def ask() -> list[httpx2.Response]:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://hub") as client:
            return [await client.get(path) for path in paths]

    return asyncio.run(ask())


def test_the_page_loads_nothing_from_elsewhere() -> None:
    page, *parts = get("/docs", *(f"/docs/{name}" for name in PARTS))

    assert "//" not in page.text
    assert all(f"/docs/{name}" in page.text for name in PARTS)
    assert [part.status_code for part in parts] == [200] * len(PARTS)


def test_nothing_else_can_be_fetched_there() -> None:
    (answer,) = get("/docs/fetched.json")

    assert answer.status_code == 404
