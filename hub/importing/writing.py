"""What was reckoned on a snapshot, written in slices: whoever stores what kiosks send waits for one of them at most.

Each slice leaves a city that could be, as if its commands had been given one by one. Where somebody else changed the
city since the snapshot, nothing more is written over it: the rest is to be reckoned anew.
"""

import time
from collections.abc import Callable, Iterator
from typing import Final

from sqlalchemy import Connection, Engine

from hub.changing.draft import Draft
from hub.changing.proposal import Proposal
from hub.changing.saving import save
from hub.database.transactions import changing
from hub.register.reading import read_edition

Pause = Callable[[float], None]
WriteStep = Callable[[Connection, Draft], None]
FIRST: Final = 500  # commands in the first slice: some 20 ms, and most imports are no longer than that
HELD_S: Final = 0.025  # so long the write lock is held for a slice, about
LET_GO_S: Final = 0.05  # so long others are let go before, at least: who found it taken looks again within 25 ms
LEAST: Final = (
    200  # some 13 ms: on a busy machine a slice seems long while it waits its turn, and a shorter one waits too
)
_MOST: Final = 2  # times as many commands in a slice as in the one before


def write_slices(engine: Engine, proposal: Proposal, edition: int, pause: Pause, note: WriteStep) -> Iterator[int]:
    """Write what is proposed, unless somebody else changes the city.

    Args:
        engine: where.
        proposal: made on a snapshot.
        edition: of the city in that snapshot.
        pause: sleeps for so many seconds.
        note: told of each slice in its transaction, when it is written.

    Yields:
        How many changes a slice wrote.

    Raises:
        StoreTroubleError: the database took no more.
    """
    done, length = 0, FIRST
    while done < len(proposal.changes):
        end = min(done + length, len(proposal.changes))
        lines = proposal.take_slice(done, end)  # before anybody has to wait for it
        with changing(engine) as connection:
            began_s = time.monotonic()
            if read_edition(connection) != edition:
                return
            save(proposal.draft, lines, connection)
            note(connection, proposal.draft)
            edition = read_edition(connection)
        held_s = time.monotonic() - began_s
        yield end - done
        done, length = end, _next(length, held_s)
        if done < len(proposal.changes):
            pause(max(LET_GO_S, held_s))


def _next(length: int, held_s: float) -> int:
    """As many as take about `HELD_S`, and no fewer than are worth taking the lock for."""
    return max(LEAST, min(length * _MOST, round(length * HELD_S / max(held_s, 1e-6))))
