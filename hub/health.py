"""Whether the hub is well, for the machines that look after it: /healthz and /metrics."""

from collections.abc import Callable
from threading import Thread

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from hub.rights import Right, open_to
from hub.web.gate.gate import is_near, who_asks


def health_routes(
    figures: Callable[[], dict[str, float]],
    troubles: Callable[[], list[str]],
) -> APIRouter:
    """Return the routes; all of them only read.

    Args:
        figures: name and number of each metric.
        troubles: why the hub does not do its work, in words; nothing where it does.
    """
    router = APIRouter()

    @router.get("/healthz", include_in_schema=False)
    @open_to(Right.ANYBODY)
    async def healthz(request: Request) -> Response:
        found = troubles()
        is_told = is_near(request) or who_asks(request).may_somewhere(Right.LOCAL)
        return JSONResponse({"ok": not found, "troubles": found if is_told else []}, 503 if found else 200)

    @router.get("/metrics", include_in_schema=False)
    @open_to(Right.LOCAL)
    async def metrics() -> Response:
        lines = (f"# TYPE zaigang_{name} {_kind(name)}\nzaigang_{name} {value:g}" for name, value in figures().items())
        return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")

    return router


def has_died(thread: Thread) -> bool:
    """Whether a thread that was started, and that nobody told to end, is gone."""
    return thread.ident is not None and not thread.is_alive()


def _kind(name: str) -> str:
    return "counter" if name.endswith("_total") else "gauge"
