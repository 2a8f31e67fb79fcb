"""The commands `renew` and `certificate`: a new key and the request for it, and what the hub has signed.

The old identity is good until the broker has let the new one in, and stays where that does not happen.
"""

from typing import Final

from edge.commands import Doer, Order
from edge.errors import KeyFileError, plain
from edge.identities import Identities

RENEW: Final = "renew"
CERTIFICATE: Final = "certificate"
NO_CERTIFICATE: Final = "this kiosk comes to its broker without a certificate"


class Renew(Doer):
    """Makes key and request."""

    def __init__(self, identities: Identities) -> None:
        self._identities = identities

    def begin(self, order: Order) -> None:
        """The key stays; a tenth of a second."""
        if not self._identities.is_any:
            order.refuse(NO_CERTIFICATE)
            return
        try:
            order.done(request=self._identities.make_request())
        except KeyFileError as exc:
            order.refuse(str(exc))


class TakeCertificate(Doer):
    """Takes what was signed, and tries it."""

    def __init__(self, identities: Identities) -> None:
        self._identities = identities

    def begin(self, order: Order) -> None:
        """Done when the broker has let it in."""
        if not self._identities.is_any:
            order.refuse(NO_CERTIFICATE)
            return
        try:
            self._identities.take(order.args.get("certificate", ""))
        except KeyFileError as exc:
            order.refuse(str(exc))
            return
        except OSError as exc:
            order.refuse(plain(exc))
            return
        self._watch(order)

    def resume(self, order: Order) -> None:
        """Power failed: it is held, or still to be tried, or was never taken."""
        if self._identities.holds(order.args.get("certificate", "")):
            order.done()
        elif self._identities.has_trial:
            self._watch(order)
        else:
            super().resume(order)

    def _watch(self, order: Order) -> None:
        def settle(why: str) -> None:
            if why:
                order.refuse(why)
            else:
                order.done()

        self._identities.settled = settle
