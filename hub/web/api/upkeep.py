"""How the kiosks stand and what was found, for other programs, as far as somebody follows it up."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request

from hub.findings import Finding, FindingKind, Findings
from hub.presence.board_view import BoardSource
from hub.presence.liveness import KioskNow, KioskStatus
from hub.rights import WHOLE_CITY, Right, open_to
from hub.web.gate.gate import who_asks
from hub.web.gate.sight import findings_for, view_for


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
    disk_free_mb: int | None
    temperature_c: int | None
    under_voltage: bool | None
    """At some moment since it was switched on; null where its machine does not tell."""
    certificate_ends_at: datetime | None
    config: int
    """The version of the settings that it holds; 0 for those with which it was set up."""


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
        **asdict(heard.figures),
    )


def upkeep_routes(source: BoardSource, findings: Findings, kiosks: Callable[[], list[KioskNow]]) -> APIRouter:
    """Return the routes; all of them only read.

    Args:
        source: which stations there are.
        findings: what was found.
        kiosks: all kiosks in service.
    """
    router = APIRouter(prefix="/api/v1", tags=["kiosks"])

    @router.get("/kiosks")
    @open_to(Right.FOLLOW_UP)
    async def all_kiosks(request: Request) -> list[KioskAnswer]:
        """Every kiosk in service, and whether it is heard."""
        who = who_asks(request)
        codes = {row.code for row in view_for(who, source.view(), Right.FOLLOW_UP).rows}
        has_all = WHOLE_CITY in who.reaches(Right.FOLLOW_UP)
        return [kiosk_answer(one) for one in kiosks() if has_all or one.kiosk.station in codes]

    @router.get("/findings")
    @open_to(Right.FOLLOW_UP)
    async def all_findings(request: Request) -> list[FindingAnswer]:
        """What an operator should look into, the latest first."""
        found = findings_for(who_asks(request), source.view(), findings.all())
        return [FindingAnswer(**_fields(finding)) for finding in found]

    return router


def _fields(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in FindingAnswer.model_fields}
