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
NOT_NOW: Final = "not now"  # how a refusal begins that the version is not to blame for
FAILED: Final = "failed"
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
        self.tend()
        (self._directory / RESULT).unlink(missing_ok=True)
        write_whole(self._directory / WISH, json.dumps({**order.args, "order": order.id}).encode())
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
            is_ok, text = bool(result["ok"]), str(result["text"])
            why = f"{NOT_NOW if result.get('not_now') else FAILED}: {text}"
            for order in self._answered_by(result.get("order")):
                order.done(text) if is_ok else order.refuse(why)
            (self._directory / RESULT).unlink()

    def _answered_by(self, order: str | None) -> list[Order]:
        """Those that a result is of: one; all where an updater of before does not say of which.

        Those before that one were overtaken, and nothing will be said of them.
        """
        if order is None:
            answered, self._orders = self._orders, []
            return answered
        ids = [each.id for each in self._orders]
        if order not in ids:
            return []
        at = ids.index(order)
        overtaken, answered, self._orders = self._orders[:at], self._orders[at : at + 1], self._orders[at + 1 :]
        for each in overtaken:
            each.refuse(f"{NOT_NOW}: another was wanted meanwhile")
        return answered
