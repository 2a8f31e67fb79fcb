"""Takes away what is kept for a time only: logs of access and messages, sessions, what undoes imports.

A piece at a time, each in a transaction of its own, with a pause after it: whoever stores taps waits for one piece at
most. Where it fails nothing is lost; it is done the next time.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, Engine

from hub.accounts import limits, sessions
from hub.accounts.access_log import forget_access
from hub.accounts.accounts import forget_invitations
from hub.accounts.passkeys import forget_challenges
from hub.alarms.noting import forget_messages
from hub.config import KeepConfig
from hub.database.transactions import writing
from hub.importing.imports import forget_old_imports

log = logging.getLogger(__name__)

EVERY_S: Final = 3600.0
PIECE: Final = 200  # rows; some 2 ms on a card, beside commits of 5
PAUSE_S: Final = 0.1  # between two pieces: a million lines are gone within ten minutes, and nobody noticed
_MS: Final = timedelta(milliseconds=1)

Piece = Callable[[Connection], int]
"""Takes away at most a piece, and returns how many rows that were."""


def pieces_of(keep: KeepConfig, now_ms: int, city_now_ms: int) -> Sequence[Piece]:
    """What is to be taken away.

    Args:
        keep: how long what is kept.
        now_ms: of the machine's clock, which accounts go by.
        city_now_ms: of the hub's, which imports and alarms go by.
    """
    kept_ms = timedelta(days=keep.access_days) // _MS
    before_ms = now_ms - kept_ms
    return (
        lambda connection: forget_access(connection, before_ms, PIECE),
        lambda connection: sessions.forget_sessions(connection, now_ms, PIECE),
        lambda connection: sessions.forget_doors(connection, before_ms, PIECE),
        lambda connection: forget_invitations(connection, now_ms, PIECE),
        lambda connection: forget_challenges(connection, now_ms, PIECE),
        lambda connection: limits.forget_tries(connection, now_ms, PIECE),
        lambda connection: limits.forget_known(connection, now_ms, PIECE),
        lambda connection: forget_old_imports(connection, city_now_ms, PIECE),
        lambda connection: forget_messages(connection, city_now_ms - kept_ms, PIECE),
    )


class Clearing:
    """One hub's.

    Args:
        engine: the database.
        keep: how long what is kept.
        now_ms: of the machine's clock.
        city_now_ms: of the hub's.

    Attributes:
        gone: how many rows have been taken away in this going over, or in the last.
    """

    def __init__(
        self, engine: Engine, keep: KeepConfig, now_ms: Callable[[], int], city_now_ms: Callable[[], int]
    ) -> None:
        self._engine = engine
        self._keep = keep
        self._now_ms = now_ms
        self._city_now_ms = city_now_ms
        self._left: list[Piece] = []
        self.gone = 0

    def work(self) -> float:
        """Take a piece away, and say for how long to rest.

        Raises:
            StoreTroubleError: the database cannot be used; it is due still.
        """
        if not self._left:
            self._left = list(pieces_of(self._keep, self._now_ms(), self._city_now_ms()))
            self.gone = 0
        with writing(self._engine) as connection:
            taken = self._left[0](connection)
        self.gone += taken
        if taken < PIECE:
            del self._left[0]
        if self._left:
            return PAUSE_S if taken else 0.0
        if self.gone:
            log.info("%d rows that were kept long enough are taken away", self.gone)
        return EVERY_S
