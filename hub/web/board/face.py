"""The board's page on the stream: htmx puts each piece where it belongs."""

from collections.abc import Callable
from datetime import datetime

from hub.presence.board_view import BoardView
from hub.web.board.pages import BoardPages
from hub.web.live.face import beat, event
from hub.web.live.screen import Screen, Update


class BoardFace:
    """Says the board in one language.

    Args:
        pages: makes the pieces.
        waits: how many things wait for somebody; told with each beat, since no row changes with them. None is not told.
    """

    def __init__(self, pages: BoardPages, waits: Callable[[], int | None]) -> None:
        self._pages = pages
        self._waits = waits

    def snapshot(self, screen: Screen, view: BoardView) -> bytes:
        """Return the whole board and its figures."""
        return event("snapshot", self._pages.board(screen, view))

    def update(self, screen: Screen, update: Update, as_of: datetime) -> bytes:  # noqa: ARG002  a face's signature
        """Return one event for each thing that changes: list first, then a row for each station, then the numbers."""
        listed = [event("list", change) for change in self._pages.list_changes(update, as_of)]
        rows = [event("row", self._pages.cell(cell, as_of)) for cell in update.cells]
        figures = [event("figures", self._pages.figures(update))] if update.figures else []
        return b"".join(listed + rows + figures)

    def beat(self, view: BoardView) -> bytes:
        """Return the station's time, and how many things wait."""
        count = self._waits()
        return beat(view) + (b"" if count is None else event("figures", self._pages.waits(count)))
