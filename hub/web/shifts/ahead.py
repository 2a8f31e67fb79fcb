"""Which coming opening periods have nobody on the roster, or too few: as a page, and as sheets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Connection
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.filtering import where_may
from hub.database.tables import District, Station
from hub.exporting.harmless import SheetCell
from hub.presence.board_view import BoardSource
from hub.register.kinds import KINDS
from hub.register.shifts_ahead import A_WEEK, ShiftAhead, ShiftGap, read_shifts_ahead
from hub.rights import Grant, Right, open_to
from hub.web.desk.asked_district import with_known_district
from hub.web.desk.desk import Desk
from hub.web.desk.page import DeskPages, NotThereError
from hub.web.gate.gate import who_asks
from hub.web.kit.frame import Kit, Kits
from hub.web.kit.paging import page_of
from hub.web.kit.passed_over import refused_sheet
from hub.web.kit.responses import download
from hub.web.kit.sheets import SHEET_FORMS, SheetTable
from hub.web.kit.words import _, kind_word
from station.strict import spell_minutes

LACKING: Final = frozenset({ShiftGap.NOBODY, ShiftGap.FEW})
GAP_WORDS: Final = {ShiftGap.NOBODY: _("无人值班"), ShiftGap.FEW: _("人数不足"), ShiftGap.NO_ROSTER: _("没有排班")}


@dataclass(frozen=True, slots=True)
class AskedGaps:
    """What is asked for; what cannot be read is as if not said.

    Attributes:
        days: how many from tomorrow on: one, or a week.
        gap: only these; None for nobody and too few.
    """

    days: int = 1
    gap: ShiftGap | None = None
    district: str = ""
    kind: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "AskedGaps":
        """Read an address."""
        kind, gap = query.get("kind", ""), query.get("gap", "")
        return cls(
            A_WEEK if query.get("days") == str(A_WEEK) else 1,
            ShiftGap(gap) if gap in set(ShiftGap) else None,
            query.get("district", ""),
            kind if kind in KINDS else "",
        )

    @property
    def query(self) -> str:
        """The address of the same."""
        parts = {"days": self.days, "gap": self.gap or "", "district": self.district, "kind": self.kind}
        return urlencode({name: value for name, value in parts.items() if value})


@dataclass(frozen=True, slots=True)
class ShownGap:
    """One period that lacks somebody, and where."""

    name: str
    district: str
    kind: str
    ahead: ShiftAhead


@dataclass(frozen=True, slots=True)
class GapsShown:
    """What the page shows.

    Attributes:
        stations: of those asked for, how many have a period of that kind tomorrow, or keep no roster then.
        districts: names by code, those that somebody may see.
    """

    rows: list[ShownGap]
    stations: dict[ShiftGap, int]
    districts: dict[str, str]


def read_roster_gaps(connection: Connection, grants: Iterable[Grant], asked: AskedGaps, today: date) -> GapsShown:
    """Of the stations that somebody may see; one without a roster by its first period alone."""
    columns = select(col(Station.code), col(Station.name), col(Station.kind), col(Station.district))
    seen = columns.add_columns(col(District.name).label("district_name")).join(
        District, col(District.code) == col(Station.district)
    )
    found = connection.execute(seen.where(where_may(grants, Right.OBSERVE)).order_by(col(Station.code))).all()
    stations = {
        row.code: row for row in found
        if asked.district in {"", row.district} and asked.kind in {"", row.kind}
    }  # fmt: skip
    tomorrow = today + timedelta(days=1)
    ahead = [one for one in read_shifts_ahead(connection, tomorrow, asked.days) if one.station in stations]
    wanted = LACKING if asked.gap is None else {asked.gap}
    first = {one.station: one for one in reversed(ahead) if one.gap is ShiftGap.NO_ROSTER}
    rows = [
        ShownGap(stations[one.station].name, stations[one.station].district_name, stations[one.station].kind, one)
        for one in ahead
        if one.gap in wanted and (one.gap is not ShiftGap.NO_ROSTER or first[one.station] is one)
    ]
    counted = {gap: len({one.station for one in ahead if one.gap is gap and one.day == tomorrow}) for gap in ShiftGap}
    rows.sort(key=lambda one: (one.ahead.day, one.ahead.span, one.ahead.station))
    districts = {row.district: row.district_name for row in sorted(found, key=lambda row: str(row.district))}
    return GapsShown(rows, counted, districts)


def gaps_routes(kits: Kits, source: BoardSource, desk: Desk) -> APIRouter:
    """Return the routes; all of them only read."""
    router = APIRouter(prefix="/shifts", include_in_schema=False)
    pages = DeskPages(kits, source, "/shifts")

    async def said(request: Request) -> AskedGaps:
        return await with_known_district(desk, who_asks(request), Right.OBSERVE, AskedGaps.of(request.query_params))

    async def look(request: Request, asked: AskedGaps) -> GapsShown:
        grants = who_asks(request).grants
        return await desk.read(lambda connection: read_roster_gaps(connection, grants, asked, desk.today))

    @router.get("")
    @open_to(Right.OBSERVE)
    async def page(request: Request) -> Response:
        asked, kit = await said(request), pages.kit(request)
        found = await look(request, asked)
        return pages.answer(
            request, "shifts/ahead.html", taken=asked.query, asked=asked, found=found,
            tomorrow=desk.today + timedelta(days=1),
            shown=page_of(found.rows, request.query_params.get("page")),
            kinds=[(one, kind_word(one, kit.language)) for one in KINDS], gap_words=GAP_WORDS,
            gaps=[("", kit.gettext(_("无人或不足"))), *((gap.value, kit.gettext(GAP_WORDS[gap])) for gap in ShiftGap)],
            spans=[("1", kit.gettext(_("明天"))), (str(A_WEEK), kit.gettext(_("明天起 7 天")))],
        )  # fmt: skip

    @router.get("/sheet.{form}")
    @open_to(Right.OBSERVE)
    async def sheet(request: Request, form: str) -> Response:
        if form not in SHEET_FORMS:
            raise NotThereError
        kit, (write, sort) = pages.kit(request), SHEET_FORMS[form]
        asked = await said(request)
        if refused := refused_sheet(request, asked.query, kit):
            return refused
        found = await look(request, asked)
        name = kit.gettext(_("值班缺人"))
        return download(request, f"{name} {desk.today + timedelta(days=1)}.{form}", write(_table(found, kit)), sort)

    return router


def _table(found: GapsShown, kit: Kit) -> SheetTable:
    heads = (
        _("编号"), _("名称"), _("区县"), _("类别"), _("日期"), _("开始"), _("结束"), _("应到人数"), _("最低人数"),
        _("情况"),
    )  # fmt: skip
    rows: list[Sequence[SheetCell]] = [
        [
            one.ahead.station, one.name, one.district, kind_word(one.kind, kit.language), str(one.ahead.day),
            spell_minutes(one.ahead.span.opens_min), spell_minutes(one.ahead.span.closes_min), len(one.ahead.people),
            one.ahead.minimum, kit.gettext(GAP_WORDS[one.ahead.gap]) if one.ahead.gap else "",
        ]
        for one in found.rows
    ]  # fmt: skip
    return SheetTable([kit.gettext(head) for head in heads], rows)
