"""What the hub asks of a kiosk, each once: written down before it is begun, and answered from there ever after.

A command is carried out by the `Doer` of its name. It may end at once or later, from any thread and even after a
restart: what was begun and has not ended is taken up again. All calls but an `Order`'s come from the network's thread.
"""

import logging
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping

from edge.order_book import OrderBook, OrderLine
from edge.timekeeping import Stamp
from station.errors import WireError
from station.names import is_name
from station.records import ClockState
from station.wire.messages import Command, Reply

_log = logging.getLogger(__name__)
EXPIRED = "expired"
INTERRUPTED = "interrupted"


class Order:
    """One command that is being carried out; the first word of its end counts."""

    def __init__(self, command: Command, end: Callable[[Reply], None]) -> None:
        self.id, self.args, self.expires_at = command.id, command.args, command.expires_at
        self._end, self._turn = end, threading.Lock()
        self.has_ended = False

    def done(self, text: str = "", **found: str) -> None:
        """It is done; `found` is what was asked for."""
        self._say(Reply(self.id, ok=True, text=text, found=found))

    def refuse(self, text: str) -> None:
        """It was not done, and why."""
        self._say(Reply(self.id, ok=False, text=text))

    def _say(self, reply: Reply) -> None:
        with self._turn:
            if self.has_ended:
                return
            self.has_ended = True
        self._end(reply)


class Doer(ABC):
    """Carries out one kind of command."""

    @abstractmethod
    def begin(self, order: Order) -> None:
        """Carry it out, or see to it that it is, without waiting; the end is said by `order`."""

    def resume(self, order: Order) -> None:
        """The agent ended before the command did, perhaps in the middle of it."""
        order.refuse(INTERRUPTED)


class Commands:
    """Obeys commands by name.

    Args:
        doers: by the command's name.
        book: where they are written down; without one, nothing is done.
    """

    def __init__(self, doers: Mapping[str, Doer] | None = None, book: OrderBook | None = None) -> None:
        self._doers = doers or {}
        self._book = book
        self._replies: deque[Reply] = deque()
        for written in book.unended() if book is not None else ():
            self._carry_out(written.command, is_new=False)

    def obey(self, command: Command, stamp: Stamp) -> None:
        """Do what is asked, unless that was begun before or is too late.

        Raises:
            WireError: its id is no name.
        """
        if not is_name(command.id):
            raise WireError("a command without a name")
        written = self._book.find(command.id) if self._book is not None else None
        if written is not None:
            self._replies.append(written.reply)
        elif stamp.clock is ClockState.SYNCED and stamp.at > command.expires_at:
            self._refuse(command, EXPIRED)
        elif command.name not in self._doers:
            self._refuse(command, f"unknown command {command.name:.40}")
        elif self._book is None:
            self._replies.append(Reply(command.id, ok=False, text="nothing can be stored here now"))
        else:
            self._begin(command, self._book)

    def replies(self) -> list[Reply]:
        """What is to be said since the last time, of each command the latest."""
        latest: dict[str, Reply] = {}
        while self._replies:
            reply = self._replies.popleft()
            latest[reply.id] = reply
        return list(latest.values())

    @property
    def has_replies(self) -> bool:
        """Whether something is to be said."""
        return bool(self._replies)

    def _begin(self, command: Command, book: OrderBook) -> None:
        begun = Reply(command.id, ok=True, more=True)
        try:
            book.write(OrderLine(command, begun))
        except OSError as exc:
            _log.warning("a command cannot be written down, and is not begun: %s", exc.strerror)
            book.drop(command.id)
            self._replies.append(Reply(command.id, ok=False, text="the disk takes nothing"))
            return
        self._replies.append(begun)
        self._carry_out(command, is_new=True)

    def _carry_out(self, command: Command, *, is_new: bool) -> None:
        order = Order(command, lambda reply: self._end(command, reply))
        doer = self._doers.get(command.name)
        try:
            if doer is None:  # a version before this one had begun it
                order.refuse(INTERRUPTED)
            elif is_new:
                doer.begin(order)
            else:
                doer.resume(order)
        except Exception:  # noqa: BLE001 -- a supervisor: a fault at one command must not end the link
            _log.exception("the command %s failed", command.name)
            order.refuse("failed; see the kiosk's log")

    def _end(self, command: Command, reply: Reply) -> None:
        if self._book is not None:
            try:
                self._book.write(OrderLine(command, reply))
            except OSError as exc:
                _log.warning("what came of a command cannot be written down: %s", exc.strerror)
        self._replies.append(reply)

    def _refuse(self, command: Command, text: str) -> None:
        self._end(command, Reply(command.id, ok=False, text=text))
