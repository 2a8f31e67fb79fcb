"""The board as HTML in one language: the whole page, all of the board, or what one update changes.

What is pushed and what a page starts with are made by the same macros, so they are the same bytes. A station's cell is
made once for a row: a thousand of them are joined, not made anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache, partial

from markupsafe import Markup

from hub.accounts.asker import Who
from hub.presence.board_totals import districts_of
from hub.presence.board_view import CLASS_ORDER, BoardRow, BoardView
from hub.register.kinds import KINDS
from hub.web.board.words import title_of, unknown_words
from hub.web.gate.scope import Scope
from hub.web.kit.frame import Kit, on_one_line, waits_html
from hub.web.kit.ids import dom_id
from hub.web.kit.language import Language
from hub.web.kit.row_words import short_name
from hub.web.kit.words import kind_word
from hub.web.live.screen import Cell, Counted, Figure, PlacedRow, Screen, Update
from station.duty import DutyClass

ALARMING = (DutyClass.VACANT, DutyClass.UNKNOWN)
"""A station that becomes one of these is also said aloud by a screen reader."""


class BoardPages:
    """Makes the board's page and its pieces."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._city = ""
        self._cells: dict[str, tuple[BoardRow, bool, date, Markup]] = {}
        self._told: dict[str, tuple[Cell, datetime, str]] = {}
        kit.add_filters(
            search_text=partial(_search_text, language=kit.language),
            short=lambda row: short_name(row, self._city),
            unknown_words=partial(unknown_words, gettext=kit.gettext),
        )
        kit.add_globals(
            figure=figure_html,
            make_figure=lambda counted, name, duty_class: Figure(Counted(counted), name, duty_class),
            cells=self._cells_of,
            district_names=lambda groups: [(name, name) for name, _ in groups],
        )
        self._pieces = kit.macros("board/pieces.html")

    def page(
        self, screen: Screen, scope: Scope, view: BoardView, *, who: Who, wall: str = "", odd: Sequence[str] = ()
    ) -> str:
        """Return the whole page.

        With `wall`, the key of a screen's link, it has no controls; `odd` is what of the address was not taken.
        """
        self._know(view)
        return self._kit.page(
            "board/board.html", view.as_of, rate=view.rate, city=view.city, scope=scope, screen=screen,
            all_districts=districts_of(view.rows), all_kinds=self._kinds(view.rows), groups=self._groups(screen),
            kinds=self._kinds(screen.rows()), who=who, here="/", wall=wall,
            title=self.title(screen, view.city), is_empty=not view.rows, passed_over=odd,
        )  # fmt: skip

    def title(self, screen: Screen, city: str) -> str:
        """Return what the browser's tab says."""
        return title_of(screen.figure(Figure(Counted.ALL, "", DutyClass.VACANT)), city, self._kit.gettext)

    def board(self, screen: Screen, view: BoardView) -> str:
        """Return all that a page needs to be up to date, whatever it shows now."""
        self._know(view)
        every = [Figure(Counted.ALL, "", duty_class) for duty_class in CLASS_ORDER]
        figures = "".join(figure_html(figure, screen.figure(figure), oob=True) for figure in every)
        board = self._pieces.board(
            screen, self._groups(screen), self._kinds(screen.rows()), view.as_of, not view.rows, oob=True
        )
        return on_one_line(f"{board}{figures}")

    def list_changes(self, update: Update, as_of: datetime) -> Iterator[str]:
        """Return each thing that an update changes above the cells, in the order in which it is to be done."""
        for code in update.gone:
            yield f'<li id="r-{dom_id(code)}" hx-swap-oob="delete"></li>'
        for placed in update.placed:
            yield on_one_line(self._pieces.placed(placed, neighbour_id(placed), as_of))
        if update.notice is not None:
            yield on_one_line(self._pieces.notices(update.notice, as_of, oob=True))
            yield on_one_line(self._pieces.notes(update.notice, as_of, oob=True))

    def cell(self, cell: Cell, as_of: datetime) -> str:
        """Return a station's cell, and what is said aloud of it: the same for every scope that the station is in."""
        kept = self._told.get(cell.row.code)
        if kept is not None and kept[:2] == (cell, as_of):
            return kept[2]
        made = self._make_cell(cell, as_of)
        self._told[cell.row.code] = cell, as_of, made
        return made

    def _make_cell(self, cell: Cell, as_of: datetime) -> str:
        said = self._pieces.said(cell.row) if is_alarming(cell) else ""
        return on_one_line(f"{self._pieces.cell(cell.row, as_of, cell.is_listed, is_fresh(cell), oob=True)}{said}")

    def figures(self, update: Update) -> str:
        """Return the numbers that changed."""
        return "".join(figure_html(figure, count, oob=True) for figure, count in update.figures)

    def waits(self, count: int) -> Markup:
        """Return how many things wait for somebody."""
        return waits_html(count, oob=True)

    def _know(self, view: BoardView) -> None:
        """Keep the city's name, which short names go without."""
        if view.city != self._city:
            self._city = view.city
            self._cells.clear()
            self._told.clear()

    def _groups(self, screen: Screen) -> list[tuple[str, list[tuple[BoardRow, bool]]]]:
        """Each district's stations, and whether the list has them too."""
        rows, listed = screen.rows(), {row.code for row in screen.listed()}
        found: dict[str, list[tuple[BoardRow, bool]]] = {name: [] for name in districts_of(rows)}
        for row in rows:
            found[row.district].append((row, row.code in listed))
        return list(found.items())

    def _cells_of(self, rows: Iterable[tuple[BoardRow, bool]], as_of: datetime) -> Markup:
        today = as_of.astimezone(self._kit.zone).date()  # a cell names the day of an opening
        return Markup("").join(self._cell(row, today, as_of, is_listed=is_listed) for row, is_listed in rows)

    def _cell(self, row: BoardRow, today: date, as_of: datetime, *, is_listed: bool) -> Markup:
        kept = self._cells.get(row.code)
        if kept is not None and kept[:3] == (row, is_listed, today):
            return kept[3]
        made: Markup = self._pieces.cell(row, as_of, is_listed)
        self._cells[row.code] = (row, is_listed, today, made)
        return made

    def _kinds(self, rows: Iterable[BoardRow]) -> list[tuple[str, str]]:
        """Return the kinds there are, in the notice's own order, strangers last."""
        there = {row.kind for row in rows}
        codes = [code for code in KINDS if code in there] + sorted(there - KINDS.keys())
        return [(code, kind_word(code, self._kit.language)) for code in codes]


@lru_cache(maxsize=4096)
def figure_id(figure: Figure) -> str:
    """Return the id under which a page shows one number."""
    return f"n-{figure.counted}-{dom_id(figure.name)}-{figure.duty_class}"


def figure_html(figure: Figure, count: int, *, oob: bool = False) -> Markup:
    """Return one number, in Python: a template takes six times as long, and there are several for each row."""
    swap = ' hx-swap-oob="true"' if oob else ""
    return Markup(f'<span id="{figure_id(figure)}" class="n" data-n="{count}"{swap}>{count}</span>')  # noqa: S704 -- ids have nothing to escape


def neighbour_id(placed: PlacedRow) -> str:
    """Return the id of what a line is put in front of: another one, or the end of the list."""
    return f"r-{dom_id(placed.next_code)}" if placed.next_code is not None else "e-list"


def is_alarming(cell: Cell) -> bool:
    """Say whether a station has just become one that somebody must look at."""
    became = cell.before is None or cell.before.duty_class is not cell.row.duty_class
    return became and cell.row.duty_class in ALARMING


def is_fresh(cell: Cell) -> bool:
    """Say whether a cell shows something new."""
    return cell.before != cell.row


def _search_text(row: BoardRow, language: Language) -> str:
    return " ".join((row.name, row.short_name, row.code, row.district, kind_word(row.kind, language))).lower()
