"""The site keys by which this kiosk names cards: the one that holds, and, while the city changes it, the next.

Set up with one, in `site_key_file`; what the hub gave since lies in the data directory, for the agent's own user, and
counts only for the key that it was given to: who sets the kiosk up anew with another key begins with that one. A tap
says both names of its card until the hub's roster names cards under the next; then the old key is forgotten.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from devices.card import Card
from edge.whole_file import write_whole
from station.names import Token
from station.token import fingerprint_of, key_in, token_of

FILE: Final = "site-keys.json"


class TokenPair(NamedTuple):
    """A card's token, and the one under the key that is to come, where there is one."""

    token: Token
    next_token: Token | None = None


class _Keys(NamedTuple):
    current: bytes
    coming: bytes | None = None


class SiteKeys:
    """One kiosk's. Readers' and network's threads may both ask; changes are taken whole.

    Attributes:
        edition: rises with each change.

    Args:
        own: the key with which it was set up.
        data_dir: where the others are kept.
    """

    def __init__(self, own: bytes, data_dir: Path) -> None:
        self._own_mark, self._path = fingerprint_of(own), data_dir / FILE
        self._keys = _read(self._path, self._own_mark) or _Keys(own)
        self._named_under = ""
        self.edition = 0

    @property
    def mark(self) -> str:
        """The fingerprint of the key that holds."""
        return fingerprint_of(self._keys.current)

    @property
    def next_mark(self) -> str:
        """That of the next; empty where there is none."""
        return fingerprint_of(self._keys.coming) if self._keys.coming is not None else ""

    def knows(self, mark: str) -> bool:
        """Whether one of them has this fingerprint."""
        return mark in {self.mark, self.next_mark}

    def names(self, card: Card) -> TokenPair:
        """What a card is called."""
        current, coming = self._keys
        following = None if coming is None else token_of(coming, card.technology, card.number)
        return TokenPair(token_of(current, card.technology, card.number), following)

    def take(self, key: bytes) -> None:
        """Let that be the next.

        The one that was to come before it, where cards are named under that already, is the one that holds then.

        Raises:
            OSError: the disk does not take it, and nothing has changed.
        """
        current, coming = self._keys
        if key not in self._keys:
            is_named = coming is not None and self._named_under == fingerprint_of(coming)
            self._keep(_Keys(coming if coming is not None and is_named else current, key))

    def settle(self, mark: str) -> None:
        """The hub names cards under the key of this fingerprint: where it is the next, forget the one before.

        Raises:
            OSError: the disk does not take it, and nothing has changed.
        """
        coming, self._named_under = self._keys.coming, mark
        if coming is not None and mark == fingerprint_of(coming):
            self._keep(_Keys(coming))

    def _keep(self, keys: _Keys) -> None:
        coming = "" if keys.coming is None else keys.coming.hex()
        said = {"given_to": self._own_mark, "current": keys.current.hex(), "next": coming}
        write_whole(self._path, json.dumps(said).encode())
        self._keys = keys
        self.edition += 1


def _read(path: Path, own_mark: str) -> _Keys | None:
    """What was given since; None where nothing was, or to another key, or it cannot be read: it is given again."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        said = json.loads(path.read_bytes())
        current = key_in(said["current"].encode())
        if said["given_to"] == own_mark and current is not None:
            return _Keys(current, key_in(said["next"].encode()))
    return None
