"""Hubs that are broken on purpose, in the world only: each is a control, which the oracle must catch."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Final

from hub.presence.liveness import KioskStatus

if TYPE_CHECKING:
    from datetime import datetime

    from hub.core import HubCore
    from hub.ledger.change import Change
    from hub.presence.recent import Touched
    from hub.register.directory import Directory
    from simulator.world.scenario import Scenario
    from station.names import KioskId

EVERY: Final = 4


def break_core(core: HubCore, scenario: Scenario) -> None:
    """Break what the scenario says."""
    if scenario.forgets_taps:
        _forget_taps(core)
    if scenario.forgets_past:
        _forget_past(core)
    if scenario.trusts_silence:
        _trust_silence(core)


def _forget_taps(core: HubCore) -> None:
    """Every fourth stint never comes to the board."""
    take, numbers = core.city.recent.apply, count(1)

    def forgetful(change: Change) -> Touched:
        if change.stints and next(numbers) % EVERY == 0:
            change = replace(change, stints=[])
        return take(change)

    core.city.recent.apply = forgetful  # type: ignore[method-assign]  # the control


def _forget_past(core: HubCore) -> None:
    """A card that is lost was always lost."""
    learn = core.learn

    def forgetful(directory: Directory) -> None:
        cards = {
            token: replace(card, losses=tuple(lost._replace(from_ms=0) for lost in card.losses))
            for token, card in directory.cards.items()
        }
        learn(replace(directory, cards=cards))

    core._learnt = forgetful  # noqa: SLF001  the control


def _trust_silence(core: HubCore) -> None:
    """Whoever was heard once is taken to see."""
    liveness = core.city.liveness
    tell = liveness.status

    def trusting(kiosk: KioskId, at: datetime) -> KioskStatus:
        status = tell(kiosk, at)
        return KioskStatus.ONLINE if status is KioskStatus.LOST else status

    liveness.status = trusting  # type: ignore[method-assign]  # the control
    liveness.watches = lambda kiosk, at: True  # type: ignore[method-assign]  # noqa: ARG005
