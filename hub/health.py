"""Whether the hub is well, for machines and operators: /healthz, /metrics, kiosks and findings."""

from collections.abc import Callable
from datetime import datetime
from threading import Thread
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import JSONResponse, PlainTextResponse, Response

from hub.findings import Finding, FindingKind, Findings
from hub.presence.liveness import KioskNow, KioskStatus
from hub.rights import Right, open_to


class KioskAnswer(BaseModel):
    """One kiosk as it stands now."""

    id: str
    station: str
    entrance: str
    status: KioskStatus
    heard_at: datetime | None
    reader: str | None
    clock: str
    version: str
    queued: int
    reason: str
    """Why its reader does not see, or why it went, in the kiosk's own words; empty where all is well."""


class FindingAnswer(BaseModel):
    """Something that an operator should look into."""

    kind: FindingKind
    subject: str
    station: str
    text: str
    times: int
    first_at: datetime
    last_at: datetime
    ended_at: datetime | None


def kiosk_answer(now: KioskNow) -> KioskAnswer:
    """A kiosk in words."""
    kiosk, heard = now.kiosk, now.heard
    return KioskAnswer(
        id=kiosk.id,
        station=kiosk.station,
        entrance=kiosk.entrance,
        status=now.status,
        heard_at=heard.at,
        reader=heard.reader.value if heard.reader else None,
        clock=heard.clock,
        version=heard.version,
        queued=heard.queued,
        reason=heard.reason,
    )


def health_routes(
    findings: Findings,
    kiosks: Callable[[], list[KioskNow]],
    figures: Callable[[], dict[str, float]],
    troubles: Callable[[], list[str]],
) -> APIRouter:
    """Return the routes; all of them only read.

    Args:
        findings: what was found.
        kiosks: all kiosks in service.
        figures: name and number of each metric.
        troubles: why the hub does not do its work, in words; nothing where it does.
    """
    router = APIRouter()

    @router.get("/healthz", include_in_schema=False)
    @open_to(Right.ANYBODY_HERE)
    async def healthz() -> Response:
        found = troubles()
        return JSONResponse({"ok": not found, "troubles": found}, 503 if found else 200)

    @router.get("/metrics", include_in_schema=False)
    @open_to(Right.ANYBODY_HERE)
    async def metrics() -> Response:
        lines = (f"# TYPE zaigang_{name} {_kind(name)}\nzaigang_{name} {value:g}" for name, value in figures().items())
        return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")

    @router.get("/api/v1/kiosks", tags=["kiosks"])
    @open_to(Right.ANYBODY_HERE)
    async def all_kiosks() -> list[KioskAnswer]:
        """Every kiosk in service, and whether it is heard."""
        return [kiosk_answer(kiosk) for kiosk in kiosks()]

    @router.get("/api/v1/findings", tags=["kiosks"])
    @open_to(Right.ANYBODY_HERE)
    async def all_findings() -> list[FindingAnswer]:
        """What an operator should look into, the latest first."""
        return [FindingAnswer(**_fields(finding)) for finding in findings.all()]

    return router


def has_died(thread: Thread) -> bool:
    """Whether a thread that was started, and that nobody told to end, is gone."""
    return thread.ident is not None and not thread.is_alive()


def _kind(name: str) -> str:
    return "counter" if name.endswith("_total") else "gauge"


def _fields(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in FindingAnswer.model_fields}
