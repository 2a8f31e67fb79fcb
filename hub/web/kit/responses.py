"""A page's bytes on their way out: language, headers, packing, downloads."""

import gzip
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from hub.web.kit.language import COOKIE, Language, choose

HEADERS = {
    "Cache-Control": "no-store",  # an old board must not come back from a cache
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
COOKIE_AGE_S = 365 * 24 * 3600
WORTH_PACKING_BYTES = 512


def language_of(request: Request) -> Language:
    """Return what a request is to be answered in."""
    return choose(request.query_params.get("lang"), request.cookies.get(COOKIE), request.headers.get("accept-language"))


def page_answer(request: Request, html: str, status_code: int = 200) -> Response:
    """Answer with a page, or a part of one, and keep a language that was asked for."""
    language = language_of(request)
    headers = {**HEADERS, "Content-Language": language.tag}
    answer = packed_answer(request, html.encode(), None, "text/html", headers, status_code=status_code)
    answer.headers.add_vary_header("Accept-Language")
    if request.query_params.get("lang") == language.value:
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, language.value, max_age=COOKIE_AGE_S, httponly=True, samesite="lax", secure=secure)
    return answer


def download(request: Request, name: str, content: str | bytes, media_type: str) -> Response:
    """Answer with a file saved under a name (RFC 6266); text in UTF-8 with the mark that spreadsheets look for."""
    headers = {"Cache-Control": "no-store", "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    body = content.encode("utf-8-sig") if isinstance(content, str) else content
    return packed_answer(request, body, None, media_type, headers)


def packed_answer(
    request: Request,
    body: bytes,
    packed: bytes | None,
    media_type: str,
    headers: dict[str, str],
    *,
    status_code: int = 200,
) -> Response:
    """Answer with gzip where the browser takes it; `packed` saves doing it again."""
    headers = {**headers, "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
    if len(body) > WORTH_PACKING_BYTES and takes_gzip(request.headers.get("accept-encoding", "")):
        body = packed or gzip.compress(body, 5)
        headers["Content-Encoding"] = "gzip"
    return Response(body, status_code=status_code, media_type=media_type, headers=headers)


def takes_gzip(accepted: str) -> bool:
    """Say whether an Accept-Encoding (RFC 9110, 12.5.3) takes gzip; what is named goes before what `*` says."""
    wishes = dict(_wish(part) for part in accepted.lower().split(",") if part.strip())
    return wishes.get("gzip", wishes.get("*", 0.0)) > 0


def _wish(part: str) -> tuple[str, float]:
    coding, _, weight = part.partition(";")
    try:
        return coding.strip(), float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return coding.strip(), 0.0
