"""Which pictures a page of coverage has, and what of its figures is in them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from hub.coverage.sums import DaySums, sums_of_day
from hub.register.kinds import KINDS
from hub.web.coverage.asked import AskedCoverage, CoverageSpan
from hub.web.coverage.drawing import PictureField, heat_of, ranking_of, strip_of
from hub.web.coverage.shown import CoverageShown, GroupShown, StationShown
from hub.web.coverage.words import percent
from hub.web.kit.frame import Kit
from hub.web.kit.picture import Picture
from hub.web.kit.row_words import short_of
from hub.web.kit.words import MONTHS, kind_word

MOST_HEAT = 40


class YearRow(NamedTuple):
    """A district's or a station's months."""

    code: str
    label: str
    months: list[tuple[date, DaySums | None]]


def drawn_many(shown: CoverageShown, asked: AskedCoverage, kit: Kit, city: str) -> dict[str, Any]:
    """Return those of many stations, by the names that the template knows."""
    ranked = [PictureField(_label(one, city), one.sums) for one in shown.stations if one.sums.share is not None]
    year = _year_rows(shown, asked, city) if asked.span is CoverageSpan.YEAR else []
    strip: tuple[Picture, ...] = ()
    heat: tuple[Picture, ...] = ()
    if asked.span is CoverageSpan.YEAR:
        heat = heat_of([(one.label, _fields(one, kit)) for one in year])
    elif shown.days:
        strip = strip_of(_each_day(asked, shown.days))
    return {
        "strip": strip, "heat": heat, "year": year,
        "ranking": ranking_of(ranked, [percent(one.sums.share if one.sums else None) for one in ranked]),
        "kind_words": {one: kind_word(one, kit.language) for one in KINDS},
    }  # fmt: skip


def _label(one: GroupShown, city: str) -> str:
    return short_of(one.name, one.short, city, one.place)


def _fields(one: YearRow, kit: Kit) -> list[PictureField]:
    return [PictureField(kit.gettext(MONTHS[month.month - 1]), sums) for month, sums in one.months]


def _year_rows(shown: CoverageShown, asked: AskedCoverage, city: str) -> list[YearRow]:
    groups = shown.stations if asked.district else shown.districts
    months = [date(asked.day.year, month, 1) for month in range(1, 13)]
    return [
        YearRow(one.code, _label(one, city), [(month, shown.months.get((one.code, month))) for month in months])
        for one in groups[:MOST_HEAT]
    ]


def _each_day(asked: AskedCoverage, sums: Mapping[date, DaySums]) -> list[PictureField]:
    first, last = asked.stretch
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [PictureField(str(day.day), sums.get(day)) for day in days]


def drawn_one(shown: StationShown, asked: AskedCoverage, kit: Kit) -> tuple[Picture, ...]:
    """Return those of one: a strip of its days, of a year a field for each."""
    days = {one.figures["day"]: sums_of_day(one.figures) for one in shown.days}
    if asked.span is not CoverageSpan.YEAR:
        return strip_of(_each_day(asked, days)) if asked.span is not CoverageSpan.DAY else ()
    rows = []
    for month in range(1, 13):
        of_it = {day.day: sums for day, sums in days.items() if day.month == month}
        rows.append((kit.gettext(MONTHS[month - 1]), [PictureField(str(n), of_it.get(n)) for n in range(1, 32)]))
    return heat_of(rows) if days else ()
