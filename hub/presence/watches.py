"""When the city's kiosks watched, from the records of the last hours; the rule is `station.watching`'s.

Belongs to the event loop. A vacancy that nobody watched is unknown, whatever the taps say.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from hub.intake.rows import moment_of, ms_of
from hub.presence.kiosk_log import KioskLogs
from hub.presence.liveness import Liveness
from station.coverage import Interval
from station.names import KioskId
from station.records import ReaderState


class Watches:
    """All kiosks' stretches of watching that are remembered.

    Args:
        logs: what is remembered of their journals.
    """

    def __init__(self, logs: KioskLogs) -> None:
        self._logs = logs
        self._recalled: Mapping[KioskId, ReaderState] = {}

    def recall(self, readers: Mapping[KioskId, ReaderState]) -> None:
        """Take how each kiosk's readers were when the hub last heard of them: older records are not read again."""
        self._recalled = readers

    def watched(self, kiosks: Iterable[KioskId], liveness: Liveness, now: datetime) -> list[Interval]:
        """When any of these kiosks watched, up to now."""
        return [span for kiosk in kiosks for span in self.watched_by(kiosk, liveness, now)]

    def watched_by(self, kiosk: KioskId, liveness: Liveness, now: datetime) -> list[Interval]:
        """When that kiosk watched, up to now."""
        watch, now_ms = self._logs.watch(kiosk, self._recalled.get(kiosk, ReaderState.UP).value), ms_of(now)
        stretches = watch.stretches(now_ms, is_heard=liveness.watches(kiosk, now))
        return [  # up to this very moment, where a millisecond has begun
            Interval(moment_of(one.since_ms), now if one.until_ms == now_ms else moment_of(one.until_ms))
            for one in stretches
        ]
