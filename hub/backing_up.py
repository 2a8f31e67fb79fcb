"""Makes a backup of the database whenever one is due, on a thread of its own, and tells what is in the newest.

The first one is made at once, and so is one after the hub was put back: until then nothing is claimed to be backed.
What fails is a finding, and is tried again.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from hub.config import BackupConfig
from hub.database.backup import BackupError, make_backup, prune
from hub.database.origin import KnownOrigin, note_backup
from hub.database.transactions import StoreTroubleError
from hub.errors import HubError
from hub.findings import FindingKind, Findings
from hub.repeating import Repeating
from station.clock import Clock
from station.milliseconds import moment_of, ms_of

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 5.0
AGAIN_AFTER: Final = timedelta(minutes=10)
PAUSE_S: Final = 0.005  # between two pieces of the copying, so that it takes a core from nobody
TELL_FROM_PAGES: Final = 50_000  # a smaller one is made before anybody asks
SUBJECT: Final = "backup"


class BackingUp:
    """The hub's backups, where it makes any.

    Args:
        config: where to, how often, how many.
        engine: the database; the newest backup is noted there.
        origin: what is known at the start.
        hold: told of the newest backup, whenever there is another.
    """

    def __init__(
        self,
        *,
        config: BackupConfig,
        engine: Engine,
        origin: KnownOrigin,
        findings: Findings,
        clock: Clock,
        hold: Callable[[Path | None], None],
    ) -> None:
        self._config = config
        self._engine = engine
        self._findings = findings
        self._clock = clock
        self._hold = hold
        self._due_at = moment_of(origin.backup_ms) + timedelta(hours=config.every_h) if origin.backup else None
        self._newest = config.directory / origin.backup if config.directory and origin.backup else None
        self._told_tenths = 0
        self._is_held = False
        self._repeating = Repeating("hub backup", self._look, "no backups can be made")
        self.thread = self._repeating.thread
        """For who looks whether it lives."""

    def start(self) -> None:
        """Begin, if there is a directory for backups."""
        if self._config.directory is not None:
            self._repeating.start()

    def stop(self) -> None:
        """End the thread; a backup that is being made is given up, and so is a disk that hangs."""
        self._repeating.stop()

    def _look(self) -> float:
        """Make one if it is due; for how long to rest then."""
        if not self._is_held and self._newest is not None and self._newest.exists():
            self._hold(self._newest)
        self._is_held = True
        if self._is_due():
            self._supervise()
        return LOOK_EVERY_S

    def _is_due(self) -> bool:
        if self._newest is not None and not self._newest.exists():
            self._newest = self._due_at = None  # somebody took it away: nothing may be claimed of it
            self._hold(None)
        now = self._clock.now()
        if self._due_at is None or now >= self._due_at:
            return True
        return self._due_at - now > timedelta(hours=self._config.every_h)  # a clock that was ahead said when

    def _supervise(self) -> None:
        assert self._config.directory is not None
        try:
            self._back_up(self._config.directory)
        except _StoppedError:
            return
        except (BackupError, StoreTroubleError, OSError) as exc:
            self._complain(exc)
        else:
            self._findings.end(FindingKind.BACKUP, SUBJECT)

    def _complain(self, exc: HubError | OSError) -> None:
        self._due_at = self._clock.now() + AGAIN_AFTER
        text = f"no backup could be made: {exc}; it is tried again"
        if self._findings.report(FindingKind.BACKUP, SUBJECT, text):
            log.error("%s", text)

    def _back_up(self, directory: Path) -> None:
        at = self._clock.now()
        log.info("making a backup in %s", directory)
        made = make_backup(self._engine, directory, at, self._pause)
        size_mb = made.stat().st_size >> 20
        note_backup(self._engine, made.name, ms_of(at))
        self._newest, self._due_at = made, at + timedelta(hours=self._config.every_h)
        self._hold(made)
        good = prune(directory, self._config.keep, made)
        if good is not None:
            log.warning("the old backup %s is kept: it holds more than twice of what all newer ones do", good.name)
        log.info("the backup %s is made and checked, %d MB", made.name, size_mb)

    def _pause(self, remaining: int, pages: int) -> None:
        tenths = 10 * (pages - remaining) // max(pages, 1)
        if pages >= TELL_FROM_PAGES and tenths != self._told_tenths:
            log.info("the backup is at %d %%", 10 * tenths)
        self._told_tenths = tenths
        if self._repeating.rest(PAUSE_S):
            raise _StoppedError


class _StoppedError(HubError):
    """The hub ends while a backup is being made."""
