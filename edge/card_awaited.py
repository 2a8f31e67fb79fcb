"""The command `read_card`: the next card held here is no tap; its token goes to the hub, which gives it to somebody.

Whom it is for is shown by masked name. It waits for a minute, for one card: a telephone, or nobody, ends it too. What
the hub made of it is told once the roster has it.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from devices.card import Card, CardRefusal
from devices.signals import Signal
from edge import answers
from edge.commands import Doer, Order
from edge.people import WhoseCard
from edge.site_keys import TokenPair
from edge.voice import Voice
from station.wire.told import Holder

NAME: Final = "read_card"
WAITS_S: Final = 60.0
SHOWN_EVERY_S: Final = 10.0
AFTER_S: Final = 5.0  # as the guard: who lifts it and puts it back means the same card still
NO_CARD: Final = "no_card"
BUSY: Final = "busy"


@dataclass(slots=True)
class _Read:
    """The card that was read last, for whom, and until when that matters."""

    names: TokenPair
    person: str
    name: str
    read_s: float
    is_told: bool = False


@dataclass(slots=True)
class CardAwaited:
    """Waits for one card. `wait` may come from any thread, all else from the readers'."""

    voice: Voice
    now_s: Callable[[], float]
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _order: Order | None = None
    _until_s: float = 0.0
    _next_s: float = 0.0
    _read: _Read | None = None

    def wait(self, order: Order) -> None:
        """Begin, unless somebody else's is awaited."""
        with self._turn:
            is_busy = self._order is not None
            if not is_busy:
                self._order, self._next_s = order, float("-inf")
                self._until_s = self.now_s() + WAITS_S
        if is_busy:
            order.refuse(BUSY)

    def make(self, person_of: Callable[..., WhoseCard]) -> None:
        """Show whom it is for, give up in time, and tell what became of it; call it a few times a second."""
        now_s, order = self.now_s(), self._order
        if order is not None and now_s >= self._until_s:
            self._end().refuse(NO_CARD)
            self.voice.show(Signal.REFUSED, answers.no_card_came())
        elif order is not None and now_s >= self._next_s:
            self._next_s = now_s + SHOWN_EVERY_S
            self.voice.show(Signal.CARD_WANTED, answers.card_wanted(order.args.get("name", "")))
        self._tell_given(person_of, now_s)

    def refuse(self, refusal: CardRefusal) -> bool:
        """Take in a card that can stand for nobody; whether one was awaited."""
        if self._order is None:
            return False
        self._end().refuse(refusal.value)
        self.voice.show(Signal.REFUSED, answers.refused(refusal))
        return True

    def take(self, card: Card, names: TokenPair, person: WhoseCard) -> bool:
        """Take in a card; whether it was the awaited one, or is that one still, and so is no tap."""
        now_s, order = self.now_s(), self._order
        if order is None:
            read = self._read
            return read is not None and read.names == names and now_s - read.read_s < AFTER_S
        wanted, name = order.args.get("person", ""), order.args.get("name", "")
        self._read = _Read(names, wanted, name, now_s)
        is_lost = person.holder is not None and Holder.REVOKED in person.holder.flags
        is_others = person.counted and person.holder is not None and person.holder.person != wanted
        said = answers.card_lost() if is_lost else answers.card_of_another() if is_others else answers.card_read(name)
        self.voice.show(Signal.REFUSED if is_lost or is_others else Signal.CARD_READ, said)
        more = {} if names.next_token is None else {"next_token": names.next_token}
        self._end().done(token=names.token, technology=card.technology, **more)
        return True

    def _end(self) -> Order:
        with self._turn:
            order, self._order = self._order, None
        assert order is not None
        return order

    def _tell_given(self, person_of: Callable[..., WhoseCard], now_s: float) -> None:
        read = self._read
        if read is None or read.is_told or now_s - read.read_s > WAITS_S:
            return
        holder = person_of(*read.names).holder
        if holder is not None and holder.person == read.person and Holder.REVOKED not in holder.flags:
            read.is_told = True
            self.voice.show(Signal.CARD_READ, answers.card_given(read.name))


class ReadCard(Doer):
    """Lets it wait."""

    def __init__(self, awaited: CardAwaited) -> None:
        self._awaited = awaited

    def begin(self, order: Order) -> None:
        """The next card ends it."""
        self._awaited.wait(order)
