"""One way to say the live board, as bytes of an event stream (HTML Standard, 9.2), once for all viewers."""

import json
from datetime import datetime
from typing import Protocol

from hub.presence.board_view import BoardView
from hub.web.live.screen import Screen, Update


class Face(Protocol):
    """Says what the viewers of one scope see: as JSON, as pieces of a page, as a nudge."""

    def snapshot(self, screen: Screen, view: BoardView) -> bytes:
        """Everything, for a viewer who has nothing."""

    def update(self, screen: Screen, update: Update, as_of: datetime) -> bytes:
        """What changed; empty where this face has nothing to say."""

    def beat(self, view: BoardView) -> bytes:
        """The station's time, so that a page knows that it is live."""


class Nudge:
    """For a page that fetches its changing part by itself: it is told that something changed, and the time.

    Args:
        what: changed, in the event's text.
        with_rows: whether a changed row of the scope is a change of the page.
    """

    def __init__(self, what: str, *, with_rows: bool) -> None:
        self._changed = event("changed", what)
        self._with_rows = with_rows

    def snapshot(self, screen: Screen, view: BoardView) -> bytes:  # noqa: ARG002  a face's signature
        """Make a page that comes (again) fetch what it missed."""
        return self._changed

    def update(self, screen: Screen, update: Update, as_of: datetime) -> bytes:  # noqa: ARG002  a face's signature
        """Nudge, where rows are the page's affair."""
        return self._changed if self._with_rows and update.rows else b""

    def beat(self, view: BoardView) -> bytes:
        """Return the station's time."""
        return beat(view)


def event(name: str, text: str) -> bytes:
    """Return one event; its text must be on one line."""
    assert "\n" not in text
    return f"event: {name}\ndata: {text}\n\n".encode()


def beat(view: BoardView) -> bytes:
    """Return the station's time."""
    return event("beat", json.dumps({"as_of": view.as_of.isoformat(), "rate": view.rate}))
