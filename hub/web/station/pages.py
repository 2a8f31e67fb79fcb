"""A station's day as HTML in one language."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from hub.web.station.picture import picture_of
from hub.web.station.words import letter_word, mark_words, role_word

if TYPE_CHECKING:
    from hub.presence.board_view import BoardView, StationDay
    from hub.web.kit.frame import Kit


class StationPages:
    """Makes the page of a station's day, and the part of it that changes."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        kit.add_filters(
            role=partial(role_word, gettext=kit.gettext),
            letter=partial(letter_word, gettext=kit.gettext),
            marks=partial(mark_words, gettext=kit.gettext),
        )

    def page(self, day: StationDay, view: BoardView) -> str:
        """Return the whole page."""
        return self._kit.page("station/station.html", day.as_of, rate=view.rate, city=view.city, **self._parts(day))

    def day(self, day: StationDay) -> str:
        """Return the part that changes."""
        return self._kit.piece("station/day.html", as_of=day.as_of, **self._parts(day))

    def missing(self, view: BoardView) -> str:
        """Return the page that says that there is no such station."""
        return self._kit.page("station/missing.html", view.as_of, is_live=False)

    def _parts(self, day: StationDay) -> dict[str, Any]:
        picture = picture_of(day, self._kit.zone, self._kit.gettext)
        return {"day": day, "row": day.row, "picture": json.dumps(picture, ensure_ascii=False)}
