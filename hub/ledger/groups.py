"""How many records of people who stand at kiosks now are folded in one step."""

from collections.abc import Iterator, Sequence
from typing import Final

from hub.intake.gathering import Stored

ROWS_AT_ONCE: Final = 32


def in_groups(stored: Sequence[Stored]) -> Iterator[list[Stored]]:
    """As many at once as a step may take, no two of one run: what is asked of the database is asked for all of them."""
    some, runs, rows = list[Stored](), set[int](), 0
    for one in stored:
        if some and (one.run.id in runs or rows + len(one.rows) > ROWS_AT_ONCE):
            yield some
            some, runs, rows = [], set(), 0
        some.append(one)
        runs.add(one.run.id)
        rows += len(one.rows)
    if some:
        yield some
