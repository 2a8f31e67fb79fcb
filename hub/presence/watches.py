"""When the city's kiosks watched, from the records of the last hours; the rule is `station.watching`'s.

Belongs to the event loop. A vacancy that nobody watched is unknown, whatever the taps say.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from hub.intake.rows import Row, moment_of, ms_of
from hub.intake.runs import KnownRun
from hub.presence.day import Span
from hub.presence.liveness import Liveness
from station.names import Epoch, KioskId
from station.records import ReaderChange, ReaderState, Started
from station.watching import KioskWatch, RunWatch, Stretch


class Watches:
    """All kiosks' stretches of watching that are remembered."""

    def __init__(self) -> None:
        self._kiosks: dict[KioskId, KioskWatch] = defaultdict(KioskWatch)
        self._recalled: Mapping[KioskId, ReaderState] = {}

    def recall(self, readers: Mapping[KioskId, ReaderState]) -> None:
        """Take how each kiosk's readers were when the hub last heard of them: older records are not read again."""
        self._recalled = readers

    def take(self, run: KnownRun, rows: Sequence[tuple[Any, ...]]) -> None:
        """Take new records of one run, in order of seq."""
        kiosk = self._kiosks[run.kiosk]
        watch = kiosk.runs.get(run.epoch)
        if watch is None:
            watch = kiosk.run(run.epoch)
            if rows[0][1] > 1:  # its beginning, where the readers were stated, is too long ago
                watch.reader_is("", self._recalled.get(run.kiosk, ReaderState.UP))
        for row in rows:
            watch.take(row[1], row[3])
            if row[2] in _TELLING:
                _heed(kiosk, watch, Row(*row))

    def watched(self, kiosks: Iterable[KioskId], liveness: Liveness, now: datetime) -> list[Span]:
        """When any of these kiosks watched, up to now."""
        now_ms = ms_of(now)
        found: list[Stretch] = []
        for kiosk in kiosks:
            is_heard = liveness.watches(kiosk, now)
            found += self._kiosks[kiosk].stretches(now_ms, is_heard=is_heard)
        return [Span(moment_of(stretch.since_ms), moment_of(stretch.until_ms)) for stretch in found]

    def forget_before(self, at: datetime) -> None:
        """Forget what ended before then."""
        for kiosk in self._kiosks.values():
            kiosk.forget_before(ms_of(at))


_TELLING = frozenset({ReaderChange.KIND, Started.KIND})


def _heed(kiosk: KioskWatch, watch: RunWatch, row: Row) -> None:
    body = json.loads(row.body or "{}")
    if row.kind == ReaderChange.KIND:
        watch.reader_is(body["reader"], body["state"])
    elif "before" in body and "last_alive_at" in body:
        alive_ms = ms_of(datetime.fromisoformat(body["last_alive_at"]))
        kiosk.started(row.at_ms, Epoch(body["before"]), alive_ms)
