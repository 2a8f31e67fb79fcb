"""Says by light and sound that records lie on the stick: who plugged it in stands there without a screen.

The writing is done by a unit of its own, as root; it leaves a mark in the data directory.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from devices.signals import Lines, Signal
from edge.voice import Voice

MARK: Final = "carried"
LOOK_EVERY_S: Final = 0.5
WRITTEN: Final = Lines("记录已写入 U 盘", "可以拔下，带到中心", ("记录已写入", "可以拔U盘"))


class StickWatch:
    """Looks for the mark. Calls come from the readers' threads."""

    def __init__(self, directory: Path, voice: Voice, now_s: Callable[[], float]) -> None:
        self._mark = directory / MARK
        self._voice, self._now_s = voice, now_s
        self._look_s = float("-inf")

    def make(self) -> None:
        """Look, and say it once; call it a few times a second."""
        now_s = self._now_s()
        if now_s - self._look_s < LOOK_EVERY_S:
            return
        self._look_s = now_s
        if not os.access(self._mark, os.F_OK):  # nearly always: cheaper than an error that is caught
            return
        try:
            self._mark.unlink()
        except OSError:
            return
        self._voice.show(Signal.CARRIED, WRITTEN)
