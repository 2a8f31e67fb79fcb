"""Coverage in words: shares, hours, verdicts, why a gap counts, why a day changed."""

from collections.abc import Callable, Mapping

from hub.coverage.reading import ByHand
from hub.coverage.sums import DaySums
from hub.web.coverage.asked import AskedCoverage, CoverageSpan
from hub.web.kit.words import _, dated, month_of
from station.accounting import DayVerdict

SPAN_WORDS = {"day": _("日"), "week": _("周"), "month": _("月"), "year": _("年")}
VERDICT_WORDS = {
    DayVerdict.KEPT: _("达标"), DayVerdict.SUPPLEMENTED: _("补记后达标"), DayVerdict.UNPROVEN: _("无法认定"),
    DayVerdict.SHORT: _("未满"), DayVerdict.CLOSED: _("不开放"), DayVerdict.RUNNING: _("进行中"),
}  # fmt: skip
WHY_WORDS = {"records": _("补传的记录"), "city": _("资料变更"), "amended": _("更正"), "day": _("日期")}
REVIEW_WORDS = {
    "assumed": _("忘刷离岗"), "late": _("迟刷离岗"), "overrun": _("外出超时"), "claimed": _("补记离岗"),
    "off_hours": _("开放时间外"), "uncertain": _("时间不准"), "unmatched": _("只有离岗"), "again": _("重复刷卡"),
    "unknown_card": _("未登记卡"),
}  # fmt: skip
FIGURE_WORDS = {
    "opened_ms": _("开放"), "met_ms": _("达标"), "minimum_ms": _("仅最低"), "vacant_ms": _("无人"),
    "unknown_ms": _("未知"), "union_ms": _("有人"), "person_ms": _("人员合计"), "supplemented_ms": _("补记后"),
    "verdict": _("五小时"),
}  # fmt: skip
BY_HAND_WORDS = {ByHand.ADDED: _("人工补记"), ByHand.MOVED: _("人工改时刻")}
HOUR_MS = 3_600_000
MINUTE_MS = 60_000


def hours(ms: int) -> str:
    """As 6:05, whole minutes, rounded down."""
    return f"{ms // HOUR_MS}:{ms % HOUR_MS // MINUTE_MS:02}"


def percent(share: float | None) -> str:
    """One place behind the point, never rounded up to all; a dash of nothing."""
    return "—" if share is None else f"{min(int(share * 1000) / 10, 100):g}%"


def stretch_words(asked: AskedCoverage, gettext: Callable[[str], str]) -> str:
    """Say the stretch of days as people do: "2026年3月"; a week by its first and its last day."""
    first, last = asked.stretch.first, asked.stretch.last
    if asked.span is CoverageSpan.YEAR:
        return gettext(_("{year} 年")).format(year=first.year)
    if asked.span is CoverageSpan.MONTH:
        return month_of(first, gettext)
    if asked.span is CoverageSpan.DAY:
        return dated(first, gettext)
    return f"{dated(first, gettext)} – {dated(last, gettext)}"


def verdict_words(verdict: str, short_ms: int, gettext: Callable[[str], str]) -> str:
    """A day's verdict, with what is missing."""
    said = gettext(VERDICT_WORDS[DayVerdict(verdict)])
    if verdict not in {DayVerdict.SHORT, DayVerdict.UNPROVEN}:
        return said
    return gettext(_("{verdict} 差 {time}")).format(verdict=said, time=hours(short_ms))


def changed_figures(
    before: Mapping[str, object], after: Mapping[str, object], gettext: Callable[[str], str]
) -> tuple[list[str], list[str]]:
    """The figures of a revision as they were and as they are: to the second where the minutes are the same."""
    told: tuple[list[str], list[str]] = [], []
    for name, was in before.items():
        pair = [_figure(name, value, gettext) for value in (was, after[name])]
        if pair[0] == pair[1]:
            pair = [_figure(name, value, gettext, to_the_second=True) for value in (was, after[name])]
        for side, said in zip(told, pair, strict=True):
            side.append(f"{gettext(FIGURE_WORDS[name])} {said}")
    return told


def _figure(name: str, value: object, gettext: Callable[[str], str], *, to_the_second: bool = False) -> str:
    if name == "verdict":
        return gettext(VERDICT_WORDS[DayVerdict(str(value))])
    ms = int(str(value))
    return f"{hours(ms)}:{ms % MINUTE_MS // 1000:02}" if to_the_second else hours(ms)


def order_of(sums: DaySums) -> tuple[float, int]:
    """Worst first: what was least covered, then what was longest vacant."""
    return (sums.share if sums.share is not None else 2.0, -sums.vacant_ms)
