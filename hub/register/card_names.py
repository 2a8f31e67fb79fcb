"""Which tokens are one card: what kiosks and imports said of it, and what of that holds.

Each token leads to the name under which its card was entered, where its holdings and losses stand. That need not be
the oldest: a card that was entered under the second key is called by the first at a kiosk that comes back from before.
Where sayings contradict each other, none holds: a tap is nobody's rather than somebody else's. What the hub reckoned
from a card's number itself counts before what kiosks say.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, or_, select, union
from sqlmodel import col

from hub.database.card_names import HUB, SaidName
from hub.database.key_tables import CardName, KeyChange
from hub.database.people_tables import CardRow
from hub.database.transactions import table_of
from hub.register.people import KnownCard
from station.names import Token

TOLD: Final = timedelta(days=7)
"""For so long kiosks are told a card's old name beside the new one: longer than they remember their own taps."""


@dataclass(frozen=True, slots=True)
class CardNames:
    """What is known of names.

    Attributes:
        firsts: for each other name of a card the first: that under which it was entered, where it was.
        formers: each later name's names before.
        doubted: names of which nobody knows whose they are.
    """

    firsts: Mapping[str, str] = field(default_factory=dict)
    formers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    doubted: frozenset[str] = frozenset()

    def first(self, token: str) -> str:
        """The first name of a card."""
        return self.firsts.get(token, token)


@dataclass(frozen=True, slots=True)
class KeyState:
    """How the site key stands.

    Attributes:
        mark: the fingerprint of the key that holds; empty where it is the first.
        finished_ms: since when.
        coming: the fingerprint of the one that is to come; empty where none is.
        began_ms: since when that is under way.
    """

    mark: str = ""
    finished_ms: int = 0
    coming: str = ""
    began_ms: int | None = None


def read_key_state(connection: Connection) -> KeyState:
    """How it stands."""
    state = KeyState()
    for row in connection.execute(select(table_of(KeyChange)).order_by(col(KeyChange.began_ms))):
        if row.finished_ms is None:
            state = replace(state, coming=row.mark, began_ms=row.began_ms)
        elif row.finished_ms >= state.finished_ms:
            state = replace(state, mark=row.mark, finished_ms=row.finished_ms)
    return state


def read_card_names(connection: Connection, before_ms: int | None = None) -> CardNames:
    """What holds of all that was said, or of what was said before that moment.

    Since then it counts alone where a card's later name is the one under which it was entered.
    """
    entered, query = select(col(CardRow.token)), select(table_of(CardName))
    if before_ms is not None:
        query = query.where(or_(col(CardName.learned_ms) < before_ms, col(CardName.token).in_(entered)))
    named = union(select(col(CardName.token)), select(col(CardName.former)))
    known = connection.execute(entered.where(col(CardRow.token).in_(named))).scalars()
    said = (SaidName(row.token, row.former, row.said_by) for row in connection.execute(query))
    return names_of(said, set(known))


def names_of(said: Iterable[SaidName], entered: Collection[str] = ()) -> CardNames:
    """What holds of it.

    Args:
        said: in any order.
        entered: those of the names under which cards were entered.
    """
    by_hub: dict[str, set[str]] = defaultdict(set)
    by_all: dict[str, set[str]] = defaultdict(set)
    for name in said:
        by_all[name.token].add(name.former)
        if name.said_by == HUB:
            by_hub[name.token].add(name.former)
    formers = {token: frozenset(by_hub.get(token) or of_all) for token, of_all in by_all.items()}
    firsts, doubted = dict[str, str](), set[str]()
    laters: dict[str, set[str]] = defaultdict(set)
    for token in formers:
        found, seen = _roots(token, formers)
        found = found.intersection(entered) or seen.intersection(entered) or found
        if token in entered:
            found = {token}
        elif len(found) == 1:
            firsts[token] = next(iter(found))
        else:
            doubted.add(token)
        if len(found) == 1 and not found.isdisjoint(entered):
            for old in seen.difference(formers, entered):
                laters[old] |= found
    for token, found in laters.items():
        if len(found) == 1:
            firsts[token] = found.pop()
        else:
            doubted.add(token)
    return CardNames(firsts, formers, frozenset(doubted))


def _roots(token: str, formers: Mapping[str, frozenset[str]]) -> tuple[set[str], set[str]]:
    """The names to which a token leads that lead no further, none where they lead round; and all on the way."""
    found, seen, waiting = set[str](), set[str](), [token]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in formers:
            waiting += formers[name]
        else:
            found.add(name)
    return found, seen


def with_later_names(
    cards: Mapping[Token, KnownCard], names: CardNames, state: KeyState
) -> tuple[dict[Token, KnownCard], dict[Token, int]]:
    """The cards by every name that they have, and since when kiosks are told some of these no more."""
    named, retired = dict(cards), dict[Token, int]()
    until_ms = state.finished_ms + TOLD // timedelta(milliseconds=1)
    for other, first in names.firsts.items():
        card = cards.get(Token(first))
        if card is not None and Token(other) not in cards:
            named[Token(other)] = card
    for later, formers in names.formers.items() if state.mark else ():
        if Token(later) in named:
            ours = (former for former in formers if names.first(former) == names.first(later))
            retired.update(dict.fromkeys(map(Token, ours), until_ms))
    return named, retired
