"""What the pages about one station share, whose tabs stand beside each other: whose it is, what they may do there."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from hub.presence.board_view import BoardRow, BoardSource
from hub.rights import Right
from hub.web.desk.desk import Desk
from hub.web.desk.page import DeskPages
from hub.web.gate.gate import who_asks
from hub.web.gate.sight import row_for, thing_of
from hub.web.kit.frame import Kits


class TabbedPages:
    """Finds a station and answers with its pages."""

    def __init__(self, kits: Kits, source: BoardSource, desk: Desk) -> None:
        self.pages = DeskPages(kits, source, "")
        self.source = source
        self.desk = desk

    def row(self, request: Request, code: str, right: Right) -> BoardRow:
        """The station, where it is for them."""
        return self.pages.there(row_for(who_asks(request), self.source.view(), code, right))

    def page(self, request: Request, template: str, tab: str, row: BoardRow, **shown: Any) -> Response:
        """Answer with one of them, under its tab."""
        who, thing = who_asks(request), thing_of(row)
        return self.pages.answer(
            request, template, row=row, tab=tab, today=self.desk.today, may_names=who.may(Right.NAMES, thing),
            may_close=who.may(Right.CLOSE, thing), may_call=who.may(Right.HANDLE, thing), **shown,
        )  # fmt: skip
