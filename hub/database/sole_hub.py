"""Whose the database is: one hub serves it, and a second one refuses.

The lock that decides goes with a process that dies; where it lies is for each `dialect` to say.
"""

import os
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Engine

from hub.database.dialect import dialect_of
from hub.errors import HubError


class TakenError(HubError):
    """Another hub serves this database; the text names it."""

    def __init__(self, holder: str, place: str) -> None:
        super().__init__(f"{holder} serves {place} already; stop it, or choose another database")


def sole_hub(engine: Engine) -> AbstractContextManager[Callable[[], str | None]]:
    """Be the only hub of that database while the block lasts.

    Returns:
        Within the block, what looks whether that is so still: who else has it where it is not. A server that went down
        has forgotten us; then it is asked again.

    Raises:
        TakenError: another one is.
        StoreTroubleError: the database cannot be asked.
    """
    return dialect_of(engine).sole_hub(engine)


def is_served(engine: Engine) -> bool:
    """Whether a hub has it now.

    Raises:
        StoreTroubleError: the database cannot be asked.
    """
    return dialect_of(engine).is_served(engine)


def whoami() -> str:
    """This process, for a person."""
    return f"process {os.getpid()} on {socket.gethostname()}"
