"""What kiosks fetch: the metadata and bundles that are offered, to whoever asks: signed, and no secret in them."""

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

from hub.rights import Right, open_to
from hub.updates.shelf import UpdateShelf


def update_routes(shelf: UpdateShelf) -> APIRouter:
    """Return the route."""
    router = APIRouter(include_in_schema=False)

    @router.get("/updates/{name:path}")
    @open_to(Right.ANYBODY)
    async def update_file(name: str) -> FileResponse:
        path = (shelf.public / name).resolve()
        if not path.is_file() or not path.is_relative_to(shelf.public.resolve()):
            raise HTTPException(404, "nothing is offered under that name")
        return FileResponse(path, media_type="application/octet-stream")

    return router
