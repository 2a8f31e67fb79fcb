"""What an operator should look into: told once a kind and subject, counted however often it happens.

Any thread may report. Kept in memory here; `store` writes down what changed. A finding ends when what it told
of is over, and stays listed until it is old.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from station.clock import Clock
from station.names import StationCode

MOST: Final = 200  # of a kind: a flood of invented kiosks must fill no memory, and hide nothing of another kind
OTHERS: Final = "(others)"
MAX_TEXT: Final = 500


class FindingKind(StrEnum):
    """What sort of thing was found."""

    UNKNOWN_KIOSK = "unknown_kiosk"
    FOREIGN_TOPIC = "foreign_topic"
    GAP = "gap"
    CONFLICT = "conflict"
    UNREADABLE = "unreadable"
    SECOND_HUB = "second_hub"
    DATABASE = "database"
    INTAKE_FULL = "intake_full"
    BROKER = "broker"
    BACKUP = "backup"
    CLOCK = "clock"
    SITE_KEY = "site_key"
    CERTIFICATE = "certificate"
    DISK = "disk"
    UNDER_VOLTAGE = "under_voltage"
    UPDATE_HOUR = "update_hour"
    SWITCHED_OFF = "switched_off"
    CHANNEL = "channel"
    HOLIDAYS = "holidays"
    FAULT = "fault"


OF_A_RUN: Final = (
    FindingKind.DATABASE,
    FindingKind.BROKER,
    FindingKind.SECOND_HUB,
    FindingKind.INTAKE_FULL,
    FindingKind.BACKUP,
    FindingKind.CLOCK,
    FindingKind.HOLIDAYS,
    FindingKind.UPDATE_HOUR,
    FindingKind.SWITCHED_OFF,
)
"""What is the running hub's own trouble: over when it ends, and found again by the next one."""

LISTED: Final = timedelta(days=90)  # what is over
SILENT_AFTER: Final = {
    FindingKind.UNKNOWN_KIOSK: timedelta(days=1),  # one that is there sends every few seconds
    FindingKind.FOREIGN_TOPIC: timedelta(days=1),
    FindingKind.UNREADABLE: timedelta(days=30),
    FindingKind.CONFLICT: timedelta(days=30),
    FindingKind.FAULT: timedelta(days=30),
}
"""What nobody calls over: it is when it has not happened again for so long."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found; never a token, card number or name.

    Attributes:
        subject: what it is about: a kiosk, a run, a topic.
        station: whose it is; empty where no station's.
        ended_at: when it was over; None while it is not.
    """

    kind: FindingKind
    subject: str
    text: str
    station: StationCode
    times: int
    first_at: datetime
    last_at: datetime
    ended_at: datetime | None = None


WORDS: Final = {
    FindingKind.GAP: "有记录缺失，终端已不再保存",
    FindingKind.CONFLICT: "同一条记录出现了不同内容，两份都已保留",
    FindingKind.UNREADABLE: "有无法识别的记录，已另行保存",
    FindingKind.CLOCK: "终端时钟与中心时钟相差一天以上",
    FindingKind.SITE_KEY: "终端密钥与中心不同，认不出卡",
}
"""What the station's page says; the pages' catalogues translate it."""


def words_of(finding: Finding) -> str:
    """A finding as a station's page says it."""
    return WORDS.get(finding.kind, finding.text)


class Findings:
    """All that was found."""

    def __init__(self, clock: Clock, known: Iterable[Finding] = ()) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._found = {(finding.kind, finding.subject): finding for finding in known}
        self._changed: set[tuple[FindingKind, str]] = set()
        self._gone: set[tuple[FindingKind, str]] = set()

    def report(
        self, kind: FindingKind, subject: str, text: str, *, station: StationCode | None = None, times: int = 1
    ) -> bool:
        """Say that something was found; True where it is news."""
        now = self._clock.now()
        with self._lock:
            if (kind, subject) not in self._found and not self._has_room(kind):
                subject = f"{OTHERS} {station}" if station else OTHERS
            before = self._found.get((kind, subject))
            self._found[kind, subject] = Finding(
                kind=kind,
                subject=subject,
                text=text[:MAX_TEXT],
                station=station or StationCode(""),
                times=(before.times if before else 0) + times,
                first_at=before.first_at if before else now,
                last_at=now,
            )
            self._changed.add((kind, subject))
            self._gone.discard((kind, subject))
            return before is None or before.ended_at is not None

    def end(self, kind: FindingKind, subject: str) -> bool:
        """Say that it is over; True where it was not yet."""
        with self._lock:
            before = self._found.get((kind, subject))
            if before is None or before.ended_at is not None:
                return False
            self._found[kind, subject] = replace(before, ended_at=self._clock.now())
            self._changed.add((kind, subject))
            return True

    def expire(self) -> None:
        """Call over what has long not happened again, and forget what has long been over."""
        now = self._clock.now()
        for (kind, subject), finding in list(self._found.items()):
            silent_after = SILENT_AFTER.get(kind)
            if finding.ended_at is None and silent_after is not None and now - finding.last_at > silent_after:
                self.end(kind, subject)
            elif finding.ended_at is not None and now - finding.ended_at > LISTED:
                with self._lock:
                    self._forget((kind, subject))

    def _has_room(self, kind: FindingKind) -> bool:
        """Whether one more of the kind may be kept; of those that are over the oldest makes room."""
        same = [finding for (each, _), finding in self._found.items() if each is kind]
        if len(same) < MOST:
            return True
        over = min((each for each in same if each.ended_at is not None), key=lambda each: each.last_at, default=None)
        if over is not None:
            self._forget((kind, over.subject))
        return over is not None

    def _forget(self, name: tuple[FindingKind, str]) -> None:
        del self._found[name]
        self._changed.discard(name)
        self._gone.add(name)

    def take_gone(self) -> list[tuple[FindingKind, str]]:
        """What is to be forgotten since the last call."""
        with self._lock:
            gone, self._gone = self._gone, set()
            return list(gone)

    def end_all(self, kinds: Iterable[FindingKind]) -> None:
        """Say of all findings of these kinds that they are over; what is not will be found again."""
        wanted = frozenset(kinds)
        for kind, subject in [name for name in tuple(self._found) if name[0] in wanted]:
            self.end(kind, subject)

    def all(self) -> list[Finding]:
        """Everything found, the latest first."""
        with self._lock:
            return sorted(self._found.values(), key=lambda finding: finding.last_at, reverse=True)

    def open_at(self, station: StationCode) -> list[Finding]:
        """What is not over and concerns that station."""
        return [finding for finding in self.all() if finding.station == station and finding.ended_at is None]

    def open_of(self, kind: FindingKind) -> list[Finding]:
        """What of a kind is not over."""
        with self._lock:
            return [finding for finding in self._found.values() if finding.kind is kind and finding.ended_at is None]

    def take_changed(self) -> list[Finding]:
        """What changed since the last call, to be written down."""
        with self._lock:
            changed, self._changed = self._changed, set()
            return [self._found[key] for key in changed]

    def give_back(self, findings: Iterable[Finding]) -> None:
        """What could not be written down has changed still."""
        with self._lock:
            self._changed.update((finding.kind, finding.subject) for finding in findings)
