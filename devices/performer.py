"""An annunciator with a thread of its own, so that no lamp and no sound ever holds up a tap.

`show` only leaves the signal there; a newer one replaces what still goes on. An instrument that is missing or fails is
a trouble that `show` tells from then on, and is tried again with the signals that follow, so that one plugged in later
is found.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

from devices.errors import AnnunciatorLostError
from devices.signals import Lines, Signal

_log = logging.getLogger(__name__)
TRY_AGAIN_S: Final = 5.0  # opening what is not there costs a little each time
_JOIN_S: Final = 2.0


class Instrument(Protocol):
    """A lamp or a sounder. Calls come from one thread."""

    def perform(self, signal: Signal, is_over: Callable[[float], bool]) -> None:
        """Give a signal, to its end.

        Args:
            signal: what to give.
            is_over: waits so many seconds, and tells at once when another signal has come: then return.

        Raises:
            AnnunciatorLostError: it was not given.
        """

    def close(self) -> None:
        """Go dark, or silent, and let go."""


class Performer:
    """An `Annunciator` on one instrument, opened by its own thread at once."""

    def __init__(self, name: str, open_instrument: Callable[[], Instrument]) -> None:
        self._name = name
        self._open_instrument = open_instrument
        self._instrument: Instrument | None = None
        self._try_s = float("-inf")
        self._trouble = ""
        self._changed = threading.Condition()
        self._next: Signal | None = None
        self._is_closing = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def show(self, signal: Signal, lines: Lines) -> None:
        """Have the signal given, in place of any before it.

        Raises:
            AnnunciatorLostError: the instrument is not there, or gave no signal when it was last asked to.
        """
        del lines
        with self._changed:
            self._next = signal
            self._changed.notify_all()
        if self._trouble:
            raise AnnunciatorLostError(self._trouble)

    def close(self) -> None:
        """End what goes on, and let go of the instrument."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        self._thread.join(_JOIN_S)

    def _work(self) -> None:
        try:
            self._try(None)
            while (signal := self._wait_for_signal()) is not None:
                self._try(signal)
        finally:
            self._let_go()

    def _wait_for_signal(self) -> Signal | None:
        with self._changed:
            self._changed.wait_for(lambda: self._next is not None or self._is_closing)
            signal, self._next = self._next, None
            return None if self._is_closing else signal

    def _is_over(self, wait_s: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._next is not None or self._is_closing, wait_s)

    def _try(self, signal: Signal | None) -> None:
        try:
            if self._instrument is None:
                if time.monotonic() < self._try_s:
                    return
                self._try_s = time.monotonic() + TRY_AGAIN_S
                self._instrument = self._open_instrument()
            if signal is not None:
                self._instrument.perform(signal, self._is_over)
        except AnnunciatorLostError as exc:
            self._trouble = f"{self._name}: {exc}"
        except Exception as exc:  # noqa: BLE001 -- the supervisor of this thread: a fault at one signal must not end all others
            _log.exception("%s failed", self._name)
            self._trouble = f"{self._name}: {type(exc).__name__}"
        else:
            self._trouble = ""
            return
        self._let_go()

    def _let_go(self) -> None:
        instrument, self._instrument = self._instrument, None
        if instrument is not None:
            instrument.close()
