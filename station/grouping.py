"""How often one channel calls its people: at once while it is quiet, else what waits goes as one. Pure.

Whoever is called for each of many things hears none of them: EEMUA 191 has an operator take one alarm in 10 minutes on
average, and 10 in 10 minutes at the very most. Nothing is left out for it: what waits is told with the next,
and what is alike stands in one line.
"""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime, timedelta
from typing import Final, TypeVar

T = TypeVar("T")

EVERY: Final = timedelta(minutes=10)
AT_ONCE: Final = 8  # after a long quiet, one right after the other; with those that become free within 10 min, 9
REMEMBERED: Final = AT_ONCE * EVERY  # calls before that hold nothing up any more
ONE_LINE: Final = 4  # alike, of one district; as many as silence is put together from
WATCHED_AT_ONCE: Final = 10  # alarms that stand, each by itself: more than these nobody keeps in view (EEMUA 191)


def free_at(called: Iterable[datetime]) -> datetime | None:
    """From when on a channel may be called again; None: at any time.

    Args:
        called: when it was, in order, at least since `REMEMBERED` ago.
    """
    full_again_at: datetime | None = None
    for at in called:
        full_again_at = max(at, full_again_at or at) + EVERY
    return None if full_again_at is None else full_again_at - (AT_ONCE - 1) * EVERY


def in_lines(things: Iterable[T], likeness: Callable[[T], Hashable | None]) -> list[list[T]]:
    """The lines in which people read these: `ONE_LINE` and more that are alike are one, all else stands alone.

    Args:
        things: in the order in which they are read.
        likeness: what makes two of them alike; None for what is like nothing.
    """
    alike: dict[Hashable, list[T]] = {}
    ordered = [(thing, likeness(thing)) for thing in things]
    for thing, same in ordered:
        if same is not None:
            alike.setdefault(same, []).append(thing)
    lines: list[list[T]] = []
    for thing, same in ordered:
        of_them = [] if same is None else alike[same]
        if len(of_them) < ONE_LINE:
            lines.append([thing])
        elif of_them[0] is thing:
            lines.append(of_them)
    return lines
