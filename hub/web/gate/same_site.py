"""Which requests are refused before anybody asks who they are from: of another site, or to another host. Pure.

A page of another site can make a browser send our cookie along. The browser says so itself (Fetch Metadata, W3C; the
rule is that of Go's net/http.CrossOriginProtection): no token needs to stand in any form.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from hub.config import LOOPBACK

_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^\[\]:@,/\s]+))(?::[0-9]{0,5})?")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_cross_site(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a request that may change something comes from a page of another site."""
    if method in SAFE_METHODS:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    if origin is None:
        return False  # no browser: those send one of the two with every unsafe request
    try:
        return urlsplit(origin).netloc.casefold() != headers.get("host", "").casefold() or not origin
    except ValueError:  # no address at all
        return True


def is_our_host(host: str, names: tuple[str, ...]) -> bool:
    """Whether a Host header (RFC 9112, 3.2) names this hub, with whatever port."""
    found = _HOST.fullmatch(host.casefold())
    name = (found[1] or found[2]) if found else ""
    return name in LOOPBACK or name in {own.casefold() for own in names}
