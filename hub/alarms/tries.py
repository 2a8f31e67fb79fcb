"""Tries of a channel that somebody waits for: on threads of their own, few at once, and none twice within moments.

A robot that hangs holds up nothing but its own try. A robot takes 20 messages a minute and alarms have 18 of them, so
that no more than two tries a minute are left.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from hub.alarms.addresses import SoundAddress, channel_of
from hub.alarms.channel import TEST, AlarmMessage, Receipt
from station.alarms import Lack
from station.milliseconds import ms_of

AT_ONCE: Final = 4
REST_S: Final = 30.0


class Tries:
    """All of one hub.

    Args:
        seconds: by which it is reckoned how long ago one was.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._free = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._begun: dict[str, float] = {}

    def begin(self, told: SoundAddress, zone: ZoneInfo, now: datetime) -> Future[Receipt] | None:
        """Send a message; None where that address was tried just now, or too many are under way."""
        with self._lock:
            now_s = self._seconds()
            self._begun = {one: at for one, at in self._begun.items() if at > now_s - REST_S}
            if told.address in self._begun or not self._free.acquire(blocking=False):
                return None
            self._begun[told.address] = now_s
        answer: Future[Receipt] = Future()
        answer.set_running_or_notify_cancel()  # whoever waits no longer ends nothing
        threading.Thread(target=self._try, args=(told, zone, now, answer), name="hub channel test", daemon=True).start()
        return answer

    def _try(self, told: SoundAddress, zone: ZoneInfo, now: datetime, answer: Future[Receipt]) -> None:
        try:
            found = channel_of(told, zone).send([AlarmMessage(ms_of(now), TEST, Lack.VACANT, at=now)], now)
        except Exception as exc:  # noqa: BLE001 -- whoever waits is told; a trace may hold an address
            found = Receipt(is_taken=False, text=f"the hub failed over it: {type(exc).__name__}")
        finally:
            self._free.release()
        answer.set_result(found)
