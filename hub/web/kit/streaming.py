"""A long sheet on its way out in pieces: the first at once, and never more than one of them in memory."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from hub.web.kit.every_answer import HEAD_ONLY
from hub.web.kit.responses import takes_gzip

_LEVEL = 5
_GZIP = 31  # zlib's word for a window of 32 KiB with the head and tail of a gzip file


def download_in_pieces(request: Request, name: str, pieces: AsyncIterator[bytes], media_type: str) -> Response:
    """Answer with a file saved under a name (RFC 6266), packed where the browser takes it; a HEAD asks for no piece."""
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    is_packed = takes_gzip(request.headers.get("accept-encoding", ""))
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    if HEAD_ONLY in request.scope.get("extensions", {}):
        return Response(b"", media_type=media_type, headers=headers)
    return StreamingResponse(_packed(pieces) if is_packed else pieces, media_type=media_type, headers=headers)


async def _packed(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Each piece whole, so that what is there is seen; packed in a thread, for taps go before."""
    packer = zlib.compressobj(_LEVEL, wbits=_GZIP)
    async for piece in pieces:
        yield await asyncio.to_thread(packer.compress, piece) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()
