"""Which pictures a page of coverage has, and what of its figures is in them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hub.coverage.sums import sums_of_day
from hub.register.kinds import KINDS
from hub.web.coverage.asked import CoverageSpan
from hub.web.coverage.drawing import PictureField, heat_of, ranking_of, strip_of
from hub.web.coverage.words import percent
from hub.web.kit.words import kind_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.coverage.sums import DaySums
    from hub.web.coverage.asked import AskedCoverage
    from hub.web.coverage.shown import CoverageShown, StationShown
    from hub.web.kit.frame import Kit
    from hub.web.kit.picture import Picture

MOST_HEAT = 40


def drawn_many(shown: CoverageShown, asked: AskedCoverage, kit: Kit) -> dict[str, Any]:
    """Return those of many stations, by the names that the template knows."""
    ranked = [PictureField(one.name, one.sums) for one in shown.stations if one.sums.share is not None]
    strip: tuple[Picture, ...] = ()
    heat: tuple[Picture, ...] = ()
    if asked.span is CoverageSpan.YEAR:
        heat = heat_of(_year_rows(shown, asked))
    elif shown.days:
        strip = strip_of(_each_day(asked, shown.days))
    return {
        "strip": strip, "heat": heat,
        "ranking": ranking_of(ranked, [percent(one.sums.share if one.sums else None) for one in ranked]),
        "kind_words": {one: kind_word(one, kit.language) for one in KINDS},
    }  # fmt: skip


def _year_rows(shown: CoverageShown, asked: AskedCoverage) -> list[tuple[str, list[PictureField]]]:
    groups = shown.stations if asked.district else shown.districts
    months = [date(asked.day.year, month, 1) for month in range(1, 13)]
    return [
        (one.name, [PictureField(str(month.month), shown.months.get((one.code, month))) for month in months])
        for one in groups[:MOST_HEAT]
    ]


def _each_day(asked: AskedCoverage, sums: Mapping[date, DaySums]) -> list[PictureField]:
    first, last = asked.stretch
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [PictureField(str(day.day), sums.get(day)) for day in days]


def drawn_one(shown: StationShown, asked: AskedCoverage) -> tuple[Picture, ...]:
    """Return those of one: a strip of its days, of a year a field for each."""
    days = {one.figures["day"]: sums_of_day(one.figures) for one in shown.days}
    if asked.span is not CoverageSpan.YEAR:
        return strip_of(_each_day(asked, days)) if asked.span is not CoverageSpan.DAY else ()
    rows = []
    for month in range(1, 13):
        of_it = {day.day: sums for day, sums in days.items() if day.month == month}
        rows.append((str(month), [PictureField(str(n), of_it.get(n)) for n in range(1, 32)]))
    return heat_of(rows) if days else ()
