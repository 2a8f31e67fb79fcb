"""Opening hours as people write them in one cell, into a week.

`08:00-11:30 14:30-17:30` are the hours of the days on which the station's kind is open. Days are named before
their hours, groups parted by `;`: `周一至周五 08:00-11:30 14:30-17:30; 周六 09:00-12:00`; a day not named is
closed then.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from hub.importing.cells import CellError
from hub.register.terms import Week, overlap_in
from station.hours import DAY_MINUTES, WEEK, Span, Spans

WANTED: Final = "hours as 08:00-11:30 14:30-17:30, or with days: 周一至周五 08:00-11:30; 周六 09:00-12:00"
_SPAN: Final = re.compile(r"(\d{1,2}):(\d{2})\s*(?:-|至|到)\s*(\d{1,2}):(\d{2})")
_FILLING: Final = re.compile(r"上午|下午|晚上|中午|[\s,、:]")
_WHOLE_DAY: Final = ("24小时", "全天")
_CLOSED: Final = ("休息", "关闭", "不开放", "closed")
_DASHES: Final = str.maketrans("～~–—−", "-----")
_DAY_NUMBERS: Final = {
    name: n
    for n, names in enumerate(("一 mon", "二 tue", "三 wed", "四 thu", "五 fri", "六 sat", "日 天 sun"))
    for name in names.split()
}
_DAY: Final = r"(?:周|星期|礼拜)?([一二三四五六日天])|(mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_DAYS: Final = re.compile(rf"(?:{_DAY})(?:\s*(?:-|至|到)\s*(?:{_DAY}))?", re.IGNORECASE)
_GROUPS: Final = (
    ("每天", range(WEEK)), ("每日", range(WEEK)), ("daily", range(WEEK)),
    ("工作日", range(5)), ("workdays", range(5)), ("周末", range(5, WEEK)), ("weekends", range(5, WEEK)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AskedHours:
    """What one cell asks for.

    Attributes:
        usual: for every day on which the kind is open, or None where days are named.
        by_day: the named days.
    """

    usual: Spans | None = None
    by_day: dict[int, Spans] = field(default_factory=dict)

    def week(self, template: Week) -> Week:
        """The week, days filled in from the kind's."""
        if self.usual is not None:
            return tuple(self.usual if spans else () for spans in template)
        return tuple(self.by_day.get(day, ()) for day in range(WEEK))


def read_hours(text: str) -> AskedHours:
    """Read a cell that is not empty.

    Raises:
        CellError: it is no such text, a day is named twice, or spans overlap.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).lower()
    groups = [group.strip() for group in re.split(r"[;\n]", plain) if group.strip()]
    by_day: dict[int, Spans] = {}
    for group in groups:
        days, rest = _days_in(group)
        spans = _spans_in(rest)
        if not days and len(groups) == 1:
            return AskedHours(usual=spans)
        if not days or by_day.keys() & days:
            raise CellError(WANTED + ", each day once")
        by_day.update(dict.fromkeys(days, spans))
    return AskedHours(by_day=by_day)


def spell_hours(spans: Spans) -> str:
    """Hours of a day as `read_hours` reads them."""
    return " ".join(
        f"{s.opens_min // 60:02}:{s.opens_min % 60:02}-{s.closes_min // 60:02}:{s.closes_min % 60:02}" for s in spans
    )


def _days_in(group: str) -> tuple[set[int], str]:
    for word, named in _GROUPS:
        if group.startswith(word):
            return set(named), group.removeprefix(word)
    days: set[int] = set()
    while found := _DAYS.match(group):
        names = [name for name in found.groups() if name]
        first, last = _DAY_NUMBERS[names[0]], _DAY_NUMBERS[names[-1]]
        days |= {(first + n) % WEEK for n in range((last - first) % WEEK + 1)}  # 周六至周一 goes round
        group = group[found.end() :].lstrip(" ,、")
    return days, group


def _spans_in(text: str) -> Spans:
    if text.strip() in _CLOSED:
        return ()
    if text.strip() in _WHOLE_DAY:
        return (Span(0, DAY_MINUTES),)
    spans = tuple(sorted(_span(found) for found in _SPAN.finditer(text)))
    if not spans or _FILLING.sub("", _SPAN.sub("", text)):
        raise CellError(WANTED)
    if overlap_in(spans):
        raise CellError(WANTED + ", without overlap")
    return spans


def _span(found: re.Match[str]) -> Span:
    opens, closes = (int(found[n]) * 60 + int(found[n + 1]) for n in (1, 3))
    if int(found[2]) > 59 or int(found[4]) > 59:  # noqa: PLR2004 -- minutes
        raise CellError(WANTED)
    try:
        return Span(opens, closes)
    except ValueError as exc:
        raise CellError(WANTED + ", from earlier to later between 00:00 and 24:00") from exc
