"""Everything that can happen next in a world, each as one move.

The line is the worst there is: a message may be delivered any number of times, late, in any order, or never.
"""

from collections.abc import Iterator
from typing import Any

from simulator.model import centre, kiosk
from simulator.model.world import (
    DEAD,
    Backup,
    ModelCard,
    ModelHub,
    ModelRules,
    ModelState,
    Remaining,
    ReportInFlight,
    SettledInFlight,
    WorldExtent,
)

Deed = tuple[object, ...]  # what happens, to be spelled out only where somebody reads it
Move = tuple[Deed, ModelState]


def moves(state: ModelState, bounds: WorldExtent, rules: ModelRules) -> Iterator[Move]:
    """Each move that is open, with the state that it leads to."""
    for place, card in enumerate(state.cards):
        if card.is_on:
            yield from _agent_moves(state, place, bounds, rules)
        elif state.left.starts:
            fresh = kiosk.started(card, state.epochs + 1, rules)
            yield ("card", place, "starts"), _spent(_with_card(state, place, fresh), "starts", epochs=state.epochs + 1)
        yield from _card_moves(state, place)
    yield from _line_moves(state, bounds, rules)
    yield from _hub_moves(state, bounds, rules)


def _agent_moves(state: ModelState, place: int, bounds: WorldExtent, rules: ModelRules) -> Iterator[Move]:
    card, session = state.cards[place], place + 1
    if state.taps < bounds.taps:
        beeped = state._replace(taps=state.taps + 1)
        yield ("card", place, "beeps for tap", beeped.taps), _with_card(beeped, place, kiosk.tapped(card, beeped.taps))
        if not rules.commits_before_beep:
            yield ("card", place, "beeps for tap", beeped.taps, "and does not commit it"), beeped
    if len(state.up) < bounds.up:
        for sender, sent in kiosk.states(card, session, rules):
            yield ("card", place, "sends its state"), _sent(state, place, sender, sent, rules)
        sending = kiosk.journal(card, session, bounds, rules)
        if sending is not None:
            yield ("card", place, "sends taps", sending[1].taps), _sent(state, place, *sending, rules)
    if state.left.cuts:
        cut = _with_card(_hang_up(state, session, rules), place, kiosk.off(card))
        yield ("card", place, "loses its power"), _spent(cut, "cuts")
    if state.left.reconnects:
        again = _with_card(_hang_up(state, session, rules), place, kiosk.reconnected(card))
        yield ("card", place, "connects anew"), _spent(again, "reconnects")
    if state.left.fills:
        eased = kiosk.eased(card)
        if eased != card:
            yield ("card", place, "is full"), _spent(_judged(_with_card(state, place, eased), card, eased), "fills")


def _card_moves(state: ModelState, place: int) -> Iterator[Move]:
    card = state.cards[place]
    if state.left.images and card.shelves:
        image = kiosk.off(card).shelves
        yield ("card", place, "is copied"), _spent(state, "images", images=(*state.images, image))
    if state.left.swaps and not card.is_on:
        for image in state.images:
            put_back = _with_card(_excused(state, card), place, ModelCard(is_on=False, shelves=image))
            yield ("card", place, "gets an old image"), _spent(put_back, "swaps")
    if state.left.swaps and len(state.cards) == 1:
        for image in state.images:
            yield (
                ("a second card gets an old image",),
                _spent(state, "swaps", cards=(*state.cards, ModelCard(is_on=False, shelves=image))),
            )
    if state.left.losses and not card.is_on and card.shelves:
        lost = _with_card(_excused(state, card), place, ModelCard(is_on=False))
        yield ("card", place, "is destroyed"), _spent(lost, "losses")


def _line_moves(state: ModelState, bounds: WorldExtent, rules: ModelRules) -> Iterator[Move]:
    for asked in state.up:
        gone = state._replace(up=tuple(other for other in state.up if other != asked))
        yield (asked, "is lost"), canonical(gone, rules)
        for at in range(len(state.hubs)):
            for how, after in (("reaches", gone), ("reaches, and will again,", state)):
                for outcome, reached in _reached(after, at, asked, bounds, rules):
                    yield (asked, how, "hub", at, outcome), reached
    for answer in state.down:
        gone = state._replace(down=tuple(other for other in state.down if other != answer))
        yield (answer, "is lost"), canonical(gone, rules)
        for place, card in enumerate(state.cards):
            if kiosk.heeds(card, place + 1, answer, rules):
                for how, after in (("obeys", gone), ("obeys, and will hear again,", state)):
                    yield ("card", place, how, answer), heard(after, place, answer, rules)


def _hub_moves(state: ModelState, bounds: WorldExtent, rules: ModelRules) -> Iterator[Move]:
    hub = state.hubs[-1]
    if state.day < bounds.days and len(state.hubs) == 1:
        yield ("a day passes",), state._replace(day=state.day + 1)
    if state.left.backups and state.backups[-1] != Backup(state.day, hub):
        made = (*state.backups, Backup(state.day, hub))
        yield ("the hub makes a backup",), _spent(state, "backups", backups=made)
    for backup in restorable(state, bounds):
        back = centre.started_from(backup.hub, state.day, rules)
        if state.left.restores and back.store != hub.store:
            yield ("the hub is put back to day", backup.day), _spent(state, "restores", hubs=(*state.hubs[:-1], back))
        if state.left.copies:
            yield ("a second hub starts as of day", backup.day), _spent(state, "copies", hubs=(hub, back))
    if not hub.knows_kiosk:
        yield ("the kiosk is entered again",), state._replace(hubs=(*state.hubs[:-1], hub._replace(knows_kiosk=True)))
    if len(state.hubs) > 1:
        yield ("the old hub hears of the new one",), state._replace(hubs=state.hubs[1:])


def restorable(state: ModelState, bounds: WorldExtent) -> tuple[Backup, ...]:
    """The backups that may be put back: no older than what the protocol bears."""
    if bounds.only_newest:
        return state.backups[-1:]
    return tuple({backup: None for backup in state.backups if state.day - backup.day < bounds.keep})


def _reached(
    state: ModelState, at: int, asked: ReportInFlight, bounds: WorldExtent, rules: ModelRules
) -> Iterator[tuple[str, ModelState]]:
    hub = state.hubs[at]
    if not hub.knows_kiosk:
        return
    after, is_sound = centre.stored(hub, asked, state.day, rules)
    committed = _with_hub(state, at, after)
    if not is_sound:
        committed = committed._replace(wrong="a name was given twice")
    if len(state.down) < bounds.down:
        answer = centre.answer(after, state.backups[-1].hub, asked, state.day, bounds.keep)
        yield "which answers", answered(committed, at, answer, rules)
        if not rules.commits_before_settled:
            yield "which answers and dies before the commit", answered(state, at, answer, rules)
    if after != hub:
        yield "which commits and dies", canonical(committed, rules)


def answered(state: ModelState, at: int, answer: SettledInFlight, rules: ModelRules) -> ModelState:
    """Put a `settled` on the line; to a dead session it says nothing."""
    if not centre.holds(state.hubs[at], answer):
        return state._replace(wrong="a hub settled what it does not hold")
    if answer.session == DEAD and rules.own_session_only:
        return canonical(state, rules)
    return canonical(state._replace(down=tuple(sorted({*state.down, answer}))), rules)


def heard(state: ModelState, place: int, answer: SettledInFlight, rules: ModelRules) -> ModelState:
    """A card obeys a `settled`."""
    card = state.cards[place]
    after = kiosk.obeyed(card, answer)
    return canonical(_judged(_with_card(state, place, after), card, after), rules)


def _judged(state: ModelState, before: ModelCard, after: ModelCard) -> ModelState:
    forgotten = kiosk.taps_on(before.shelves) - kiosk.taps_on(after.shelves)
    if forgotten <= centre.taps_at(state.hubs[-1]):
        return state
    return state._replace(wrong="a kiosk forgot what the hub does not hold")


def _sent(state: ModelState, place: int, sender: ModelCard, sent: ReportInFlight, rules: ModelRules) -> ModelState:
    return canonical(_with_card(state, place, sender)._replace(up=tuple(sorted({*state.up, sent}))), rules)


def _with_card(state: ModelState, place: int, card: ModelCard) -> ModelState:
    return state._replace(cards=(*state.cards[:place], card, *state.cards[place + 1 :]))


def _with_hub(state: ModelState, at: int, hub: ModelHub) -> ModelState:
    return state._replace(hubs=(*state.hubs[:at], hub, *state.hubs[at + 1 :]))


def _spent(state: ModelState, what: str, **changes: Any) -> ModelState:
    left: Remaining = state.left
    return state._replace(left=left._replace(**{what: getattr(left, what) - 1}), **changes)


def _excused(state: ModelState, card: ModelCard) -> ModelState:
    return state._replace(excused=state.excused | kiosk.taps_on(card.shelves))


def _hang_up(state: ModelState, session: int, rules: ModelRules) -> ModelState:
    """A session ends: what it sent is on its way still, what it asked for concerns nobody."""
    up = {asked if asked.session != session else asked._replace(session=DEAD, n=0) for asked in state.up}
    down = {
        answer if answer.session != session else answer._replace(session=DEAD)
        for answer in state.down
        if answer.session != session or not rules.own_session_only
    }
    return state._replace(
        up=tuple(sorted(asked for asked in up if asked.session or asked.taps)), down=tuple(sorted(down))
    )


def canonical(state: ModelState, rules: ModelRules) -> ModelState:
    """The same state with the lowest numbers `n` that keep their order: only that counts."""
    if not rules.own_session_only:
        return state
    cards, up, down = state.cards, state.up, state.down
    for place, card in enumerate(cards):
        session = place + 1
        used = {card.n, card.obeyed}
        used.update(asked.n for asked in up if asked.session == session)
        used.update(answer.n for answer in down if answer.session == session)
        if max(used) == len(used) - 1:
            continue  # they are the lowest
        rank = {n: place_ for place_, n in enumerate(sorted(used))}
        ranked = card._replace(n=rank[card.n], obeyed=rank[card.obeyed])
        cards = (*cards[:place], ranked, *cards[place + 1 :])
        up = tuple(sorted(a._replace(n=rank[a.n]) if a.session == session else a for a in up))
        down = tuple(sorted(a._replace(n=rank[a.n]) if a.session == session else a for a in down))
    return state if cards is state.cards else state._replace(cards=cards, up=up, down=down)


def spelled(deed: Deed) -> str:
    """A deed in words."""
    return " ".join(_word(part) for part in deed)


def _word(part: object) -> str:
    match part:
        case ReportInFlight(taps=(), kept=kept):
            return f"state of epochs {[epoch for epoch, _ in kept]}"
        case ReportInFlight(taps=taps, kept=kept, first=first):
            return f"journal {kept[0][0]}/{first} {list(taps)}"
        case SettledInFlight(told=told):
            return "settled " + ", ".join(f"{epoch} through {through}" for epoch, through, *_ in told)
    return str(part)
