"""One antenna's debounce: many polls in, one appearance a card out. Pure; time comes as an argument.

A card is gone after three polls without it, so one missed answer is no second tap, and two cards that take turns in one
wallet are two appearances, not a storm. A card that lay there before a reader failed lies there after, however long
that took, until it is seen to go. All random numbers are one card, "a phone", whatever each poll read. Whether an
appearance counts as a tap (the guard) is the agent's to decide.
"""

from dataclasses import dataclass
from typing import Final

from devices.card import Card, CardRefusal, judge

GONE_AFTER: Final = 3  # polls without the card: a card at the edge of the field misses one or two
LAPSE_S: Final = 5.0  # unwatched for longer, nobody can say that a card was held meanwhile


@dataclass(frozen=True, slots=True)
class Appeared:
    """A card came to lie on the plate."""

    card: Card


@dataclass(frozen=True, slots=True)
class Left:
    """That card is gone."""

    card: Card


@dataclass(slots=True)
class _Lying:
    card: Card
    since_s: float  # in watched seconds
    missed: int = 0


class Plate:
    """What lies on one antenna. Feed it only polls that the reader answered: a silent reader saw no empty plate."""

    def __init__(self) -> None:
        self._lying: dict[object, _Lying] = {}
        self._looked_s: float | None = None
        self._unwatched_s = 0.0  # all in all

    @property
    def is_occupied(self) -> bool:
        """A card lies here, or was seen so lately that it may still."""
        return bool(self._lying)

    def look(self, card: Card | None, mono_s: float) -> tuple[Appeared | Left, ...]:
        """Take in one answered poll, at a monotonic time, and tell what changed."""
        self._unwatched_s += self._lapse_s(mono_s)
        self._looked_s = mono_s
        if card is None and not self._lying:  # nothing came and nothing goes: what most polls tell
            return ()
        seen = None if card is None else _identity(card)
        changes: list[Appeared | Left] = [*self._miss_all_but(seen)]
        if card is not None and seen in self._lying:
            self._lying[seen].missed = 0
        elif card is not None:
            self._lying[seen] = _Lying(card, mono_s - self._unwatched_s)
            changes.append(Appeared(card))
        return tuple(changes)

    def held_s(self, card: Card, mono_s: float) -> float:
        """How long this card has been lying here before somebody's eyes, in seconds; 0 where it does not."""
        lying = self._lying.get(_identity(card))
        return 0.0 if lying is None else mono_s - self._unwatched_s - self._lapse_s(mono_s) - lying.since_s

    def _lapse_s(self, mono_s: float) -> float:
        """How long nobody has watched, up to now."""
        gap_s = 0.0 if self._looked_s is None else mono_s - self._looked_s
        return gap_s if gap_s > LAPSE_S else 0.0

    def _miss_all_but(self, seen: object) -> list[Left]:
        gone = []
        for identity, lying in list(self._lying.items()):
            lying.missed += identity != seen
            if lying.missed >= GONE_AFTER:
                del self._lying[identity]
                gone.append(Left(lying.card))
        return gone


def _identity(card: Card) -> object:
    return CardRefusal.RANDOM_NUMBER if judge(card) is CardRefusal.RANDOM_NUMBER else (card.technology, card.number)
