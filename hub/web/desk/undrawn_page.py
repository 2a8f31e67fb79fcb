"""What a page would have shown, for a program that did what the page does: no page is drawn for it."""

from typing import Any

from starlette.responses import Response


class UndrawnPage(Response):
    """Stands for a page; never sent."""

    def __init__(self, status: int, shown: dict[str, Any]) -> None:
        super().__init__(status_code=status)
        self.shown = shown
