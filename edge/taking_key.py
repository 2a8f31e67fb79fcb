"""The command `site_key`: the city's next key, sealed to the key of this kiosk's certificate, and opened by openssl."""

import subprocess
from collections.abc import Iterator
from itertools import product
from typing import Final

from edge.commands import Doer, Order
from edge.errors import plain
from edge.identities import Identities
from edge.renewing import NO_CERTIFICATE
from edge.site_keys import SiteKeys
from station.key_letter import KeyLetter, read_key_letter, unseal
from station.names import KioskId

NAME: Final = "site_key"
NOT_FOR_US: Final = "the key is sealed to another certificate"
_OPENSSL_S: Final = 60.0


class TakeKey(Doer):
    """Opens it, and keeps it."""

    def __init__(self, keys: SiteKeys, identities: Identities, kiosk: KioskId) -> None:
        self._keys, self._identities, self._kiosk = keys, identities, kiosk

    def begin(self, order: Order) -> None:
        """Some hundredths of a second; on an old kiosk, some tenths."""
        if not self._identities.is_any:
            order.refuse(NO_CERTIFICATE)
            return
        key = next(self._opened(order.args.get("letters", "")), None)
        if key is None:
            order.refuse(NOT_FOR_US)
            return
        try:
            self._keys.take(key)
        except OSError as exc:
            order.refuse(plain(exc))
        else:
            order.done()

    def resume(self, order: Order) -> None:
        """Power failed: to take it again changes nothing."""
        self.begin(order)

    def _opened(self, letters: str) -> Iterator[bytes]:
        """What opens: the hub seals to every certificate that is good, and this kiosk may hold several."""
        found = [letter for text in letters.split() if (letter := read_key_letter(text)) is not None]
        for key_file, letter in product(self._identities.key_files(), found):
            shared = _derive(str(key_file), letter)
            key = None if shared is None else unseal(letter, shared, self._kiosk)
            if key is not None:
                yield key


def _derive(key_file: str, letter: KeyLetter) -> bytes | None:
    """The secret that is shared with whoever sealed it; None where openssl finds none."""
    command = ["openssl", "pkeyutl", "-derive", "-inkey", key_file, "-peerform", "DER", "-peerkey", "/dev/stdin"]
    try:
        done = subprocess.run(command, input=letter.ephemeral, capture_output=True, check=True, timeout=_OPENSSL_S)  # noqa: S603 -- ours
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout
