"""Ends the agent when it is told to by a signal.

A handler runs on the main thread between two steps of whatever that does, so it must wait for no lock: an `Event` that
is set there hangs for ever where its own lock is held just then, as it is while a second signal comes. A `SimpleQueue`
may be filled from a handler (Python's documentation of queue says so); a thread of its own sets the event.
"""

import signal
import threading
from queue import SimpleQueue
from typing import Any, Final

TOLD_BY: Final = (signal.SIGTERM, signal.SIGINT)


def end_by_signals(ending: threading.Event) -> None:
    """Set `ending` as soon as one of `TOLD_BY` comes; call it on the main thread."""
    came: SimpleQueue[None] = SimpleQueue()

    def wait() -> None:
        came.get()
        ending.set()

    def tell(*_: Any) -> None:
        came.put(None)

    threading.Thread(target=wait, name="signals", daemon=True).start()
    for number in TOLD_BY:
        signal.signal(number, tell)
