"""Coverage as sheets: the same tables as CSV, which any program reads, and as XLSX, which a desk opens."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo

from hub.coverage.reading import DayFound
from hub.coverage.sums import DaySums
from hub.exporting.harmless import SheetCell
from hub.web.coverage.shown import GroupShown
from hub.web.coverage.words import BY_HAND_WORDS, HOUR_MS, REVIEW_WORDS, verdict_words
from hub.web.kit.frame import Kit
from hub.web.kit.sheets import SheetTable
from hub.web.kit.words import CLASS_WORDS, MONTHS, _, clock_on, kind_word
from station.duty import DutyClass

_FIGURE_HEADS = (
    _("天数"), _("开放小时"), _("达标小时"), _("仅最低小时"), _("无人小时"), _("未知小时"), _("有人比例"),
    _("有人小时（含外出返回）"), _("人员小时"), _("五小时达标天数"), _("补记后达标天数"), _("未满天数"),
    _("无法认定天数"), _("不开放天数"),
)  # fmt: skip


def groups_sheet(groups: Iterable[GroupShown], kit: Kit) -> SheetTable:
    """Stations, districts or kinds, in the order of the page."""
    heads = (_("编号"), _("名称"), _("区县"), *_FIGURE_HEADS)
    rows: list[list[SheetCell]] = []
    for one in groups:
        name = kind_word(one.name, kit.language) if one.name == one.code else one.name
        rows.append([one.code, name, one.place, *_figures(one.sums)])
    return SheetTable([kit.gettext(head) for head in heads], rows)


def year_sheet(stations: Iterable[GroupShown], months: Mapping[tuple[str, date], DaySums], kit: Kit) -> SheetTable:
    """The year's ranking: each station's share of the year and of its months, in the order of the page."""
    heads = (_("编号"), _("名称"), _("区县"), _("天数"), _("开放小时"), _("无人小时"), _("未知小时"), _("有人比例"))
    of_year = sorted({month for _code, month in months})
    firsts = [of_year[0].replace(month=month) for month in range(1, 13)] if of_year else []
    rows: list[list[SheetCell]] = [
        [
            one.code, one.name, one.place, one.sums.days, _hours(one.sums.opened_ms), _hours(one.sums.vacant_ms),
            _hours(one.sums.unknown_ms), _share(one.sums),
            *(_share(months[one.code, first]) if (one.code, first) in months else None for first in firsts),
        ]
        for one in stations
    ]  # fmt: skip
    return SheetTable([kit.gettext(word) for word in (*heads, *MONTHS[: len(firsts)])], rows)


def months_sheet(code: str, months: Mapping[date, DaySums], kit: Kit) -> SheetTable:
    """A station's year, a line a month."""
    rows = [[code, f"{month:%Y-%m}", *_figures(sums)] for month, sums in sorted(months.items())]
    return SheetTable([kit.gettext(head) for head in (_("编号"), _("月份"), *_FIGURE_HEADS)], rows)


def _figures(sums: DaySums) -> list[SheetCell]:
    times = (sums.opened_ms, sums.met_ms, sums.minimum_ms, sums.vacant_ms, sums.unknown_ms)
    return [
        sums.days, *map(_hours, times), _share(sums), _hours(sums.union_ms), _hours(sums.person_ms), sums.kept,
        sums.supplemented, sums.short, sums.unproven, sums.closed,
    ]  # fmt: skip


def _share(sums: DaySums) -> float | None:
    return None if sums.share is None else round(sums.share, 4)


def days_sheet(code: str, days: Iterable[DayFound], kit: Kit) -> SheetTable:
    """A station's days: the compliance sheet."""
    heads = (
        _("编号"), _("日期"), _("开放小时"), _("达标小时"), _("仅最低小时"), _("无人小时"), _("未知小时"),
        _("有人小时（含外出返回）"), _("补记后小时"), _("人员小时"), _("五小时"), _("待核"),
    )  # fmt: skip
    names = ("opened_ms", "met_ms", "minimum_ms", "vacant_ms", "unknown_ms", "union_ms", "supplemented_ms", "person_ms")
    rows: list[Sequence[SheetCell]] = [
        [
            code, str(one.figures["day"]), *(_hours(one.figures[name]) for name in names),
            verdict_words(one.figures["verdict"], one.figures["short_ms"], kit.gettext), review_words(one, kit.gettext),
        ]
        for one in days
    ]  # fmt: skip
    return SheetTable([kit.gettext(head) for head in heads], rows)


def gaps_sheet(code: str, days: Iterable[DayFound], kit: Kit, zone: tzinfo) -> SheetTable:
    """A station's gaps with their evidence."""
    heads = (
        _("编号"), _("日期"), _("开始"), _("结束"), _("状态"), _("之前最后一次刷卡"), _("之后第一次刷卡"),
        _("终端看守分钟"),
    )  # fmt: skip
    rows: list[list[SheetCell]] = []
    for day in days:
        for gap in day.gaps:
            moments = (gap.began_at, gap.ended_at, gap.before, gap.after)
            said = ["" if at is None else _clock(gap.day, at, zone) for at in moments]
            for at, how in ((2, gap.before_by), (3, gap.after_by)):
                said[at] += f" {kit.gettext(BY_HAND_WORDS[how])}" if how else ""
            watched = "; ".join(f"{kiosk} {lasted // 60_000}" for kiosk, lasted in gap.watched.items())
            word = kit.gettext(CLASS_WORDS[DutyClass(gap.duty_class)])
            rows.append([code, str(gap.day), *said[:2], word, *said[2:], watched])
    return SheetTable([kit.gettext(head) for head in heads], rows)


def review_words(day: DayFound, gettext: Callable[[str], str]) -> str:
    """What of a day waits for a review, with how many."""
    said = (f"{gettext(REVIEW_WORDS.get(mark, mark))} {count}" for mark, count in day.marks.items())
    return gettext(_("、")).join(said)


def _clock(day: date, at: datetime, zone: tzinfo) -> str:
    """To the second; the midnight that ends a day is 24:00:00, so that no gap ends before it begins."""
    local = at.astimezone(zone)
    return "24:00:00" if clock_on(day, at, zone) == "24:00" else f"{local:%H:%M:%S}"


def _hours(ms: int) -> float:
    return round(ms / HOUR_MS, 4)
