"""Several annunciators as one: each gives every signal, and one that fails keeps none of the others from it."""

from collections.abc import Sequence

from devices.errors import AnnunciatorLostError
from devices.signals import Annunciator, Lines, Signal


class Ensemble:
    """All that one kiosk answers with."""

    def __init__(self, annunciators: Sequence[Annunciator]) -> None:
        self._annunciators = annunciators

    def show(self, signal: Signal, lines: Lines) -> None:
        """Answer by all of them.

        Raises:
            AnnunciatorLostError: some of them did not; the message names them.
        """
        troubles = []
        for annunciator in self._annunciators:
            try:
                annunciator.show(signal, lines)
            except AnnunciatorLostError as exc:
                troubles.append(str(exc))
        if troubles:
            raise AnnunciatorLostError("; ".join(troubles))

    def close(self) -> None:
        """Go dark."""
        for annunciator in self._annunciators:
            annunciator.close()
