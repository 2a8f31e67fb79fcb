"""The API's description at `/docs`, from this machine alone: a city office's network reaches no other.

Swagger UI is large and rarely looked at, so it is sent from the disk and never kept in memory.
"""

from importlib.resources import as_file, files
from typing import Final

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.requests import Request

from hub.errors import AssetsMissingError
from hub.rights import Right, open_to
from hub.web.assets import API_DOCS

_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
    "X-Content-Type-Options": "nosniff",
}
_MEDIA: Final = {"css": "text/css", "js": "text/javascript"}
_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Zaigang API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
"""
_START: Final = "SwaggerUIBundle({url: '/openapi.json', dom_id: '#swagger-ui', validatorUrl: null});\n"


def docs_routes() -> APIRouter:
    """The page and what it loads.

    Raises:
        AssetsMissingError: what npm fetches is not there.
    """
    folder = files("hub.web") / "swagger"
    for name in API_DOCS.values():
        if not (folder / name).is_file():
            raise AssetsMissingError(f"hub/web/swagger/{name}")
    routes = APIRouter(include_in_schema=False)

    @routes.get("/openapi.json")
    @open_to(Right.OBSERVE)
    def description(request: Request) -> JSONResponse:
        return JSONResponse(request.app.openapi())

    @routes.get("/docs")
    @open_to(Right.OBSERVE)
    def page() -> HTMLResponse:
        return HTMLResponse(_PAGE, headers=_HEADERS)

    @routes.get("/docs/start.js")
    @open_to(Right.OBSERVE)
    def start() -> Response:
        return Response(_START, headers=_HEADERS, media_type=_MEDIA["js"])

    @routes.get("/docs/{name}")
    @open_to(Right.OBSERVE)
    def part(name: str) -> Response:
        if name not in API_DOCS.values():
            return Response(status_code=404)
        with as_file(folder / name) as path:
            return FileResponse(path, media_type=_MEDIA[name.rpartition(".")[2]], headers=_HEADERS)

    return routes
