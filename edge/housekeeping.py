"""What keeps a kiosk's disk in order, on the network's thread: files of what the hub said, checkpoints, forgetting.

Nothing here is needed for a tap. What fails is tried again at its next time.
"""

import logging
from collections.abc import Callable
from typing import Final, ParamSpec

from edge.errors import JournalError, plain
from edge.settled_file import SettledFile
from edge.store import KioskStore
from edge.told import ToldMessage

P = ParamSpec("P")
_log = logging.getLogger(__name__)
CHECKPOINT_EVERY_S: Final = 60.0
FORGET_EVERY_S: Final = 3600.0


class KioskHousekeeping:
    """The housekeeping of one kiosk. Not for two threads at once."""

    def __init__(self, store: KioskStore) -> None:
        self._store = store
        self._settled = SettledFile(store.journal.path.parent)
        self._checkpoint_s = self._forget_s = float("-inf")
        self._has_failed = False

    def keep(self, told: ToldMessage, now_s: float) -> None:
        """Store what the hub said."""
        self._try(self._store.told.keep, told, now_s)

    def keep_up(self, now_s: float) -> None:
        """Do what is due; cheap where nothing is."""
        is_well = self._try(self._store.told.flush, now_s)
        is_well &= self._try(self._settled.keep, self._store.retention.said, now_s)
        if now_s - self._checkpoint_s >= CHECKPOINT_EVERY_S:
            self._checkpoint_s = now_s
            is_well &= self._try(self._tidy)
        if now_s - self._forget_s >= FORGET_EVERY_S:
            self._forget_s = now_s
            is_well &= self._try(self._store.retention.forget_old)
        if is_well and not self._store.told.is_behind:
            self._has_failed = False

    def _tidy(self) -> None:
        self._store.retention.lay_ballast()
        self._store.retention.keep_spare_pages()
        self._store.backlog.checkpoint()

    def _try(self, act: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> bool:
        """What one thing meets keeps nothing else from being done."""
        try:
            act(*args, **kwargs)
        except OSError as exc:
            self._complain(plain(exc))
        except JournalError as exc:
            self._complain(str(exc))
        else:
            return True
        return False

    def _complain(self, reason: str) -> None:
        if not self._has_failed:
            self._has_failed = True
            _log.warning("the disk could not be kept in order: %s", reason)
