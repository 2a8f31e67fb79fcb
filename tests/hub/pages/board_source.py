"""A board that does what a test says: eleven stations of an invented city, changed row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from hub.errors import UnknownStationError
from hub.findings import WORDS, FindingKind, Findings
from hub.presence.board_view import Bar, BoardRow, BoardView, Mark, StationDay, WhyNot
from station.clock import Clock, boottime_s
from station.coverage import Band
from station.duty import DutyClass
from station.names import StationCode

if TYPE_CHECKING:
    from collections.abc import Callable

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 3, 5)
FIRST_DAY = date(2026, 3, 2)
MORNING = datetime(2026, 3, 5, 9, 40, tzinfo=ZONE).astimezone(UTC)
MET, MINIMUM, VACANT, UNKNOWN, CLOSED = DutyClass


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 5, hour, minute, tzinfo=ZONE).astimezone(UTC)


def make_row(
    code: str, name: str, district: str, kind: str, duty_class: DutyClass, *, on_duty: int = 0, **more: Any
) -> BoardRow:
    is_open = duty_class is not CLOSED
    known: dict[str, Any] = {
        "stepped_out": 0, "unknown_cards": 0, "minimum": 1, "target": 2, "since": at(8, 2),
        "next_change_at": at(11, 30) if is_open else at(14, 30), "is_open": is_open, "partial": False,
        "kiosks": 1, "kiosks_heard": 1, "lead": "",
    }  # fmt: skip
    return BoardRow(code, name, district, kind, duty_class, on_duty, **(known | more))


def city() -> list[BoardRow]:
    tail = "学雷锋志愿服务点"
    return [
        make_row("ZG-01", f"北湖区人民医院{tail}", "北湖区", "hospital", MET, on_duty=2),
        make_row("ZG-02", f"工农银行北湖支行{tail}", "北湖区", "bank", MINIMUM, on_duty=1, since=at(9, 21), stepped_out=0, lead="周* 138****0000"),
        make_row("ZG-03", "柳荫社区学雷锋志愿服务站", "北湖区", "community", MET, on_duty=3),
        make_row("ZG-04", f"长途汽车站{tail}", "北湖区", "transport", VACANT, on_duty=0, since=at(9, 29), lead="吴* 139****0000"),
        make_row("ZG-05", f"市图书馆{tail}", "南山区", "culture", MET, on_duty=2, unknown_cards=1),
        make_row("ZG-06", f"望江亭景区{tail}", "南山区", "scenic", UNKNOWN, on_duty=0, since=at(9, 12), kiosks=2, kiosks_heard=1),
        make_row("ZG-07", f"市政务服务中心{tail}", "南山区", "government", MET, on_duty=2, stepped_out=1),
        make_row("ZG-08", f"电信南山营业厅{tail}", "南山区", "telecom", CLOSED, on_duty=0, since=at(0)),
        make_row("ZG-09", f"惠民超市{tail}", "云溪县", "supermarket", MET, on_duty=2),
        make_row("ZG-10", f"人民广场{tail}", "云溪县", "park", VACANT, on_duty=0, since=at(9, 36)),
        make_row("ZG-11", f"云溪宾馆{tail}", "云溪县", "hotel", CLOSED, on_duty=0, since=at(0)),
    ]  # fmt: skip


def found() -> Findings:
    findings = Findings(Clock(began_at=MORNING, anchor_s=boottime_s()))
    findings.report(FindingKind.DATABASE, "database", "the database cannot be written: database is locked")
    findings.end(FindingKind.DATABASE, "database")
    text = "records 12 to 40 are missing, and the kiosk no longer holds them"
    findings.report(FindingKind.GAP, "zg-05-a 0123456789abcdef", text, station=StationCode("ZG-05"))
    findings.report(FindingKind.UNKNOWN_KIOSK, "zg-99-a", "a kiosk that is not entered speaks", times=7)
    return findings


def past_day(row: BoardRow, day: date, as_of: datetime) -> StationDay:
    """A day with every mark in it, round the clock; nothing is recorded before the 2nd of March."""
    if not FIRST_DAY <= day <= TODAY:
        return StationDay(row, day, (), (), (), (), as_of, is_recorded=False, first_day=FIRST_DAY)

    def on(hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(), ZONE).astimezone(UTC) + timedelta(hours=hour, minutes=minute)

    bars = (
        Bar("甲", "志愿者", on(-2), on(6, 30), (), ((on(2), on(2, 20)),)),
        Bar("乙", "志愿者", on(6), on(12), (Mark.ASSUMED, Mark.UNCERTAIN), (), assumed_from=on(8, 30)),
        Bar("丙", "未登记卡", on(7), on(9), (Mark.UNMATCHED,), (), WhyNot.UNREGISTERED),
        Bar("丁", "志愿者", on(9), on(9, 10), (Mark.CLAIMED,), (), WhyNot.CLAIMED),
        Bar("丁", "志愿者", on(12), on(14, 40), (Mark.LATE, Mark.AGAIN), ((on(13), on(13, 10)),)),
        Bar("戊", "志愿者", on(15), on(16), (Mark.OVERRUN,), ()),
        Bar("己", "志愿者", on(16), on(17), (Mark.MOVED,), ()),
        Bar("庚", "志愿者", on(22), on(26), (Mark.OFF_HOURS,), (), WhyNot.OFF_HOURS),
    )
    bands = (
        Band(MINIMUM, on(0), on(6)),
        Band(MET, on(6), on(6, 30)),
        Band(MINIMUM, on(6, 30), on(12)),
        Band(VACANT, on(12), on(12, 0) + timedelta(seconds=40)),
        Band(MINIMUM, on(12, 0) + timedelta(seconds=40), on(14, 40)),
        Band(VACANT, on(14, 40), on(15)),
        Band(MINIMUM, on(15), on(17)),
        Band(VACANT, on(17), on(17, 20), partial=True),
        Band(UNKNOWN, on(17, 20), on(24)),
    )
    periods = ((on(0), on(24)),)
    return StationDay(row, day, periods, bars, bands, (), as_of, first_day=FIRST_DAY, kiosks=("zg-02-a", "zg-02-b"))


class FakeBoardSource:
    """Rows in a dict; `change` tells subscribers, and must be called on the event loop."""

    def __init__(self, rows: list[BoardRow] | None = None, rate: float = 1.0) -> None:
        self.rows = {row.code: row for row in (city() if rows is None else rows)}
        self.rate = rate
        self._started_s = monotonic()
        self.findings = found()
        self.subscribers: list[Callable[[tuple[BoardRow, ...]], None]] = []

    @property
    def as_of(self) -> datetime:
        return MORNING + timedelta(seconds=(monotonic() - self._started_s) * self.rate)

    def view(self) -> BoardView:
        return BoardView(self.as_of, self.rate, "云州市", tuple(self.rows.values()))

    async def station_day(self, code: str, day: date | None = None) -> StationDay:
        if code not in self.rows:
            raise UnknownStationError(code)
        as_of = self.as_of
        if day is not None and day != TODAY:
            return past_day(self.rows[code], day, as_of)
        bars = (
            Bar("甲", "志愿者", at(7, 52), None, (), ((at(9, 5), at(9, 14)),)),
            Bar("乙", "未登记卡", at(8, 6), at(9, 2), (), ()),
            Bar("丙", "志愿者", at(9, 21), None, (), ((at(9, 31), None),)),
        )
        bands = (
            Band(MINIMUM, at(8), at(8, 6)),
            Band(MET, at(8, 6), at(9, 2)),
            Band(MINIMUM, at(9, 2), at(9, 5)),
            Band(VACANT, at(9, 5), at(9, 14)),
            Band(UNKNOWN, at(9, 14), at(9, 21)),
            Band(MET, at(9, 21), as_of),
        )
        periods = ((at(8), at(11, 30)), (at(14, 30), at(17, 30)))
        findings = tuple(WORDS.values())
        return StationDay(self.rows[code], TODAY, periods, bars, bands, findings, as_of, first_day=FIRST_DAY)

    def subscribe(self, changed: Callable[[tuple[BoardRow, ...]], None]) -> Callable[[], None]:
        self.subscribers.append(changed)
        return lambda: self.subscribers.remove(changed)

    def change(self, code: str, **changes: Any) -> BoardRow:
        self.rows[code] = replace(self.rows[code], **changes)
        for changed in self.subscribers:
            changed((self.rows[code],))
        return self.rows[code]
