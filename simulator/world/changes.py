"""Changes of the city while it lives: cards are lost and change hands, terms change from tomorrow, taps are corrected.

Each is made by the hub's own commands, in its database, whether a hub runs or not; people and truth follow at once. A
database that takes nothing is asked again.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random
from typing import Final

from devices.card import ISO14443A
from hub.changing.commands import AssignCard, CityCommand, EnterCard, LoseCard, SetTerms
from simulator.acts import Act, Beeped, Gesture, Intention, SimCard
from simulator.city import SimVolunteer
from simulator.opening import DAY, ZONE
from simulator.truth import TARGET
from simulator.world.centre import Centre
from simulator.world.corrections import Corrections
from simulator.world.crowd import Crowd
from simulator.world.registry import Registry
from simulator.world.scenario import FaultKind
from simulator.world.timeline import Timeline

AGAIN_S: Final = 60.0
FOUND_WITHIN_S: Final = 3600.0
MORE: Final = 2  # people from tomorrow on, or one again


class Changes:
    """Makes them, one after another."""

    def __init__(self, registry: Registry, crowd: Crowd, centre: Centre, timeline: Timeline, seed: int) -> None:
        self._registry, self._crowd, self._centre, self._timeline = registry, crowd, centre, timeline
        self._rng = Random(f"{seed} changes")
        self._corrections = Corrections(registry, crowd, centre, timeline, seed)
        self._new_cards = 0

    def make(self, kind: FaultKind) -> None:
        """Let something of that kind change now."""
        people = [one for one in self._registry.city.volunteers if not one.spare]
        match kind:
            case FaultKind.CARD_LOST:
                self._lose(self._rng.choice(people))
            case FaultKind.CARD_GIVEN:
                self._give(*self._rng.sample(people, 2))
            case FaultKind.TERMS:
                self._set_terms(self._rng.choice(self._registry.city.stations).code)
            case FaultKind.AMEND:
                self._corrections.make()

    def _lose(self, one: SimVolunteer) -> None:
        """Somebody loses their card and gets another at once; a finder tries the lost one."""
        lost, new = self._crowd.wallets.now(one.cards[0]), self._new_card()
        token = self._registry.keys.entered(lost)
        commands: list[CityCommand] = [LoseCard(token), *self._entering(new, one.person)]

        def follow() -> None:
            self._crowd.wallets.replace(lost, new)
            self._crowd.plan(self._found(lost, one.station))

        self._try(commands, (one,), follow)

    def _found(self, card: SimCard, station: str) -> Act:
        at = self._timeline.now + timedelta(seconds=self._rng.uniform(1.0, FOUND_WITHIN_S))
        kiosk = self._rng.choice(self._registry.city.station(station).kiosks)
        expects = (Beeped.UNKNOWN_CARD,)
        return Act(at, f"finder-{self._new_cards}", card, station, kiosk, Gesture.TOUCH, Intention.TRY, expects)

    def _give(self, giver: SimVolunteer, taker: SimVolunteer) -> None:
        """The card of one is another's from now on, and used by them; the one gets a new card."""
        given, new = self._crowd.wallets.now(giver.cards[0]), self._new_card()
        own = self._crowd.wallets.now(taker.cards[0])
        commands: list[CityCommand] = [
            AssignCard(self._registry.keys.entered(given), taker.person),
            *self._entering(new, giver.person),
        ]

        def follow() -> None:
            self._crowd.wallets.replace(given, new)
            self._crowd.wallets.replace(own, given)

        self._try(commands, (giver, taker), follow)

    def _set_terms(self, station: str) -> None:
        """From tomorrow on two are wanted, or three; said today."""
        minimum, tomorrow = self._rng.randint(1, MORE), self._timeline.now.astimezone(ZONE).date() + DAY
        target = max(TARGET, minimum + self._rng.randint(0, 1))
        commands: list[CityCommand] = [SetTerms(station, since=tomorrow, minimum=minimum, target=target)]

        def follow() -> None:
            for truth in (self._crowd.truth, self._crowd.knowledge.truth):
                truth.set_terms(station, tomorrow, minimum, target)

        self._try(commands, (), follow)

    def _entering(self, card: SimCard, person: str) -> list[CityCommand]:
        token = self._registry.keys.enter(card)
        return [EnterCard(token, ISO14443A), AssignCard(token, person)]

    def _new_card(self) -> SimCard:
        self._new_cards += 1
        return SimCard("ntag213", bytes.fromhex(f"04CCCC00{self._new_cards:06X}"))

    def _try(self, commands: list[CityCommand], people: tuple[SimVolunteer, ...], follow: Callable[[], None]) -> None:
        if not self._centre.change(commands):
            self._timeline.call_in(AGAIN_S, partial(self._try, commands, people, follow))
            return
        follow()
        for one in people:
            self._crowd.knowledge.note_changed(one.person)
