"""The board as HTML in one language: the whole page, all of the board, or one station's move.

What is pushed and what a page starts with are made by the same macros, so they are the same bytes.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from markupsafe import Markup

from hub.presence.board_view import CLASS_ORDER, TROUBLE_FIRST
from hub.register.kinds import KINDS
from hub.web.kit.frame import on_one_line
from hub.web.kit.ids import dom_id
from hub.web.kit.words import kind_word
from hub.web.live.screen import Counted, Figure, Move, Screen, Update, group_of
from station.duty import DutyClass

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hub.presence.board_view import BoardRow, BoardView
    from hub.web.kit.frame import Kit
    from hub.web.kit.language import Language

ALARMING = (DutyClass.VACANT, DutyClass.UNKNOWN)
"""A station that becomes one of these is also said aloud by a screen reader."""


class BoardPages:
    """Makes the board's page and its pieces."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        kit.add_filters(
            search_text=partial(_search_text, language=kit.language),
            neighbour_id=neighbour_id,
            districts=lambda rows: sorted({row.district for row in rows}),
            calm_of=_calm_of,
            district_names=lambda rows: [(name, name) for name in sorted({row.district for row in rows})],
            kind_names=lambda rows: [(code, kind_word(code, kit.language)) for code in _kinds_in(rows)],
            is_trouble=lambda row: row.duty_class in TROUBLE_FIRST,
            is_alarming=is_alarming,
        )
        kit.add_globals(make_figure=_figure, figure=figure_html)
        self._pieces = kit.macros("board/pieces.html")

    def page(self, view: BoardView, findings: int) -> str:
        """Return the whole page, on which so many findings wait."""
        screen = Screen(view.rows)
        return self._kit.page(
            "board/board.html", view.as_of, rate=view.rate, city=view.city, rows=screen.rows(), screen=screen,
            findings=self.findings(findings),
        )  # fmt: skip

    def board(self, screen: Screen, as_of: datetime) -> str:
        """Return all that a page needs to be up to date, whatever it shows now."""
        city = [Figure(Counted.CITY, "", duty_class) for duty_class in CLASS_ORDER]
        figures = "".join(figure_html(figure, screen.figure(figure), oob=True) for figure in city)
        return on_one_line(f"{self._pieces.board(screen, screen.rows(), as_of, oob=True)}{figures}")

    def row_change(self, move: Move, as_of: datetime) -> str:
        """Return what moves one station to where it belongs now."""
        return on_one_line(self._pieces.row_change(move, as_of))

    def figures(self, update: Update) -> str:
        """Return the numbers that changed."""
        return "".join(figure_html(figure, count, oob=True) for figure, count in update.figures)

    def findings(self, count: int, *, oob: bool = False) -> Markup:
        """Return how many findings wait, as it stands behind the link to them."""
        swap = ' hx-swap-oob="true"' if oob else ""
        return Markup(f'<span id="n-findings" class="n" data-n="{count}"{swap}>{count}</span>')  # noqa: S704 -- a number


@lru_cache(maxsize=4096)
def figure_id(figure: Figure) -> str:
    """Return the id under which a page shows one number."""
    return f"n-{figure.scope}-{dom_id(figure.name)}-{figure.duty_class}"


def figure_html(figure: Figure, count: int, *, oob: bool = False) -> Markup:
    """Return one number, in Python: a template takes six times as long, and there are several for each row."""
    swap = ' hx-swap-oob="true"' if oob else ""
    return Markup(f'<span id="{figure_id(figure)}" class="n" data-n="{count}"{swap}>{count}</span>')  # noqa: S704 -- ids have nothing to escape


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


def _figure(scope: str, name: str, duty_class: DutyClass) -> Figure:
    return Figure(Counted(scope), name, duty_class)


def _kinds_in(rows: Iterable[BoardRow]) -> list[str]:
    """Return the kinds there are, in the notice's own order, strangers last."""
    there = {row.kind for row in rows}
    return [code for code in KINDS if code in there] + sorted(there - KINDS.keys())


def _calm_of(rows: Iterable[BoardRow], district: str) -> list[BoardRow]:
    return [row for row in rows if row.district == district and row.duty_class not in TROUBLE_FIRST]


def _search_text(row: BoardRow, language: Language) -> str:
    return " ".join((row.name, row.code, row.district, kind_word(row.kind, language))).lower()
