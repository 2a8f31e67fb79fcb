"""Long work beside people who wait: in pieces of some milliseconds, with rests between them.

A thread that reckons keeps the interpreter for 2 ms each time another one asks for it, and a tap on its way to the
board asks some ten times: what takes a third of a second at once holds up every tap of it. For threads for which nobody
waits.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeVar

T = TypeVar("T")
OneByOne = Callable[[Iterable[Any]], Iterable[Any]]
"""In what way many things are gone through: by `iter`, or giving way."""
PIECE_S: Final = 0.002  # of the processor's time
REST: Final = 3  # so many times as long as the piece took


def giving_way(some: Iterable[T]) -> Iterator[T]:
    """The same, one by one; rests where what is done with them has taken a piece's time."""
    began_s = time.thread_time()
    for one in some:
        yield one
        worked_s = time.thread_time() - began_s
        if worked_s >= PIECE_S:
            time.sleep(worked_s * REST)
            began_s = time.thread_time()
