"""Opening hours as people write them in one cell, into a week.

`08:00-11:30 14:30-17:30` are the hours of the days on which the station's kind is open. Days are named before
their hours, groups parted by `;` or by lines: `周一至周五 08:00-11:30 14:30-17:30; 周六 09:00-12:00`; a day not named
is closed then, and hours without a day go on with the days named before them. Over midnight it is `22:00-次日06:00`,
in words, since 17:00-08:00 is mostly a slip. A clock of twelve hours is read by its words (下午2:30-5:30, the word
going for both times); a word that cannot be read is never passed over.
"""

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from hub.register.terms import Week, overlap_in
from hub.saying import Said, say
from hub.typed.cells import CellError
from hub.typed.hours_spelled import CLOSED
from station.hours import DAY_MINUTES, WEEK, Span, Spans
from station.tidy import tidy_key

WANTED_OF_DAY: Final = "hours of one day without its name, as 08:00-11:30 14:30-17:30, at most until 24:00"
WANTED: Final = "hours as 08:00-11:30 14:30-17:30, or with days: 周一至周五 08:00-11:30; 周六 09:00-12:00"
_IN_ORDER: Final = "{hours}, from earlier to later between 00:00 and 24:00; over midnight as 22:00-次日06:00"
_IN_ORDER_OF_DAY: Final = "{hours}, from earlier to later"
_HOUR: Final = 60
_NOON: Final = 12
_PARTS: Final = {
    "night": ("凌晨", "半夜"), "morning": ("清晨", "早晨", "早上", "上午", "早"),
    "noon": ("中午", "正午"), "afternoon": ("下午", "午后"),
    "evening": ("傍晚", "晚上", "晚间", "夜晚", "夜间", "夜里", "晚", "夜"), "am": ("am", "a.m."), "pm": ("pm", "p.m."),
}  # fmt: skip
# Which hours each part of the day may have, as they are typed, and those of them that stand for twelve hours more.
_HOURS: Final = {
    "night": (range(7), range(0)), "morning": (range(4, 13), range(0)), "noon": (range(11, 15), range(0)),
    "afternoon": (range(12, 20), range(1, 8)), "evening": (range(17, 25), range(5, 13)),
    "am": (range(12), range(0)), "pm": (range(12, 24), range(1, 12)),
}  # fmt: skip
_EARLY: Final = 7  # no station opens earlier without saying so
_PART_OF: Final = {word: part for part, words in _PARTS.items() for word in words}
_NEXT: Final = "次日|翌日|第二天|next day"
_WORD: Final = "|".join(sorted(map(re.escape, _PART_OF), key=len, reverse=True))


def _time(of: str) -> str:
    """The pattern of a time of day, with a word of its own before or after it."""
    clock = rf"(?P<{of}_hour>[0-9]{{1,2}}):(?P<{of}_minute>[0-9]{{2}})"
    return rf"(?P<{of}_next>{_NEXT})?\s*(?P<{of}_word>{_WORD})?[:\s]*{clock}\s*(?P<{of}_after>[ap]\.?m\.?)?"


_SPAN: Final = re.compile(_time("opens") + r"\s*(?:-+|至|到)\s*" + _time("closes"))
_BETWEEN: Final = re.compile(r"[\s,、/:]|和|及")
_WHOLE_DAY: Final = ("24小时", "全天")
_SIGNS: Final = str.maketrans("～~‐‑‒–—―−﹣∶；", "----------:;")
_DAY_NUMBERS: Final = {
    name: n
    for n, names in enumerate(("一 mon", "二 tue", "三 wed", "四 thu", "五 fri", "六 sat", "日 天 sun"))
    for name in names.split()
}
_DAY: Final = r"(?:周|星期|礼拜)?([一二三四五六日天])|(mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_BETWEEN_DAYS: Final = " ,、/和及"
_DAYS: Final = re.compile(rf"(?:{_DAY})(?:\s*(?:-|至|到)\s*(?:{_DAY}))?", re.IGNORECASE)
_GROUPS: Final = (
    ("每天", range(WEEK)), ("每日", range(WEEK)), ("daily", range(WEEK)),
    ("工作日", range(5)), ("workdays", range(5)), ("周末", range(5, WEEK)), ("weekends", range(5, WEEK)),
)  # fmt: skip


class _DayHours(NamedTuple):
    """Hours of a day, and what of them lies beyond its midnight: hours of the next."""

    spans: Spans = ()
    beyond: Spans = ()


@dataclass(frozen=True, slots=True)
class AskedHours:
    """What one cell asks for.

    Attributes:
        usual: for every day on which the kind is open, or None where days are named.
        by_day: the named days.
    """

    usual: _DayHours | None = None
    by_day: dict[int, _DayHours] = field(default_factory=dict)

    def week(self, template: Week) -> Week:
        """The week, days filled in from the kind's.

        Raises:
            CellError: hours of the night reach into those of the next day.
        """
        shut = _DayHours()
        days = [
            self.by_day.get(day, shut) if self.usual is None else self.usual if template[day] else shut
            for day in range(WEEK)
        ]
        week = tuple(tuple(sorted((*days[n - 1].beyond, *days[n].spans))) for n in range(WEEK))
        if any(map(overlap_in, week)):
            raise CellError(say("{hours}, without overlap", hours=say(WANTED)))
        return week


def read_hours(text: str) -> AskedHours:
    """Read a cell that is not empty.

    Raises:
        CellError: it is no such text, a day is named twice, or spans overlap.
    """
    plain = tidy_key(text).translate(_SIGNS).lower()
    by_day: dict[int, str] = {}
    unnamed: list[str] = []
    named: set[int] = set()
    is_waiting = False
    for group in filter(None, map(str.strip, re.split(r"[;\n]", plain))):
        days, rest = _days_in(group)
        if days and by_day.keys() & days:
            raise CellError(say("{hours}, each day once", hours=say(WANTED)))
        if days:
            named = named | days if is_waiting else days
            is_waiting = not rest.strip()  # 周一; 周三 08:00-11:30: their hours are still to come
            by_day |= dict.fromkeys(named, rest)
        elif named:  # on a line of its own, 14:30-17:30 goes on with the days of the line above
            by_day |= {day: f"{by_day[day]} {rest}" for day in named}
            is_waiting = False
        else:
            unnamed.append(rest)
    if unnamed and by_day:
        raise CellError(say("{hours}, each day once", hours=say(WANTED)))
    if not by_day:
        return _sound(AskedHours(usual=_hours_in(" ".join(unnamed))))
    read = {hours: _hours_in(hours) for hours in dict.fromkeys(by_day.values())}
    return _sound(AskedHours(by_day={day: read[hours] for day, hours in by_day.items()}))


def _sound(asked: AskedHours) -> AskedHours:
    """That, if it can stand in a week in which every day is open."""
    asked.week(((Span(0, DAY_MINUTES),),) * WEEK)
    return asked


def read_day_hours(text: str) -> Spans:
    """Hours of one day that is named elsewhere; nothing for closed.

    Raises:
        CellError: it is no such text, names days itself, or reaches into the day after.
    """
    try:
        asked = read_hours(text)
    except CellError as exc:
        raise CellError(_of_day(exc.wanted)) from exc
    if asked.usual is None or asked.usual.beyond:
        raise CellError(say(WANTED_OF_DAY))
    return asked.usual.spans


def _of_day(wanted: Said) -> Said:
    """What a week's cell would want, said of one day: with its example, and without weekdays."""
    if wanted.template == WANTED:
        return say(WANTED_OF_DAY)
    template = _IN_ORDER_OF_DAY if wanted.template == _IN_ORDER else wanted.template
    said = {name: _of_day(fact) if isinstance(fact, Said) else fact for name, fact in wanted.facts.items()}
    return say(template, **said)


def read_weekdays(text: str) -> tuple[int, ...]:
    """Days of the week, as 周一, 周一至周五 or 工作日; Monday is 0.

    Raises:
        CellError: it is no such text.
    """
    days, rest = _days_in(re.sub(r"[;\n]", " ", tidy_key(text).translate(_SIGNS).lower()))
    if not days or rest.strip():
        raise CellError(say("weekdays as 周一, 周一至周五 or 工作日"))
    return tuple(sorted(days))


def _days_in(group: str) -> tuple[set[int], str]:
    for word, named in _GROUPS:
        if group.startswith(word):
            return set(named), group.removeprefix(word)
    days: set[int] = set()
    while found := _DAYS.match(group):
        names = [name for name in found.groups() if name]
        first, last = _DAY_NUMBERS[names[0]], _DAY_NUMBERS[names[-1]]
        days |= {(first + n) % WEEK for n in range((last - first) % WEEK + 1)}  # 周六至周一 goes round
        group = group[found.end() :].lstrip(_BETWEEN_DAYS)
    return days, group


def _hours_in(text: str) -> _DayHours:
    if text.strip() in CLOSED:
        return _DayHours()
    if text.strip() in _WHOLE_DAY:
        return _DayHours((Span(0, DAY_MINUTES),))
    found = list(_SPAN.finditer(text))
    if not found or _BETWEEN.sub("", _SPAN.sub("", text)):
        raise CellError(say(WANTED))
    read = [_span(each) for each in found]
    written = [span for span, _beyond in read]
    for number, each in enumerate(found[1:], start=1):
        if written[number] < written[number - 1]:
            _check_early(each, written[number], has_words=any(_part(other, "opens") for other in found))
    spans = tuple(sorted(written))
    if overlap_in(spans):
        raise CellError(say("{hours}, without overlap", hours=say(WANTED)))
    return _DayHours(spans, tuple(beyond for _span, beyond in read if beyond))


def _check_early(found: re.Match[str], span: Span, *, has_words: bool) -> None:
    """That `8:00-11:30 2:30-5:30` is not read as a station that is open at night."""
    is_bare = not _part(found, "opens") and (has_words or len(found["opens_hour"]) == 1)
    if is_bare and span.opens_min < _EARLY * _HOUR:
        raise CellError(say("{hours}; hours of the afternoon as 14:30, or as 下午2:30", hours=say(WANTED)))


def _span(found: re.Match[str]) -> tuple[Span, Span | None]:
    """One stretch of a day, and what of it is of the day after."""
    if found["opens_next"]:
        raise CellError(say(WANTED))
    opening, closing = _part(found, "opens"), _part(found, "closes")
    if found["closes_after"] and not opening:
        raise CellError(say("{hours}; am or pm with both times", hours=say(WANTED)))
    if not closing and not found["closes_next"] and int(found["closes_hour"]) <= _NOON:
        closing = "pm" if opening == "afternoon" else opening
    opens, closes = _minutes(found, "opens", opening), _minutes(found, "closes", closing)
    if found["closes_next"]:
        return _from(opens, DAY_MINUTES), _from(0, closes) if closes else None
    return _from(opens, closes), None


def _from(opens: int, closes: int) -> Span:
    try:
        return Span(opens, closes)
    except ValueError as exc:
        raise CellError(say(_IN_ORDER, hours=say(WANTED))) from exc


def _part(found: re.Match[str], of: str) -> str:
    """The part of the day that is named with a time; empty where none is."""
    word, after = found[f"{of}_word"], (found[f"{of}_after"] or "").replace(".", "")
    if word and after:
        raise CellError(say(WANTED))
    return _PART_OF[word or after] if word or after else ""


def _minutes(found: re.Match[str], of: str, part: str) -> int:
    hour, minute = int(found[f"{of}_hour"]), int(found[f"{of}_minute"])
    if minute >= _HOUR:
        raise CellError(say(WANTED))
    if part:
        hour = _hour_of(hour, part)
    return hour * _HOUR + minute


def _hour_of(typed: int, part: str) -> int:
    """The hour of the whole day."""
    allowed, twelve_more = _HOURS[part]
    if part in {"night", "am"} and typed == _NOON:
        return 0
    if part == "noon" and typed in {1, 2}:
        return typed + _NOON
    hour = typed + _NOON if typed in twelve_more else typed
    if hour not in allowed:
        raise CellError(say("{hours}; a word for the time of day that fits the hour", hours=say(WANTED)))
    return hour
