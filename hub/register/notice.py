"""The State Council's yearly notice of statutory holidays (部分节假日安排的通知), read as it is published. Pure.

`一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。` Each day names its weekday and each stretch
counts its days, so a slip of the pen, another year's text or a line lost in pasting is found here, not in October.
Lines that pasting broke (from a PDF, a chat) are put together again; what cannot be placed is refused, not passed over.

HubError
`-- NoticeError    nothing of it can be taken; it says which words, and what is wanted of them
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from hub.errors import HubError
from hub.register.holidays import DaySort, Holiday
from hub.saying import Said, say

MAX_NOTICE: Final = 20_000  # signs; one is about 1,000
_SATURDAY: Final = 5
_WEEKDAYS: Final = "一二三四五六日"
_SIGNS: Final = str.maketrans("():,;.~—–", "（）：，。。---")  # of what NFKC leaves of them
_TITLE: Final = re.compile(r"关于(\d{4})年部分节假日安排的通知")
_NUMBER: Final = re.compile(r"国办发明电〔\d{4}〕\d+号")
_HEADING: Final = re.compile(
    r"^(?:（?[一二三四五六七八九十\d]{1,2}(?:）|[、。])+)?(?P<name>[一-鿿]{2,4}(?:、[一-鿿]{2,4})*)：(?P<said>.*)$"
)
_DAY: Final = (
    r"(?:(?P<{0}_year>\d{{4}})年)?(?:(?P<{0}_month>\d{{1,2}})月)?(?P<{0}_day>\d{{1,2}})日"
    r"（(?:[^（）]*、)?(?:周|星期)(?P<{0}_weekday>[一二三四五六日天])）"
)
_OFF: Final = re.compile(
    _DAY.format("first")
    + r"(?:[至到-]+"
    + _DAY.format("last")
    + r")?放假(?P<moves>调休)?(?:，?共?(?P<count>\d{1,2})天)(?:，不调休)?"
)
_ONE: Final = re.compile(_DAY.format("at"))
_EVERY_YEAR: Final = {
    "元旦": (12, 1),
    "春节": (1, 2),
    "清明": (4,),
    "劳动": (4, 5),
    "端午": (5, 6),
    "中秋": (9, 10),
    "国庆": (9, 10),
}  # 全国年节及纪念日放假办法, article 2; and the months in which it can begin
_NEAR: Final = timedelta(days=21)  # a make-up workday was never further than 11 days from its holiday
_DATED: Final = re.compile(r"\d日|\d月|放假|上班")
_SAYS: Final = re.compile(
    r"日（|放假|上班"
)  # what a line has that says of a holiday; "成文日期：2025年11月4日" does not
_GOES_ON: Final = re.compile(r"\d日（|上班|\d日.*放假")
_IS_WHOLE: Final = re.compile(r"(?:。|上班|\d天|不调休)$")
WANTED_OFF: Final = "a holiday as 1月1日（周四）至3日（周六）放假调休，共3天"
WANTED_NOTICE: Final = "the notice as published, with its title and a line for each holiday"


class NoticeError(HubError):
    """The notice cannot stand.

    Attributes:
        found: the words that cannot.
        wanted: what is wanted of them.
    """

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(f"found {found}; wanted is {wanted}")
        self.found, self.wanted = found, wanted


@dataclass(frozen=True, slots=True)
class HolidayNotice:
    """What a notice says of a year; `days` in order, some perhaps of the December before."""

    year: int
    number: str
    days: tuple[Holiday, ...]


def read_notice(text: str) -> HolidayNotice:
    """Read a whole notice, as pasted.

    Raises:
        NoticeError: it is no such notice, or contradicts the calendar or itself.
    """
    if len(text) > MAX_NOTICE:
        found = say("{count} {count:character|characters}", count=len(text))
        raise NoticeError(found, say("at most {count} {count:character|characters}", count=MAX_NOTICE))
    plain = re.sub(r"[^\S\n]+", "", unicodedata.normalize("NFKC", text).replace("\r", "\n").translate(_SIGNS))
    whole = plain.replace("\n", "")
    title, number = _TITLE.search(whole), _NUMBER.search(whole)
    if title is None:
        raise NoticeError(say("no title"), say(WANTED_NOTICE))
    year = int(title[1])
    days: dict[date, Holiday] = {}
    for name, said in _headed(plain):
        for one in _said(said, name, year):
            if one.day in days:
                raise NoticeError(say("{day} twice", day=one.day), say("each day once"))
            days[one.day] = one
    names = {name for one in days.values() for name in one.name.split("、")}
    for name in (name for name in _EVERY_YEAR if not any(said.startswith(name) for said in names)):
        raise NoticeError(say("no {name}", name=name), say("the whole year, with {name}", name=name))
    return HolidayNotice(year, number[0] if number else "", tuple(days[day] for day in sorted(days)))


def _headed(plain: str) -> Iterator[tuple[str, str]]:
    """Each holiday's name and all that is said of it, however many lines that is pasted in."""
    name, said = "", ""
    for line in filter(None, plain.split("\n")):
        heading = _HEADING.match(line)
        goes_on = _GOES_ON.search(line)
        if heading is not None:
            if _SAYS.search(said):
                yield name, said
            name, said = heading["name"], heading["said"]
        elif name.startswith(tuple(_EVERY_YEAR)) and not _IS_WHOLE.search(said):
            said += line
        elif name.startswith(tuple(_EVERY_YEAR)) and goes_on and "放假" not in line:
            said += f"。{line}"
        elif goes_on:
            raise NoticeError(_quoted(line), say("a line that begins with the holiday's name, as 一、元旦："))
    if _SAYS.search(said):
        yield name, said


def _said(said: str, name: str, year: int) -> Iterator[Holiday]:
    """What one holiday's line says."""
    sentences = [part for part in said.split("。") if part]
    offs = [off for part in sentences if (off := _OFF.fullmatch(part))]
    if not offs:
        raise NoticeError(_quoted(said), say(WANTED_OFF))
    free = [one for off in offs for one in _off(off, name, year)]
    yield from free
    for sentence in sentences:
        if _OFF.fullmatch(sentence):
            continue
        if sentence.endswith("上班"):
            yield from _work(sentence, name, year, free)
        elif _DATED.search(sentence):
            raise NoticeError(_quoted(sentence), say(WANTED_OFF))
    if any(off["moves"] for off in offs) and "上班" not in said:
        raise NoticeError(_quoted(said), say("with 调休 the days of work too, as 1月4日（周日）上班"))


def _off(found: re.Match[str], name: str, year: int) -> Iterator[Holiday]:
    first = _day(found, "first", year, None)
    last = first if found["last_day"] is None else _day(found, "last", first.year, first.month)
    months = next((months for holiday, months in _EVERY_YEAR.items() if name.startswith(holiday)), None)
    if months is not None and first.month not in months:
        raise NoticeError(_quoted(found[0]), say("{name} in its month", name=name))
    count = (last - first).days + 1
    if count != int(found["count"]):
        words = say("{words}, which {count:is|are} {count} {count:day|days}", words=_quoted(found[0]), count=count)
        raise NoticeError(words, say("as many days as it counts"))
    yield from (Holiday(first + timedelta(days=n), DaySort.OFF, name) for n in range(count))


def _work(sentence: str, name: str, year: int, free: Sequence[Holiday]) -> Iterator[Holiday]:
    found = list(_ONE.finditer(sentence))
    if not found or _ONE.sub("", sentence).strip("、，和") != "上班":
        raise NoticeError(_quoted(sentence), say("days of work as 2月14日（周六）、2月28日（周六）上班"))
    month: int | None = None
    for one in found:
        day = _day(one, "at", year, month)
        month = day.month
        if day.weekday() < _SATURDAY:
            raise NoticeError(_quoted(one[0]), say("days of work on a Saturday or Sunday"))
        if min(abs(day - off.day) for off in free) > _NEAR:
            raise NoticeError(_quoted(one[0]), say("days of work near their holiday"))
        yield Holiday(day, DaySort.WORK, name)


def _day(found: re.Match[str], of: str, year: int, month: int | None) -> date:
    """One day, whose weekday must be its own; a month that is not said is the one before's."""
    said = found[f"{of}_month"]
    if said is None and month is None:
        raise NoticeError(_quoted(found[0]), say("a month with the first day"))
    try:
        day = date(int(found[f"{of}_year"] or year), int(said or month or 0), int(found[f"{of}_day"]))
    except ValueError:
        raise NoticeError(_quoted(found[0]), say("a day of the calendar")) from None
    weekday = _WEEKDAYS[day.weekday()]
    if found[f"{of}_weekday"].replace("天", "日") != weekday:
        words = say("{words}, and {day} is a 周{weekday}", words=_quoted(found[0]), day=day, weekday=weekday)
        raise NoticeError(words, say("weekdays that fit; is it another year's notice?"))
    return day


def _quoted(words: str) -> Said:
    return say("'{text}'", text=words if len(words) <= 40 else words[:40] + "…")  # noqa: PLR2004 -- a line's worth


def spelled_holidays(days: Iterable[Holiday]) -> list[str]:
    """Days as history keeps them: `2026-10-01 off 国庆节`."""
    return [f"{one.day} {one.sort} {one.name}".strip() for one in days]
