"""Sheets to take away: what is entered, as far as somebody may have it, and empty ones to fill in."""

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.reception import Reception
from hub.exporting.city import Exporter
from hub.exporting.workbook import empty_workbook, workbook_of
from hub.rights import Right, open_to
from hub.web.desk.desk import Desk
from hub.web.gate.gate import visitor_of, who_asks
from hub.web.kit.responses import download

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_NUMBERS = "电话密钥不在，电话列没有导出。"


def downloads_routes(reception: Reception, desk: Desk) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/city", include_in_schema=False)

    @router.get("/import/template.xlsx")
    @open_to(Right.IMPORT)
    async def template(request: Request) -> Response:
        return download(request, "导入模板.xlsx", empty_workbook(), XLSX)

    @router.get("/export.xlsx")
    @open_to(Right.PEOPLE)
    async def export(request: Request) -> Response:
        who = who_asks(request)

        def write(connection: Connection) -> tuple[bytes, str]:
            exporter = Exporter(connection, desk.telephones, who.grants, desk.today)
            sheets = exporter.sheets()
            told = ", ".join(f"{form} {len(rows)}" for form, (_, rows) in sheets.items())
            return workbook_of(sheets, () if exporter.has_numbers else (NO_NUMBERS,)), told

        content, told = await desk.read(write)
        await reception.note(who.name, "exported", told, visitor_of(request))
        return download(request, f"资料 {desk.today}.xlsx", content, XLSX)

    return router
