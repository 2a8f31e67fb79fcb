"""How much each transaction writes: who holds the database's only pen for long holds up every tap of the city."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

_WRITES = ("INSERT", "UPDATE", "DELETE")


@contextmanager
def written_at_once(engine: Engine) -> Iterator[list[int]]:
    """The rows that each transaction within the block has written, or named to be deleted; those alone that wrote."""
    found: list[int] = []
    rows = [0]

    def count(_of: object, _cursor: object, statement: str, asked: Any, _context: object, is_many: bool) -> None:
        if statement.lstrip().startswith(_WRITES):
            is_apart = is_many and isinstance(asked, (list, tuple)) and isinstance(asked[0], (dict, tuple))
            rows[0] += len(asked) if is_apart else statement.count("), (") + 1

    def end(_of: object) -> None:
        if rows[0]:
            found.append(rows[0])
        rows[0] = 0

    heard = (("before_cursor_execute", count), ("commit", end), ("rollback", end))
    for name, heed in heard:
        event.listen(engine, name, heed)
    try:
        yield found
    finally:
        for name, heed in heard:
            event.remove(engine, name, heed)
