"""Two who change one database, each by an engine of their own, in step: the worst order that two can fall into.

Before each of its writes one waits until the other comes to as many, waits for a lock of the database, or is done. So
where nothing keeps them apart both have looked before either writes, and on PostgreSQL neither sees what the other does.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Condition
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import event

from hub.database.engine import open_engine
from tests.patience import LOOK_EVERY_S, PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

T = TypeVar("T")
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)", re.IGNORECASE)
_WAITING = """\
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"""


class _Steps:
    def __init__(self, watching: Engine) -> None:
        self._watching = watching
        self._changed = Condition()
        self._taken = [0, 0]
        self._is_done = [False, False]

    def take(self, me: int) -> None:
        with self._changed:
            self._taken[me] += 1
            self._changed.notify_all()
            until_s = monotonic() + PATIENCE_S
            while self._taken[1 - me] < self._taken[me] and not self._is_done[1 - me] and not self._waits():
                assert monotonic() < until_s, "the other neither writes nor waits nor ends"
                self._changed.wait(LOOK_EVERY_S)

    def end(self, me: int) -> None:
        with self._changed:
            self._is_done[me] = True
            self._changed.notify_all()

    def _waits(self) -> bool:
        return waiting(self._watching) > 0


def waiting(engine: Engine) -> int:
    """How many wait for a lock of that database; PostgreSQL's alone tells."""
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(_WAITING).scalar_one())


@contextmanager
def _engine_of(me: int, url: str, steps: _Steps) -> Iterator[Engine]:
    engine = open_engine(url)

    def before(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if _WRITES.match(statement):
            steps.take(me)

    event.listen(engine, "before_cursor_execute", before)
    yield engine
    engine.dispose()


def in_step(watching: Engine, *both: Callable[[Engine], T]) -> list[T]:
    """Do two things at once, and say what came of each.

    Args:
        watching: opened to the same database.
        both: told by which engine.
    """
    steps, url = _Steps(watching), watching.url.render_as_string(hide_password=False)
    with ExitStack() as stack, ThreadPoolExecutor(len(both)) as pool:
        engines = [stack.enter_context(_engine_of(me, url, steps)) for me in range(len(both))]

        def run(me: int) -> T:
            try:
                return both[me](engines[me])
            finally:
                steps.end(me)

        return list(pool.map(run, range(len(both))))
