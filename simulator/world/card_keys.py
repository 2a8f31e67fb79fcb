"""What each card is called under the site keys that a world has had: the oracle knows a card by its first name alone.

Reckoned from the cards' numbers, which no hub has; so it owes nothing to what the hub has learnt of them.
"""

from collections.abc import Iterable

from simulator.acts import SimCard
from simulator.antennas import card_at_seam
from station.names import Token
from station.token import token_of


class CardKeys:
    """The keys so far, and the cards.

    Args:
        first: the key under which these cards are entered.
        cards: of the city.

    Attributes:
        holding: the key under which a new card is entered.
    """

    def __init__(self, first: bytes, cards: Iterable[SimCard]) -> None:
        self._keys = [first]
        self.holding = first
        self._entered: dict[SimCard, Token] = {}
        self._firsts: dict[Token, Token] = {}
        self._cards = {card: self.under(first, card) for card in cards}

    def add(self, key: bytes) -> None:
        """Let there be another."""
        self._keys.append(key)
        for card in self._cards:
            self._note(card)

    def first(self, card: SimCard) -> Token:
        """A card's name under the first key."""
        if card not in self._cards:
            self._cards[card] = self.under(self._keys[0], card)
            self._note(card)
        return self._cards[card]

    def first_of(self, token: Token) -> Token:
        """The first name of the card that bears this one."""
        return self._firsts.get(token, token)

    def entered(self, card: SimCard) -> Token:
        """Under which name the hub has it: that of the key which held when it was entered."""
        return self._entered.get(card, self.first(card))

    def enter(self, card: SimCard) -> Token:
        """It is entered now."""
        self.first(card)
        return self._entered.setdefault(card, self.under(self.holding, card))

    def names(self, key: bytes) -> list[tuple[Token, Token]]:
        """Each card under that key, and as the hub has it."""
        return [(self.under(key, card), self.entered(card)) for card in self._cards]

    def under(self, key: bytes, card: SimCard) -> Token:
        """A card's name under a key."""
        seen = card_at_seam(card)
        return token_of(key, seen.technology, seen.number)

    def _note(self, card: SimCard) -> None:
        self._firsts |= {self.under(key, card): self._cards[card] for key in self._keys[1:]}
