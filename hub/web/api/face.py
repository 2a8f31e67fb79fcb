"""The live board as JSON."""

from datetime import datetime

from hub.presence.board_view import BoardView, screen_order
from hub.web.api.answers import BoardAnswer, StationAnswer
from hub.web.live.face import beat, event
from hub.web.live.screen import Screen, Update


class JsonFace:
    """For other programs: `snapshot` is the board's whole answer, `row` one station of it."""

    def snapshot(self, screen: Screen, view: BoardView) -> bytes:
        """Return the board as the API answers it."""
        return event("snapshot", BoardAnswer.of(view, screen_order(screen.told())).model_dump_json(by_alias=True))

    def update(self, screen: Screen, update: Update, as_of: datetime) -> bytes:  # noqa: ARG002  a face's signature
        """Return one event a row."""
        return b"".join(event("row", StationAnswer.of(row).model_dump_json(by_alias=True)) for row in update.rows)

    def beat(self, view: BoardView) -> bytes:
        """Return the station's time."""
        return beat(view)
