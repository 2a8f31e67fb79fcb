"""The kiosk's answers, as far as lamp and buzzer give them: one that fails ends no tap, for that is recorded by then.

Whoever hears nothing taps again, and leaves: so the hub is told, by `Kiosk.health` at once and by a record.
"""

import logging

from devices.errors import DeviceError
from devices.signals import Annunciator, Lines, Signal

_log = logging.getLogger(__name__)


class Voice:
    """An annunciator that raises nothing.

    Attributes:
        trouble: why the last answer was not given; empty where it was.
        shown: how many were asked for.
    """

    def __init__(self, annunciator: Annunciator) -> None:
        self._annunciator = annunciator
        self.trouble = ""
        self.shown = 0

    def show(self, signal: Signal, lines: Lines) -> None:
        """Answer the person, if that can be done."""
        self.shown += 1
        try:
            self._annunciator.show(signal, lines)
        except DeviceError as exc:
            if not self.trouble:
                _log.error("people get no answer: %s", exc)
            self.trouble = str(exc)
            return
        if self.trouble:
            _log.info("people are answered again")
            self.trouble = ""

    def close(self) -> None:
        """Go dark."""
        self._annunciator.close()
