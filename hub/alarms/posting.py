"""One POST, with an answer whatever comes: no redirect is followed, nothing is read without end.

What the world answers is told without the address, for its key is in it.
"""

import http.client
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

from hub.straight import Straight

TIMEOUT_S: Final = 8.0
MOST_BYTES: Final = 65_536


class HttpReply(NamedTuple):
    """What a server said; status 0 where it said nothing.

    Attributes:
        trouble: why there is no reply, in words.
    """

    status: int
    body: bytes
    trouble: str = ""


def post(url: str, body: bytes, headers: Mapping[str, str], timeout_s: float = TIMEOUT_S) -> HttpReply:
    """Send it, and read what is said."""
    request = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")  # noqa: S310 -- checked
    try:
        with _opener().open(request, timeout=timeout_s) as reply:
            return HttpReply(reply.status, _read(reply, timeout_s))
    except urllib.error.HTTPError as refused:
        with refused:
            return HttpReply(refused.code, _rest_of(refused))
    except TimeoutError:
        return HttpReply(0, b"", f"no answer within {timeout_s:g} s")
    except urllib.error.URLError as exc:
        is_late = isinstance(exc.reason, TimeoutError)
        return HttpReply(0, b"", f"no answer within {timeout_s:g} s" if is_late else not_reached(exc.reason))
    except (OSError, http.client.HTTPException, ValueError) as exc:
        return HttpReply(0, b"", not_reached(exc))


@cache
def _opener() -> urllib.request.OpenerDirector:
    """Made once: making it, and reading all certificates that are trusted, takes longer than a post does."""
    trusting = urllib.request.HTTPSHandler(context=ssl.create_default_context())
    return urllib.request.build_opener(Straight, trusting)


def _read(reply: http.client.HTTPResponse, timeout_s: float) -> bytes:
    """Its beginning; who drips a byte at a time is cut off."""
    until_s = time.monotonic() + timeout_s
    body = b""
    while len(body) < MOST_BYTES and (part := reply.read1(MOST_BYTES)):
        body += part
        if time.monotonic() > until_s:
            raise TimeoutError
    return body


def _rest_of(refused: urllib.error.HTTPError) -> bytes:
    try:
        return refused.read(MOST_BYTES)
    except (OSError, http.client.HTTPException):
        return b""


def not_reached(reason: object) -> str:
    """Say so by its kind and the system's own words: others may hold the address."""
    words = reason.strerror if isinstance(reason, OSError) and reason.strerror else type(reason).__name__
    return f"not reached: {words}"
