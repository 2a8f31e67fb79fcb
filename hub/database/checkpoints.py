"""The thread that moves what was committed from the database's log into the database itself.

SQLite leaves that to the commit that makes the log long, and then somebody's tap waits for it: two more writes to the
disk that must be through. Done beside the commits, and soon after them, nobody waits and the log stays short. Where it
fails nothing is lost: the next one moves it, or a commit that finds the log four times as long as it need be.
"""

import threading
from typing import Final

from sqlalchemy import Engine

from hub.database.dialect import dialect_of
from hub.database.transactions import StoreTroubleError, told_as_trouble

GATHER_S: Final = 0.1  # from a commit on; what the others write meanwhile is moved with it


class Checkpoints:
    """Keeps the log of one database short."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._wanted = threading.Event()
        self._stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, name="hub checkpoints")
        """For who looks whether it lives."""

    def want(self) -> None:
        """Something was committed. From any thread; never waits."""
        self._wanted.set()

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def stop(self) -> None:
        """End after the move that is under way."""
        self._stopping.set()
        self._wanted.set()
        self.thread.join()

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            if self._stopping.wait(GATHER_S):
                return
            self._wanted.clear()
            try:
                move_log(self._engine)
            except StoreTroubleError:  # the intake finds the same trouble, and tells
                continue


def move_log(engine: Engine) -> int:
    """Move as much of the log as nobody reads; returns how many pages are left in it.

    Raises:
        StoreTroubleError: it cannot be moved now.
    """
    with told_as_trouble():
        return dialect_of(engine).move_log(engine)
