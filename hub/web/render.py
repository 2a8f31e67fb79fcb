"""Figures into HTML, in one language and one station zone, with every text escaped.

The templates say how a thing is laid out, `words` what it is called; here the two are joined, and one
row can be made by itself, so that what is pushed and what a page starts with are the same bytes.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hub.presence.board_view import CLASS_ORDER, TROUBLE_FIRST, screen_order
from hub.register.kinds import KINDS
from hub.web.found import Found, open_and_ended
from hub.web.language import Language, translations
from hub.web.picture import picture_of
from hub.web.screen import Figure, Move, Scope, Screen, group_of
from hub.web.words import (
    CLASS_WORDS,
    MARK_WORDS,
    asides,
    day_word,
    duration,
    kind_word,
    letter_word,
    next_change,
    role_word,
    short_name,
    todo,
)
from station.duty import DutyClass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime, tzinfo

    from hub.findings import Finding
    from hub.presence.board_view import Bar, BoardRow, BoardView, StationDay
    from hub.web.screen import Update

ALARMING = (DutyClass.VACANT, DutyClass.UNKNOWN)
"""A station that becomes one of these is also said aloud by a screen reader."""


class Renderer:
    """Makes the pages of one language."""

    def __init__(self, language: Language, zone: tzinfo, static: Callable[[str], str]) -> None:
        """Load the templates.

        Args:
            language: what the pages speak.
            zone: where the stations are.
            static: turns a static file's name into its address.
        """
        self.language = language
        self._zone = zone
        self._words = translations(language)
        self._environment = _environment(language, zone, static)
        self._pieces: Any = self._environment.get_template("pieces.html").module

    def board_page(self, view: BoardView, findings: int) -> str:
        """Return the whole page of the board, on which so many findings wait."""
        rows = screen_order(view.rows)
        return self._page(
            "board.html", view.as_of, view.rate, city=view.city, rows=rows, screen=Screen(rows), is_board=True,
            findings=findings_html(findings),
        )  # fmt: skip

    def board(self, screen: Screen, as_of: datetime) -> str:
        """Return all that a page needs to be up to date, whatever it shows now."""
        city = [Figure(Scope.CITY, "", duty_class) for duty_class in CLASS_ORDER]
        figures = "".join(figure_html(figure, screen.figure(figure), oob=True) for figure in city)
        return _on_one_line(f"{self._pieces.board(screen, screen.rows(), as_of, oob=True)}{figures}")

    def row_change(self, move: Move, as_of: datetime) -> str:
        """Return what moves one station to where it belongs now."""
        return _on_one_line(self._pieces.row_change(move, as_of))

    def figures(self, update: Update) -> str:
        """Return the numbers that changed."""
        return "".join(figure_html(figure, count, oob=True) for figure, count in update.figures)

    def station_page(self, day: StationDay, rate: float, city: str) -> str:
        """Return the page of one station's day."""
        return self._page("station.html", day.as_of, rate, city=city, is_board=False, **self._day(day))

    def station_day(self, day: StationDay) -> str:
        """Return the part of a station's page that changes."""
        return self._environment.get_template("station_day.html").render(as_of=day.as_of, **self._day(day))

    def findings_page(self, found: Iterable[Finding], view: BoardView) -> str:
        """Return the whole page of what an operator should look into."""
        return self._page("findings.html", view.as_of, view.rate, city=view.city, is_board=False, **_found(found, view))

    def findings_list(self, found: Iterable[Finding], view: BoardView) -> str:
        """Return the part of that page that changes."""
        return self._environment.get_template("findings_list.html").render(**_found(found, view))

    def missing_page(self, as_of: datetime, city: str) -> str:
        """Return the page that says that there is no such station."""
        return self._page("missing.html", as_of, 1.0, city=city, is_board=False)

    def _day(self, day: StationDay) -> dict[str, Any]:
        return {"day": day, "row": day.row, "picture": json.dumps(self._picture(day), ensure_ascii=False)}

    def _picture(self, day: StationDay) -> dict[str, Any]:
        return picture_of(day, self._zone, self._words.gettext)

    def _page(self, template: str, as_of: datetime, rate: float, **parts: Any) -> str:
        other = Language.EN if self.language is Language.ZH else Language.ZH
        return self._environment.get_template(template).render(
            as_of=as_of, rate=f"{rate:g}" if rate != 1 else 1, language=self.language, other=other, **parts
        )


@lru_cache(maxsize=4096)
def dom_id(text: str) -> str:
    """Return a text as part of an id that needs no escaping in a selector; different texts stay different."""
    return re.sub(r"[^A-Za-z0-9-]", lambda found: f"_{ord(found[0]):x}_", text)


@lru_cache(maxsize=4096)
def figure_id(figure: Figure) -> str:
    """Return the id under which a page shows one number."""
    return f"n-{figure.scope}-{dom_id(figure.name)}-{figure.duty_class}"


def figure_html(figure: Figure, count: int, *, oob: bool = False) -> Markup:
    """Return one number, in Python: a template takes six times as long, and there are several for each row."""
    swap = ' hx-swap-oob="true"' if oob else ""
    return Markup(f'<span id="{figure_id(figure)}" class="n" data-n="{count}"{swap}>{count}</span>')  # noqa: S704 -- ids have nothing to escape


def findings_html(count: int, *, oob: bool = False) -> Markup:
    """Return how many findings wait, as it stands behind the link to them."""
    swap = ' hx-swap-oob="true"' if oob else ""
    return Markup(f'<span id="n-findings" class="n" data-n="{count}"{swap}>{count}</span>')  # noqa: S704 -- a number


def neighbour_id(move: Move) -> str:
    """Return the id of what a moved row is put in front of: a station, or the end of its list."""
    if move.next_code is not None:
        return f"s-{dom_id(move.next_code)}"
    district = group_of(move.row)
    return f"e-d-{dom_id(district)}" if district else "e-trouble"


def is_alarming(move: Move) -> bool:
    """Say whether a station has just become one that somebody must look at."""
    became = move.before is None or move.before.duty_class is not move.row.duty_class
    return became and move.row.duty_class in ALARMING


def _found(found: Iterable[Finding], view: BoardView) -> dict[str, list[Found]]:
    still_open, ended = open_and_ended(found, {row.code: row.name for row in view.rows})
    return {"open": still_open, "ended": ended}


def _on_one_line(html: str) -> str:
    return " ".join(str.split(html))  # not the template's own kind of text, which would mark each word as safe


def _environment(language: Language, zone: tzinfo, static: Callable[[str], str]) -> Environment:
    words = translations(language)
    gettext = words.gettext
    environment = Environment(
        loader=PackageLoader("hub.web"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
    )
    environment.install_gettext_translations(words, newstyle=False)  # type: ignore[attr-defined]  # the extension's own
    environment.globals.update(
        classes=CLASS_ORDER,
        static=static,
        zone=str(zone),
        tick_words=_tick_words(gettext),
        make_figure=_figure,
        figure=figure_html,
        language_tag=language.tag,
    )
    environment.filters.update(
        iso=lambda at: at.astimezone(zone).isoformat(timespec="seconds"),
        hm=lambda at: f"{at.astimezone(zone):%H:%M}",
        hms=lambda at: f"{at.astimezone(zone):%H:%M:%S}",
        stamp=lambda at: f"{day_word(at.astimezone(zone).date(), gettext)} {at.astimezone(zone):%H:%M}",
        day=lambda at: day_word(at.astimezone(zone).date(), gettext),
        word=lambda duty_class: gettext(CLASS_WORDS[duty_class]),
        kind=partial(kind_word, language=language),
        date=partial(day_word, gettext=gettext),
        role=partial(role_word, gettext=gettext),
        said=gettext,
        letter=partial(letter_word, gettext=gettext),
        marks=partial(_marks, gettext=gettext),
        duration=partial(duration, gettext=gettext),
        next_change=lambda row, as_of: next_change(row, as_of, zone, gettext),
        todo=partial(todo, gettext=gettext),
        asides=partial(asides, gettext=gettext),
        short=short_name,
        search_text=partial(_search_text, language=language),
        dom_id=dom_id,
        neighbour_id=neighbour_id,
        districts=lambda rows: sorted({row.district for row in rows}),
        calm_of=_calm_of,
        district_names=lambda rows: [(name, name) for name in sorted({row.district for row in rows})],
        kind_names=lambda rows: [(code, kind_word(code, language)) for code in _kinds_in(rows)],
    )
    environment.tests.update(trouble=lambda row: row.duty_class in TROUBLE_FIRST, alarming=is_alarming)
    return environment


def _figure(scope: str, name: str, duty_class: DutyClass) -> Figure:
    return Figure(Scope(scope), name, duty_class)


def _marks(bar: Bar, gettext: Callable[[str], str]) -> str:
    return " · ".join(gettext(MARK_WORDS[mark]) for mark in bar.marks)


def _kinds_in(rows: Iterable[BoardRow]) -> list[str]:
    """Return the kinds there are, in the notice's own order, strangers last."""
    there = {row.kind for row in rows}
    return [code for code in KINDS if code in there] + sorted(there - KINDS.keys())


def _calm_of(rows: Iterable[BoardRow], district: str) -> list[BoardRow]:
    return [row for row in rows if row.district == district and row.duty_class not in TROUBLE_FIRST]


def _search_text(row: BoardRow, language: Language) -> str:
    return " ".join((row.name, row.code, row.district, kind_word(row.kind, language))).lower()


def _tick_words(gettext: Callable[[str], str]) -> str:
    """Return the patterns by which a page goes on counting a duration, as `words.duration` starts it."""
    patterns = {
        "days": gettext("{d} 天 {h} 小时"),
        "hours": gettext("{h} 小时 {m} 分"),
        "minutes": gettext("{m} 分钟"),
    }
    return json.dumps(patterns, ensure_ascii=False)
