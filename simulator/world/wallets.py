"""Which cards people carry, where that is not as they were invented: cards get lost, and go from hand to hand."""

from simulator.acts import SimCard


class Wallets:
    """By the card that somebody was invented with, the one that they carry now."""

    def __init__(self) -> None:
        self._instead: dict[SimCard, SimCard] = {}

    @property
    def has_changes(self) -> bool:
        """Whether anybody carries another card."""
        return bool(self._instead)

    def now(self, card: SimCard) -> SimCard:
        """What its owner carries in the place of that card."""
        return self._instead.get(card, card)

    def replace(self, carried: SimCard, by: SimCard) -> None:
        """Whoever carries this one carries another from now on."""
        invented = next((old for old, new in self._instead.items() if new == carried), carried)
        self._instead[invented] = by
