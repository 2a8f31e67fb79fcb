"""A thread that waits for the button 临时外出, and tells whoever answers the people that it was pressed.

A button that is not there, or breaks, stops nothing: holding the card on still steps out. It is looked for again and
again, and the log tells the first failure and the recovery.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import closing
from typing import Final

from devices.buttons import Button
from devices.errors import DeviceError

_log = logging.getLogger(__name__)
LOOK_S: Final = 0.5
AGAIN_S: Final = 5.0
_JOIN_S: Final = 5.0


class ButtonThread:
    """One button, from `start` to `stop`; none where its URL is empty."""

    def __init__(self, url: str, press: Callable[[], None], *, open_button: Callable[[str], Button]) -> None:
        self._url, self._press, self._open_button = url, press, open_button
        self._stopping = threading.Event()
        self._is_told = False
        self._thread = threading.Thread(target=self._attend, name="button", daemon=True)

    def start(self) -> None:
        """Wait for it from now on."""
        if self._url:
            self._thread.start()

    def stop(self) -> None:
        """Let go of it."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_JOIN_S)

    def _attend(self) -> None:
        while not self._stopping.is_set():
            try:
                with closing(self._open_button(self._url)) as button:
                    self._is_back()
                    self._wait_for(button)
            except DeviceError as exc:
                self._is_gone(exc)
            except Exception:  # noqa: BLE001 -- the supervisor of this thread: a fault at one press must not end the next
                _log.exception("a press of the button failed")
            self._stopping.wait(AGAIN_S)

    def _wait_for(self, button: Button) -> None:
        while not self._stopping.is_set():
            if button.wait(LOOK_S):
                self._press()

    def _is_gone(self, exc: DeviceError) -> None:
        if not self._is_told:
            _log.error("the button %s cannot be used: %s; holding the card on still steps out", self._url, exc)
        self._is_told = True

    def _is_back(self) -> None:
        if self._is_told:
            _log.info("the button %s can be used again", self._url)
        self._is_told = False
