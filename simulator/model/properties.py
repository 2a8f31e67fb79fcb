"""What must hold in every state: no beep lost, none doubled, and all settled once the faults stop."""

from collections import Counter
from typing import Final

from simulator.model import centre, kiosk
from simulator.model.world import ModelCard, ModelRules, ModelState, ReportInFlight, WorldExtent

LOST: Final = "a beep is lost"
DOUBLED: Final = "a beep counts twice"
UNSETTLED: Final = "the faults stopped, and a beep never settles"
_ROUNDS: Final = 60


def broken(state: ModelState) -> str:
    """The rule that this state breaks, or nothing."""
    if state.wrong:
        return state.wrong
    names = Counter(tap for _, _, tap, _ in state.hubs[-1].store)
    if any(count > 1 for count in names.values()):
        return DOUBLED
    held = names.keys() | {tap for card in state.cards for shelf in card.shelves for tap in shelf.taps}
    if all(tap in held or tap in state.excused for tap in range(1, state.taps + 1)):
        return ""
    return LOST


def stuck(state: ModelState, bounds: WorldExtent, rules: ModelRules) -> str:
    """The rule that is broken if from here on nothing goes wrong any more, or nothing.

    What is on its way is lost; nobody connects anew. That it arrives first needs no look of its own: it leads to other
    states, where there is less on its way.
    """
    return _Calm(state, bounds, rules).run()


class _Calm:
    """The world without faults: everything that is sent arrives, and is answered."""

    def __init__(self, state: ModelState, bounds: WorldExtent, rules: ModelRules) -> None:
        self.hub = state.hubs[-1]._replace(knows_kiosk=True)
        self.cards = list(state.cards)
        self._state = state
        self._bounds = bounds
        self._rules = rules
        epochs = state.epochs
        for place, card in enumerate(self.cards):
            if not card.is_on:
                epochs += 1
                self.cards[place] = kiosk.started(card, epochs, rules)

    def run(self) -> str:
        """Let the agents do what they do; tells what is wrong at the end."""
        quiet = 0
        for turn in range(_ROUNDS):
            before = (self.hub, *(card.told for card in self.cards))
            for place, card in enumerate(self.cards):
                self._beat(place, card, turn)
            quiet = quiet + 1 if before == (self.hub, *(card.told for card in self.cards)) else 0
            if quiet > max(len(card.shelves) for card in self.cards):
                break
        if any(kiosk.unsettled(card) for card in self.cards):
            return UNSETTLED
        wanted = {tap for card in self.cards for shelf in card.shelves for tap in shelf.taps}
        at_hub = centre.taps_at(self.hub)
        if not wanted <= at_hub:
            return UNSETTLED
        return broken(self._state._replace(hubs=(self.hub,), cards=tuple(self.cards)))

    def _beat(self, place: int, card: ModelCard, turn: int) -> None:
        chances = list(kiosk.states(card, place + 1, self._rules))
        self.cards[place], asked = chances[turn % len(chances)]
        self._ask(asked)
        sending = kiosk.journal(self.cards[place], place + 1, self._bounds, self._rules)
        if sending is not None:
            self.cards[place], asked = sending
            self._ask(asked)

    def _ask(self, asked: ReportInFlight) -> None:
        day = self._state.day
        self.hub, is_sound = centre.stored(self.hub, asked, day, self._rules)
        if not is_sound:
            self._state = self._state._replace(wrong="a name was given twice")
        answer = centre.answer(self.hub, self._state.backups[-1].hub, asked, day, self._bounds.keep)
        for place, card in enumerate(self.cards):
            if kiosk.heeds(card, place + 1, answer, self._rules):
                self.cards[place] = kiosk.obeyed(card, answer)
