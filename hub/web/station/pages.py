"""A station's day as HTML in one language: today, which goes on, or a past day, which does not."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from hub.accounts.asker import Who
from hub.presence.board_view import Bar, BoardRow, BoardView, StationDay, WhyNot
from hub.rights import Right
from hub.web.gate.sight import thing_of
from hub.web.kit.frame import Kit
from hub.web.kit.words import CLASS_WORDS, _
from hub.web.station.asked_day import DayFault
from hub.web.station.drawing import drawings
from hub.web.station.table import stints_csv
from hub.web.station.words import (
    MARK_SIGNS,
    MARK_WORDS,
    exact_duration,
    letter_word,
    moment_words,
    remarks,
    role_word,
)
from station.duty import DutyClass

FAULT_WORDS = {
    DayFault.NO_DATE: _("请按 2026-03-04 的写法填写日期。"),
    DayFault.TO_COME: _("这一天还没有到。"),
}
REFRESH_S = 30  # open bars grow; all else comes with a nudge
MOST_BARS = 100  # drawn and listed; the sheet has all


class StationPages:
    """Makes the page of a station's day, and the part of it that changes."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        gettext = kit.gettext
        kit.add_filters(
            role=partial(role_word, gettext=gettext),
            letter=partial(letter_word, gettext=gettext),
            remarks=lambda bar, day: remarks(bar, day, kit.zone, gettext),
            exactly=partial(exact_duration, gettext=gettext),
            moment_on=lambda at, day: moment_words(at, day, kit.zone, gettext),
        )
        kit.add_globals(mark_legend=[(MARK_SIGNS[mark], words) for mark, words in MARK_WORDS.items()])

    def page(self, day: StationDay, view: BoardView, who: Who, group: int | None = None) -> str:
        """Return the whole page, for somebody; `group` is the alarm of those with whom the station fell silent."""
        today = self.today(view)
        return self._kit.page(
            "station/station.html", day.as_of, rate=view.rate, is_live=day.date == today, city=view.city, who=who,
            may_change=who.may(Right.PLACES, thing_of(day.row)), may_call=who.may(Right.HANDLE, thing_of(day.row)),
            may_amend=who.may(Right.AMEND, thing_of(day.row)), may_close=who.may(Right.CLOSE, thing_of(day.row)),
            may_names=who.may(Right.NAMES, thing_of(day.row)), has_tabs=bool(who.account), group=group,
            refresh_s=REFRESH_S if view.rate == 1 else 2, **self._beside(day, today), **self._parts(day, today),
        )  # fmt: skip

    def day(self, day: StationDay) -> str:
        """Return the part that changes."""
        return self._kit.piece("station/day.html", as_of=day.as_of, **self._parts(day, day.date))

    def missing(self, view: BoardView, who: Who) -> str:
        """Return the page that says that there is no such station."""
        return self._kit.page("station/missing.html", view.as_of, who=who, is_live=False)

    def no_day(self, row: BoardRow, asked: str, fault: DayFault, *, view: BoardView, who: Who) -> str:
        """Return the page that says what is wrong with the day that was asked for."""
        return self._kit.page(
            "station/no_day.html", view.as_of, who=who, is_live=False, row=row, city=view.city, today=self.today(view),
            asked=asked if fault is DayFault.TO_COME else "", wrong=self._kit.gettext(FAULT_WORDS[fault]),
        )  # fmt: skip

    def table(self, day: StationDay) -> str:
        """Return the stints for a spreadsheet."""
        return stints_csv(day, self._kit.zone, self._kit.gettext)

    def today(self, view: BoardView) -> date:
        """Return the stations' day."""
        return view.as_of.astimezone(self._kit.zone).date()

    def _beside(self, day: StationDay, today: date) -> dict[str, Any]:
        """The days before and after, as far as there are any."""
        has_before = day.date > (day.first_day or date.min)
        return {
            "today": today,
            "before": day.date - timedelta(days=1) if has_before else None,
            "after": day.date + timedelta(days=1) if day.date < today else None,
        }

    def _parts(self, day: StationDay, today: date) -> dict[str, Any]:
        shown = replace(day, bars=_foremost(day.bars))
        drawn = drawings(shown, self._kit.zone, self._kit.gettext) if day.is_recorded else ()
        return {
            "day": shown, "row": day.row, "is_today": day.date == today, "drawn": drawn, "sums": self._sums(day),
            "of_stints": len(day.bars),
        }  # fmt: skip

    def _sums(self, day: StationDay) -> list[tuple[DutyClass, str]]:
        """How long each class held, and nothing of those that never did."""
        lengths = dict.fromkeys(CLASS_WORDS, timedelta())
        for band in day.bands:
            lengths[band.duty_class] += band.ended_at - band.began_at
        return [
            (duty_class, exact_duration(length, self._kit.gettext))
            for duty_class, length in lengths.items()
            if length and duty_class is not DutyClass.CLOSED
        ]


def _foremost(bars: tuple[Bar, ...]) -> tuple[Bar, ...]:
    """As many as a person reads, in the order of the day: volunteers first, then nobody's cards; the latest of each."""
    if len(bars) <= MOST_BARS:
        return bars
    by_worth = sorted(range(len(bars)), key=lambda at: (bars[at].why_not is WhyNot.UNREGISTERED, -at))
    return tuple(bars[at] for at in sorted(by_worth[:MOST_BARS]))
