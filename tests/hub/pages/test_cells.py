"""A station's cell is made once for all who are told of it at once, whatever else they look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.web.board.pages import BoardPages
from hub.web.kit.frame import Kit
from hub.web.kit.language import Language
from hub.web.live.screen import Cell
from tests.hub.pages.board_source import MET, MORNING, VACANT, ZONE, make_row

BEFORE = make_row("S-1", "Old Town", "North", "hospital", MET, on_duty=2)
ROW = replace(BEFORE, duty_class=VACANT, on_duty=0)
CELL = Cell(ROW, BEFORE, is_listed=True)


class Counting:
    """Makes pieces as the templates do, and counts the cells."""

    def __init__(self, pages: BoardPages) -> None:
        self.cells = 0
        self._pieces = pages._pieces
        pages._pieces = self

    def __getattr__(self, name: str):
        return getattr(self._pieces, name)

    def cell(self, *args: object, **more: object) -> str:
        self.cells += 1
        return self._pieces.cell(*args, **more)


def the_pages() -> BoardPages:
    return BoardPages(Kit(Language.ZH, ZONE, lambda name: name, lambda _who: None))


def test_a_cell_of_many_scopes_is_made_once() -> None:
    pages = the_pages()
    counting = Counting(pages)

    made = {pages.cell(CELL, MORNING) for _ in range(40)}

    assert (counting.cells, len(made)) == (1, 1)


@pytest.mark.parametrize(
    ("cell", "as_of"),
    [
        (Cell(ROW, BEFORE, is_listed=False), MORNING),
        (Cell(ROW, ROW, is_listed=True), MORNING),
        (Cell(replace(ROW, on_duty=1), BEFORE, is_listed=True), MORNING),
        (CELL, MORNING + timedelta(hours=30)),
    ],
)
def test_what_is_otherwise_of_a_cell_is_said(cell: Cell, as_of) -> None:
    pages = the_pages()
    pages.cell(CELL, MORNING)

    assert pages.cell(cell, as_of) == the_pages().cell(cell, as_of)
