"""The command `update`: asks the machine's updater for the version that the hub offers, and says what came of it.

The updater is root's and a program of its own; the agent may only wish, by a file. Never while the station is open, nor
in the hour before and after: a kiosk that is being changed takes no tap for some seconds. At a station that never
closes the hub chooses the moment; and where a kiosk is switched off with the lights, a person at the hub does.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from edge.commands import Doer, Order
from edge.whole_file import write_whole
from station.at_rest import may_be_changed
from station.hours import Calendar

NAME: Final = "update"
WISH: Final = "update-wanted"
RESULT: Final = "update-result.json"
OPEN: Final = "open"  # the hub asks again later
"""What is answered while the station is open; and the argument by which a person wants it all the same."""


class UpdateWish(Doer):
    """Wishes, and waits for the result.

    Args:
        directory: the agent's own.
        calendar: the station's hours; None where they are not known.
        now: the kiosk's clock; None where it cannot be trusted.
    """

    def __init__(
        self, directory: Path, calendar: Callable[[], Calendar | None], now: Callable[[], datetime | None]
    ) -> None:
        self._directory, self._calendar, self._now = directory, calendar, now
        self._orders: list[Order] = []

    def begin(self, order: Order) -> None:
        """Wish for it, where nobody is disturbed."""
        calendar, now = self._calendar(), self._now()
        is_wanted_now = order.args.get(OPEN) == "yes"
        if not is_wanted_now and calendar is not None and now is not None and not may_be_changed(calendar, now):
            order.refuse(OPEN)
            return
        (self._directory / RESULT).unlink(missing_ok=True)
        write_whole(self._directory / WISH, json.dumps(dict(order.args)).encode())
        self._orders.append(order)

    def resume(self, order: Order) -> None:
        """The agent is another one now, or the same again."""
        self._orders.append(order)

    def tend(self) -> None:
        """Answer, once the updater has said what came of it; call it now and then."""
        if not self._orders:
            return
        with suppress(OSError, ValueError, KeyError, TypeError):
            result = json.loads((self._directory / RESULT).read_bytes())
            while self._orders:
                order = self._orders.pop()
                order.done(result["text"]) if result["ok"] else order.refuse(f"failed: {result['text']}")
            (self._directory / RESULT).unlink()
