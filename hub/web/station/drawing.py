"""One station's day as a picture: opening periods shaded, a lane for each person, the class as a ribbon below.

Pure. A bar is drawn full where it counts, empty where it does not, hatched where it is assumed; each mark has a sign at
the bar's end and its words below. The same numbers stand in the page's tables.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from hub.presence.board_view import Bar, StationDay
from hub.web.kit.picture import LabelRows, Picture, Rect, Scale, Shape, Stroke, Text, width_of, wrapped
from hub.web.kit.words import CLASS_WORDS, clock_on
from hub.web.station.words import MARK_SIGNS, bar_words, exact_duration, letter_word, role_word
from station.coverage import Band, whole_of
from station.duty import DutyClass

GAPS = (DutyClass.VACANT, DutyClass.UNKNOWN)
SHORTEST_GAP = timedelta(minutes=1)  # what is shorter has no minutes to tell
MARGIN = timedelta(minutes=30)  # enough to see somebody who came early
BAR, LANE_GAP, RIBBON, TOP = 20.0, 12.0, 26.0, 34.0


@dataclass(frozen=True, slots=True)
class Format:
    """How large a picture is, and what it has room for."""

    look: str
    width: float
    size: float
    left: float
    right: float
    hours: int
    """Marks on the axis, at most."""
    has_roles: bool


FORMATS = (
    Format("wide", 1200, 15, 132, 24, 16, has_roles=True),
    Format("narrow", 600, 19, 44, 22, 7, has_roles=False),
)
"""For a desk, and for a phone or a printed page; which is shown is the style sheet's work."""


def drawings(day: StationDay, zone: tzinfo, gettext: Callable[[str], str]) -> tuple[Picture, ...]:
    """Return the day in every format."""
    return tuple(_Drawing(day, zone, gettext, form).picture() for form in FORMATS)


class _Drawing:
    def __init__(self, day: StationDay, zone: tzinfo, gettext: Callable[[str], str], form: Format) -> None:
        self._day = day
        self._zone = zone
        self._gettext = gettext
        self._form = form
        self._begin, self._end = whole_of(day.date, zone)
        self._now = min(day.as_of, self._end)
        first, last = self._range()
        self._scale = Scale(first, last, form.left, form.width - form.right)
        self._line = round(form.size * 1.45)  # as high as Chinese fonts are

    def picture(self) -> Picture:
        lanes, below = self._lanes(TOP + self._line)
        ribbon, bottom = self._ribbon(below)
        shapes = [*self._paper(TOP, bottom), *lanes, *ribbon, *self._now_line(TOP, bottom)]
        return Picture(
            self._form.look, self._form.width, round(bottom + self._line + 10), self._form.size, tuple(shapes)
        )

    def _range(self) -> tuple[datetime, datetime]:
        """Whole hours that hold everything, with a margin; never more than the day."""
        points = [moment for period in self._day.periods for moment in period]
        points += [bar.began_at for bar in self._day.bars] + [self._ended_at(bar) for bar in self._day.bars]
        if not points:
            return self._begin, self._end
        first = (max(self._begin, min(points) - MARGIN) - self._begin) // timedelta(hours=1)
        last = -((self._begin - min(self._end, max(points) + MARGIN)) // timedelta(hours=1))
        return self._begin + timedelta(hours=first), self._begin + timedelta(hours=max(first + 1, last))

    def _ended_at(self, bar: Bar) -> datetime:
        return min(bar.ended_at or self._now, self._end)

    def _paper(self, top: float, bottom: float) -> Iterator[Shape]:
        x, scale = self._scale.x, self._scale
        for opens_at, closes_at in self._day.periods:
            yield Rect("open", x(opens_at), top, round(x(closes_at) - x(opens_at), 1), bottom - top)
        hours = (scale.last - scale.first) // timedelta(hours=1)
        step = next(step for step in (1, 2, 3, 4, 6, 12, 24) if hours / step <= self._form.hours)
        for hour in range(0, hours + 1, step):
            at = scale.first + timedelta(hours=hour)
            yield Stroke("hour", x(at), top, x(at), bottom)
            words = clock_on(self._day.date, at, self._zone)
            middle = min(x(at), self._form.width - 4 - width_of(words, self._form.size) / 2)
            yield Text("soft", middle, bottom + self._line, words, "middle")

    def _lanes(self, y: float) -> tuple[list[Shape], float]:
        """One a letter, in order of arrival: whoever came twice has one lane."""
        shapes: list[Shape] = []
        by_letter: dict[str, list[Bar]] = {}
        for bar in self._day.bars:
            by_letter.setdefault(bar.letter, []).append(bar)
        for letter, bars in by_letter.items():
            name = letter_word(letter, self._gettext)
            shapes.append(Text("letter", 12, y + BAR - 4, name))
            if self._form.has_roles:
                words = role_word(bars[0].role, self._gettext)
                shapes.append(Text("ink", 20 + width_of(name, self._form.size), y + BAR - 4, words))
            notes = LabelRows(gap=12)
            for bar in bars:
                shapes += self._bar(bar, y)
                shapes += self._notes(bar, y + BAR, notes)
            y += BAR + len(notes) * self._line + LANE_GAP
        return shapes, y

    def _bar(self, bar: Bar, y: float) -> Iterator[Shape]:
        look = "on" if bar.why_not is None else "not"
        end = self._ended_at(bar)
        at = max(bar.began_at, self._begin)
        for out_at, back_at in bar.outs:
            yield from self._stretch(look, at, out_at, y, bar.assumed_from)
            yield from self._stretch("out", out_at, min(back_at or end, end), y, None)
            at = min(back_at or end, end)
        yield from self._stretch(look, at, end, y, bar.assumed_from)
        signs = "".join(MARK_SIGNS[mark] for mark in bar.marks)
        if signs:
            room = width_of(signs, self._form.size)
            yield Text("sign", min(self._scale.x(end) + 4, self._form.width - room), y + BAR - 5, signs)

    def _stretch(
        self, look: str, since: datetime, until: datetime, y: float, assumed: datetime | None
    ) -> Iterator[Shape]:
        if assumed is not None and since < assumed < until:
            yield from self._stretch(look, since, assumed, y, None)
            since = assumed
        left, right = self._scale.x(since), self._scale.x(until)
        if until <= since:
            return
        is_assumed = assumed is not None and since >= assumed
        width = max(1.5, round(right - left, 1))
        yield Rect(
            f"{look} assumed" if is_assumed else look,
            left,
            y,
            width,
            BAR,
            "p-assumed" if is_assumed and look == "on" else "",
        )

    def _notes(self, bar: Bar, y: float, notes: LabelRows) -> Iterator[Shape]:
        phrases = bar_words(bar, self._day.date, self._zone, self._gettext)
        room = self._form.width - self._form.left - 8
        for words in wrapped(phrases, " · ", room, self._form.size):
            width = width_of(words, self._form.size)
            left = max(self._form.left, min(self._scale.x(bar.began_at), self._form.width - 8 - width))
            line = notes.place(left, left + width)
            yield Text("soft", round(left, 1), y + (line + 1) * self._line - 4, words)

    def _ribbon(self, y: float) -> tuple[list[Shape], float]:
        shapes: list[Shape] = []
        if self._form.has_roles:
            shapes.append(Text("ink", 12, y + RIBBON - 8, self._gettext("状态")))
        labels = LabelRows(gap=10)
        for band in self._day.bands:
            if band.duty_class is not DutyClass.CLOSED:
                shapes += self._band(band, y)
                shapes += self._gap(band, y + RIBBON, labels)
        return shapes, y + RIBBON + len(labels) * self._line + 12

    def _band(self, band: Band, y: float) -> Iterator[Shape]:
        left, right = self._scale.x(band.began_at), self._scale.x(min(band.ended_at, self._now))
        fill = "p-unknown" if band.duty_class is DutyClass.UNKNOWN else "p-partial" if band.partial else ""
        yield Rect(f"band {band.duty_class}", left, y, max(1.5, round(right - left, 1)), RIBBON, fill)
        word = self._gettext(CLASS_WORDS[band.duty_class])
        if not fill and width_of(word, self._form.size) + 8 < right - left:
            yield Text(f"in {band.duty_class}", round((left + right) / 2, 1), y + RIBBON - 8, word, "middle")

    def _gap(self, band: Band, y: float, labels: LabelRows) -> Iterator[Shape]:
        """The minutes of a gap, under it."""
        length = min(band.ended_at, self._now) - band.began_at
        if band.duty_class not in GAPS or length < SHORTEST_GAP:
            return
        words = exact_duration(length, self._gettext)
        width = width_of(words, self._form.size)
        middle = (self._scale.x(band.began_at) + self._scale.x(min(band.ended_at, self._now))) / 2
        left = max(2.0, min(middle - width / 2, self._form.width - 2 - width))
        now = self._scale.x(self._now)
        if left < now < left + width + 4 and self._now < self._end:  # the line that says "now" would go through it
            left = max(2.0, now - 4 - width)
        line = labels.place(left, left + width)
        yield Text("ink", round(left, 1), y + (line + 1) * self._line - 2, words)

    def _now_line(self, top: float, bottom: float) -> Iterator[Shape]:
        if self._day.as_of >= self._end or not self._scale.first <= self._now <= self._scale.last:
            return
        x = self._scale.x(self._now)
        words = f"{self._gettext('现在')} {clock_on(self._day.date, self._now, self._zone)}"
        half = width_of(words, self._form.size) / 2
        yield Stroke("now", x, top - 6, x, bottom)
        yield Text("ink", round(min(max(x, half + 2), self._form.width - half - 2), 1), top - 12, words, "middle")
