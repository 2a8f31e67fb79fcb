"""What pages load, read once into memory, named by its content so that browsers may keep it for ever.

Scripts and styles only; which of them a page wants is the templates' work. Packed copies are made when
the hub starts, so that no request waits for them.
"""

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response

from hub.errors import AssetsMissingError
from hub.web.assets import PAGES
from hub.web.kit.responses import packed_answer

MEDIA = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    packed: bytes
    version: str
    media_type: str


class StaticFiles:
    """The static files of the hub's pages."""

    def __init__(self) -> None:
        """Read them all.

        Raises:
            AssetsMissingError: what npm fetches is not there.
        """
        root = files("hub.web") / "static"
        for name in PAGES.values():
            if not (root / "vendor" / name).is_file():
                raise AssetsMissingError(f"hub/web/static/vendor/{name}")
        self._files = {name: _read(file, name) for name, file in _walk(root, "")}

    def address(self, name: str) -> str:
        """Return the address of a file as it is now."""
        return f"/static/{name}?v={self._files[name].version}"

    def answer(self, request: Request, name: str) -> Response:
        """Return a file, packed where the browser takes that."""
        file = self._files.get(name)
        if file is None:
            return Response(status_code=404)
        kept = FOR_EVER if request.query_params.get("v") == file.version else "no-cache"
        return packed_answer(request, file.body, file.packed, file.media_type, {"Cache-Control": kept})


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        elif _suffix(entry.name) in MEDIA:
            yield prefix + entry.name, entry


def _read(file: Traversable, name: str) -> _File:
    body = file.read_bytes()
    version = hashlib.sha256(body).hexdigest()[:12]
    return _File(body, gzip.compress(body, 9, mtime=0), version, MEDIA[_suffix(name)])


def _suffix(name: str) -> str:
    return name[name.rfind(".") :]
