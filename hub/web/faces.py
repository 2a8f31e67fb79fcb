"""The ways in which the live board is said: as JSON, as pieces of a page, as a nudge to one station's page.

Each turns a screen and its changes into the bytes of an event stream (HTML Standard, 9.2), once for all viewers.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hub.web.public import BoardAnswer, StationAnswer
from hub.web.render import findings_html

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hub.presence.board_view import BoardView
    from hub.web.render import Renderer
    from hub.web.screen import Screen, Update


def event(name: str, text: str) -> bytes:
    """Return one event; its text must be on one line."""
    assert "\n" not in text
    return f"event: {name}\ndata: {text}\n\n".encode()


def beat(view: BoardView) -> bytes:
    """Return the station's time."""
    return event("beat", json.dumps({"as_of": view.as_of.isoformat(), "rate": view.rate}))


class JsonFace:
    """For other programs: `snapshot` is the board's whole answer, `row` one station of it."""

    def snapshot(self, screen: Screen, view: BoardView) -> bytes:
        """Return the board as the API answers it."""
        return event("snapshot", BoardAnswer.of(view, screen.rows()).model_dump_json(by_alias=True))

    def update(self, screen: Screen, update: Update, as_of: datetime) -> bytes:  # noqa: ARG002  a face's signature
        """Return one event a row."""
        return b"".join(
            event("row", StationAnswer.of(move.row).model_dump_json(by_alias=True)) for move in update.moves
        )

    def beat(self, view: BoardView) -> bytes:
        """Return the station's time."""
        return beat(view)


class HtmlFace:
    """For the board's page in one language: htmx puts each piece where it belongs.

    Args:
        renderer: makes the pieces.
        count_findings: how many wait to be looked into; told with each beat, since no row changes with them.
    """

    def __init__(self, renderer: Renderer, count_findings: Callable[[], int]) -> None:
        self._renderer = renderer
        self._count_findings = count_findings

    def snapshot(self, screen: Screen, view: BoardView) -> bytes:
        """Return the whole board and its figures."""
        return event("snapshot", self._renderer.board(screen, view.as_of))

    def update(self, screen: Screen, update: Update, as_of: datetime) -> bytes:  # noqa: ARG002  a face's signature
        """Return one event a row, its move included, then the numbers that changed."""
        rows = [event("row", self._renderer.row_change(move, as_of)) for move in update.moves]
        figures = [event("figures", self._renderer.figures(update))] if update.figures else []
        return b"".join(rows + figures)

    def beat(self, view: BoardView) -> bytes:
        """Return the station's time, and how many findings there are."""
        return beat(view) + event("figures", findings_html(self._count_findings(), oob=True))


class FindingsFace:
    """For the page of findings: the time, and a nudge to a page that comes (again); it asks by itself now and then."""

    def snapshot(self, screen: Screen, view: BoardView) -> bytes:  # noqa: ARG002  a face's signature
        """Make the page fetch what it missed."""
        return event("changed", "findings")

    def update(self, screen: Screen, update: Update, as_of: datetime) -> bytes:  # noqa: ARG002  a face's signature
        """Say nothing: a board's row is no finding."""
        return b""

    def beat(self, view: BoardView) -> bytes:
        """Return the station's time."""
        return beat(view)


class StationFace:
    """For one station's page: only that something changed there; the page then fetches its picture."""

    def __init__(self, code: str) -> None:
        self._code = code

    def snapshot(self, screen: Screen, view: BoardView) -> bytes:  # noqa: ARG002  a face's signature
        """Make a page that comes (again) fetch what it missed."""
        return event("changed", self._code)

    def update(self, screen: Screen, update: Update, as_of: datetime) -> bytes:  # noqa: ARG002  a face's signature
        """Nudge, where this station is among the changed ones."""
        return event("changed", self._code) if any(move.row.code == self._code for move in update.moves) else b""

    def beat(self, view: BoardView) -> bytes:
        """Return the station's time."""
        return beat(view)
