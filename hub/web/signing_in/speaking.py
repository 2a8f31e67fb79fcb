"""What the pages of signing in share: the frame and the words of a request's language."""

from starlette.requests import Request

from hub.presence.board_view import BoardSource
from hub.web.kit.frame import Kit, Kits
from hub.web.kit.responses import language_of


class SpeakingPages:
    """Pages in a request's language."""

    def __init__(self, kits: Kits, source: BoardSource) -> None:
        self._kits = kits
        self._source = source

    def kit(self, request: Request) -> Kit:
        """The frame in a request's language."""
        return self._kits[language_of(request)]

    def gettext(self, request: Request, text: str) -> str:
        """Return a text in a request's language."""
        return self.kit(request).gettext(text)
