"""What a program sends as JSON, heard on its way to the route, for who looks what of others it named.

Nothing of it is read before the answer, and none of it is kept: only what stands under the words by which a form of
this site names something, however deep.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from starlette.types import Message, Receive, Scope

MOST_BYTES: Final = 256 * 1024
"""A roster of a week with as many people as it may have is smaller; of what is larger nothing is looked at."""
WORDS: Final = {"people": "person"}
"""What programs call otherwise than forms do."""


class SentJson:
    """One request's body.

    Args:
        scope: of the request.
        receive: gives its parts.
    """

    def __init__(self, scope: Scope, receive: Receive) -> None:
        headers = dict(scope.get("headers", ()))
        self._is_json = scope["type"] == "http" and b"json" in headers.get(b"content-type", b"")
        self._receive = receive
        self._body = b""

    async def receive(self) -> Message:
        """Hand a part on."""
        message = await self._receive()
        if self._is_json and message["type"] == "http.request":
            self._body += message.get("body", b"")
            self._is_json = len(self._body) <= MOST_BYTES
        return message

    def named(self) -> dict[str, str]:
        """What stands under each word, with blanks between; nothing where it is not JSON, or too much."""
        if not self._is_json or not self._body:
            return {}
        try:
            said = json.loads(self._body)
        except (ValueError, RecursionError):
            return {}
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for word, text in _texts("", said):
            found[WORDS.get(word, word)][text] = None
        return {word: " ".join(texts) for word, texts in found.items()}


def _texts(word: str, said: Any) -> Iterator[tuple[str, str]]:
    """Each text with the word that it stands under; of a list, the word of the list."""
    waiting = [(word, said)]
    while waiting:
        word, said = waiting.pop()
        if isinstance(said, dict):
            waiting += reversed(said.items())
        elif isinstance(said, list):
            waiting += [(word, one) for one in reversed(said)]
        elif isinstance(said, str):
            yield word, said
