"""The chip's antenna: what lies on it, and what of it was listed and can be spoken to."""

from collections.abc import Callable

from simulator.chip.air import REQA, SHORT_FRAME, AirCard, AirFrame


class CollisionError(Exception):
    """Several cards answered at once, and not the same."""


class Field:
    """The field, with any number of cards in it.

    Attributes:
        listed: the cards last found, in the order of their target numbers from 1 on.
        current: the one that is spoken to.
    """

    def __init__(self) -> None:
        self.is_on = False
        self.cards: tuple[AirCard, ...] = ()
        self.listed: tuple[AirCard, ...] = ()
        self.current: AirCard | None = None

    def lay(self, cards: tuple[AirCard, ...]) -> None:
        """Have these in the field, and no others; those that stay notice nothing."""
        came = [card for card in cards if card not in self.cards]
        self.cards = cards
        if self.is_on:
            for card in came:
                card.feel_field()

    def switch(self, *, on: bool) -> None:
        """Switch the field; off, everything is forgotten."""
        if on and not self.is_on:
            for card in self.cards:
                card.feel_field()
        if not on:
            self.forget()
        self.is_on = on

    def forget(self) -> None:
        """Have nothing listed."""
        self.listed, self.current = (), None

    def halt(self, number: int) -> None:
        """Send a listed card to sleep, all of them where the number is 0: the next search finds another."""
        for at, card in enumerate(self.listed, 1):
            if number in (0, at) and self.reaches(card):
                card.halt()
                if card is self.current:
                    self.current = None

    def target(self, number: int) -> AirCard | None:
        """The card of a target number; from now on it is the one spoken to."""
        if not 1 <= number <= len(self.listed):
            return None
        self.current = self.listed[number - 1]
        if self.current in self.cards and not self.current.is_selected:
            self.current.select()
        return self.current

    def reaches(self, card: AirCard | None) -> bool:
        """Whether it still lies there."""
        return card is not None and self.is_on and card in self.cards

    def search(self, most: int, is_wanted: Callable[[AirCard], bool]) -> AirCard | None:
        """Call once, and list at most so many cards of those that answer and are wanted.

        Returns:
            Any card that answered the call, listed or not.
        """
        called = [card for card in self.cards if self.is_on and card.is_called(REQA)]
        found = [card for card in called if is_wanted(card) and not card.slips_away]
        found.sort(key=lambda card: card.number)  # anticollision goes down the branch of zeros first
        for card in called:
            card.rest()
        self.listed = tuple(found[:most])
        for card in self.listed:
            card.select()
        self.current = self.listed[0] if self.listed else None
        return called[0] if called else None

    def send(self, frame: AirFrame) -> AirFrame | None:
        """Send any frame, and hear what comes back.

        Raises:
            CollisionError: answers that cannot be told apart.
        """
        if not self.is_on:
            return None
        hearing = [card for card in self.cards if self._listens(card, frame)]
        answers = {answer for card in hearing if (answer := card.hear(frame)) is not None}
        if self.current is None:
            self.current = next((card for card in self.cards if card.is_selected), None)
        if len(answers) > 1:
            raise CollisionError
        return answers.pop() if answers else None

    def _listens(self, card: AirCard, frame: AirFrame) -> bool:
        return frame.last_bits == SHORT_FRAME or not card.is_selected or self.current in (None, card)
