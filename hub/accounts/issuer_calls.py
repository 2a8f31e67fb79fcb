"""What the hub asks of an identity service: one JSON object by one request, or trouble in words.

No redirect is followed, no proxy asked, nothing read without end.
"""

import http.client
import json
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from hub.straight import Straight

TIMEOUT_S: Final = 8.0
MOST_BYTES: Final = 1_048_576  # keys of a large service are some 20 KB


class CallError(Exception):
    """Nothing came that can be read; the text says why, without what was sent."""


class RefusedError(CallError):
    """It answered, and refuses what was sent (4xx)."""


def call(address: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> Any:
    """Return what an address answers, to a form where there is one.

    Raises:
        CallError: it does not answer, or with no JSON.
    """
    data = None if form is None else urlencode(form).encode()
    request = urllib.request.Request(address, data, {"Accept": "application/json", **(headers or {})})  # noqa: S310 -- see `is_safe`
    try:
        with _opener().open(request, timeout=TIMEOUT_S) as reply:
            return json.loads(_read(reply))
    except urllib.error.HTTPError as refused:
        with refused:
            kind = RefusedError if refused.code in {400, 401, 403} else CallError
            raise kind(f"answered {refused.code}") from None
    except (OSError, http.client.HTTPException, ValueError, RecursionError) as exc:
        raise CallError(f"{type(exc).__name__}: {getattr(exc, 'reason', '') or exc}"[:200]) from None


@cache
def _opener() -> urllib.request.OpenerDirector:
    trusting = urllib.request.HTTPSHandler(context=ssl.create_default_context())
    return urllib.request.build_opener(Straight, trusting, urllib.request.ProxyHandler({}))


def _read(reply: http.client.HTTPResponse) -> bytes:
    """All of it; who sends without end, or a byte at a time, is cut off."""
    until_s, body = time.monotonic() + TIMEOUT_S, b""
    while part := reply.read1(65_536):
        body += part
        if len(body) > MOST_BYTES or time.monotonic() > until_s:
            raise ValueError("an answer without end")
    return body
