"""Hubs that are broken on purpose, in the world only: each is a control, which the oracle must catch."""

from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Final

from sqlalchemy import Engine

from hub.core import HubCore
from hub.ledger.change import Change
from hub.presence.liveness import KioskStatus
from hub.presence.recent import Touched
from hub.register.directory import Directory
from simulator.world.scenario import Scenario
from station.names import KioskId

EVERY: Final = 4
_LOSE_GAPS: Final = """
    DELETE FROM coverage_gap WHERE began_ms IN
        (SELECT min(g.began_ms) FROM coverage_gap AS g WHERE g.duty_class = 'vacant' GROUP BY g.station, g.day)
"""
_NET_SURPLUS: Final = """
    UPDATE coverage_day SET minimum_ms = minimum_ms + vacant_ms, vacant_ms = 0, partial_ms = 0
    WHERE EXISTS (SELECT 1 FROM coverage_day AS o
        WHERE o.day = coverage_day.day AND o.station <> coverage_day.station AND o.met_ms > 0)
"""
_IGNORE_LATE: Final = """
    DELETE FROM coverage_due WHERE why = 'records' AND EXISTS (SELECT 1 FROM coverage_day AS d
        WHERE d.station = coverage_due.station AND d.day = coverage_due.day
            AND (d.until_ms + 28800000) % 86400000 = 0)
"""


def break_core(core: HubCore, engine: Engine, scenario: Scenario) -> None:
    """Break what the scenario says."""
    if scenario.forgets_taps:
        _forget_taps(core)
    if scenario.forgets_past:
        _forget_past(core)
    if scenario.trusts_silence:
        _trust_silence(core)
    if scenario.loses_gaps:
        _harm_coverage(core, engine, after=_LOSE_GAPS)
    if scenario.nets_surplus:
        _harm_coverage(core, engine, after=_NET_SURPLUS)
    if scenario.ignores_late:
        _harm_coverage(core, engine, before=_IGNORE_LATE)
    if scenario.ignores_corrections:
        _harm_coverage(core, engine, before="DELETE FROM coverage_due WHERE why = 'amended'")


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


def _harm_coverage(core: HubCore, engine: Engine, *, before: str = "", after: str = "") -> None:
    """Whenever days are reckoned, something is done to what is due, or to what came of it."""
    reckon = core.coverage.catch_up

    def harmful() -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql(before or "SELECT 1")
        reckon()
        with engine.begin() as connection:
            connection.exec_driver_sql(after or "SELECT 1")

    core.coverage.catch_up = harmful  # type: ignore[method-assign]  # the control
