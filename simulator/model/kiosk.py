"""What an agent does: start, tap, send, obey and forget.

Functions of one card; `moves` puts them into the world. Restart or cut, a card's shelves are what stays.
"""

from collections.abc import Iterable, Iterator

from simulator.model.world import ModelCard, ModelRules, ModelShelf, ReportInFlight, SettledInFlight, WorldExtent


def started(card: ModelCard, epoch: int, rules: ModelRules) -> ModelCard:
    """Begin a run on that card, under an epoch never given before."""
    shelves = tuple(shelf for shelf in card.shelves if shelf.taps)
    if not rules.new_epoch_at_start and shelves:
        return card._replace(is_on=True)
    running = ModelShelf(epoch, 1, ())
    if not rules.keeps_names:
        running = running._replace(taps=tuple(tap for shelf in shelves for tap in shelf.taps))
    return card._replace(is_on=True, shelves=(*shelves, running))


def tapped(card: ModelCard, tap: int) -> ModelCard:
    """Commit one tap."""
    running = card.shelves[-1]
    return card._replace(shelves=(*card.shelves[:-1], running._replace(taps=(*running.taps, tap))))


def reconnected(card: ModelCard) -> ModelCard:
    """A new session: nothing that an earlier one was told counts."""
    return card._replace(n=0, obeyed=0, told=())


def off(card: ModelCard) -> ModelCard:
    """The power is cut, or the agent killed."""
    return ModelCard(is_on=False, shelves=tuple(shelf for shelf in card.shelves if shelf.taps))


def through_of(card: ModelCard, epoch: int) -> int:
    """How far the session was told that an epoch is settled."""
    for told in card.told:
        if told.epoch == epoch:
            return told.through
    return 0


def unsettled(card: ModelCard) -> list[ModelShelf]:
    """The epochs with records that are not settled in this session, oldest first."""
    return [shelf for shelf in card.shelves if shelf.taps and through_of(card, shelf.epoch) < shelf.last]


def states(card: ModelCard, session: int, rules: ModelRules) -> Iterator[tuple[ModelCard, ReportInFlight]]:
    """Each `state` that the agent may send next: they differ in the settled epoch whose turn it is."""
    must = {shelf.epoch for shelf in unsettled(card)} | {card.shelves[-1].epoch}
    others = [shelf.epoch for shelf in card.shelves if shelf.taps and shelf.epoch not in must]
    for other in others if others and rules.asks_in_turn else (0,):
        kept = tuple((shelf.epoch, shelf.kept_from) for shelf in card.shelves if shelf.epoch in {*must, other})
        yield card._replace(n=card.n + 1), ReportInFlight(session, card.n + 1, kept)


def journal(
    card: ModelCard, session: int, bounds: WorldExtent, rules: ModelRules
) -> tuple[ModelCard, ReportInFlight] | None:
    """The agent sends from the first unsettled record on, if there is one."""
    waiting = unsettled(card)
    if not waiting:
        return None
    shelf = waiting[0]
    first = max(through_of(card, shelf.epoch) + 1, shelf.kept_from)
    taps = shelf.taps[first - shelf.kept_from :][: bounds.batch]
    sent = ReportInFlight(session, card.n + 1, ((shelf.epoch, shelf.kept_from),), first, taps)
    card = card._replace(n=card.n + 1)
    if not rules.keeps_until_settled:
        card = _replace_shelf(card, _without(shelf, first + len(taps) - 1))
    return card, sent


def heeds(card: ModelCard, session: int, answer: SettledInFlight, rules: ModelRules) -> bool:
    """Whether the agent obeys that `settled`."""
    if not card.is_on or (rules.own_session_only and answer.session != session):
        return False
    return answer.n >= card.obeyed or not rules.no_lower_n


def obeyed(card: ModelCard, answer: SettledInFlight) -> ModelCard:
    """Take in a `settled`, whether it rises or falls, and forget what the hub has held for long enough."""
    told = {told.epoch: told for told in card.told} | {told.epoch: told for told in answer.told}
    aged = {told.epoch: min(told.through, told.aged) for told in told.values()}
    known = {shelf.epoch for shelf in card.shelves}
    return card._replace(
        shelves=tuple(_without(shelf, aged.get(shelf.epoch, 0)) for shelf in card.shelves),
        obeyed=max(answer.n, card.obeyed),
        told=tuple(told[epoch] for epoch in sorted(told) if epoch in known),
    )


def eased(card: ModelCard) -> ModelCard:
    """The card is full: forget what is settled and in the hub's newest backup."""
    backed = {told.epoch: min(told.through, told.backed) for told in card.told}
    return card._replace(shelves=tuple(_without(shelf, backed.get(shelf.epoch, 0)) for shelf in card.shelves))


def taps_on(shelves: Iterable[ModelShelf]) -> frozenset[int]:
    """The taps that a journal holds."""
    return frozenset(tap for shelf in shelves for tap in shelf.taps)


def _without(shelf: ModelShelf, through: int) -> ModelShelf:
    through = min(through, shelf.last)
    if through < shelf.kept_from:
        return shelf
    return ModelShelf(shelf.epoch, through + 1, shelf.taps[through + 1 - shelf.kept_from :])


def _replace_shelf(card: ModelCard, shelf: ModelShelf) -> ModelCard:
    return card._replace(shelves=tuple(shelf if old.epoch == shelf.epoch else old for old in card.shelves))
