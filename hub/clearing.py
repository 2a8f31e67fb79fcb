"""The thread that takes away what is kept for a time only: logs of access and messages, sessions, what undoes imports.

A piece at a time, each in a transaction of its own, with a pause after it: whoever stores taps waits for one piece at
most. Where it fails nothing is lost; it is done the next time.
"""

import logging
import threading
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
from hub.database.transactions import StoreTroubleError, writing
from hub.importing.imports import forget_old

log = logging.getLogger(__name__)

EVERY_S: Final = 3600.0
PIECE: Final = 200  # rows; some 2 ms on a card, beside commits of 5
PAUSE_S: Final = 0.1  # between two pieces: a million lines are gone within ten minutes, and nobody noticed
FAREWELL_S: Final = 10.0
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
        lambda connection: forget_old(connection, city_now_ms, PIECE),
        lambda connection: forget_messages(connection, city_now_ms - kept_ms, PIECE),
    )


class Clearing:
    """One hub's.

    Args:
        engine: the database.
        keep: how long what is kept.
        now_ms: of the machine's clock.
        city_now_ms: of the hub's.
    """

    def __init__(
        self, engine: Engine, keep: KeepConfig, now_ms: Callable[[], int], city_now_ms: Callable[[], int]
    ) -> None:
        self._engine = engine
        self._keep = keep
        self._now_ms = now_ms
        self._city_now_ms = city_now_ms
        self._stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, name="hub clearing", daemon=True)
        """For who looks whether it lives."""

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def stop(self) -> None:
        """End after the piece that is under way."""
        self._stopping.set()
        if self.thread.is_alive():
            self.thread.join(FAREWELL_S)

    def clear(self) -> int:
        """Take away all that is due, and return how many rows that were.

        Raises:
            StoreTroubleError: the database cannot be used; what is left is due the next time.
        """
        gone = 0
        for piece in pieces_of(self._keep, self._now_ms(), self._city_now_ms()):
            taken = PIECE
            while taken >= PIECE and not self._stopping.is_set():
                with writing(self._engine) as connection:
                    taken = piece(connection)
                gone += taken
                if taken:
                    self._stopping.wait(PAUSE_S)
        return gone

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                gone = self.clear()
            except StoreTroubleError as exc:  # the intake finds the same trouble, and tells
                log.warning("what is kept too long could not be taken away, and will be: %s", exc)
            else:
                if gone:
                    log.info("%d rows that were kept long enough are taken away", gone)
            self._stopping.wait(EVERY_S)
