"""Plays a case through the hub's core, record by record, each by the clock of its receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from hub.core import HubCore
from hub.database.schema import prepare_schema
from hub.intake.sorting import Delivery
from simulator.replaying.answer import answer, rows_now
from simulator.replaying.case import messages
from station.clock import Clock
from station.strict import spell_moment
from station.wire import topics

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from simulator.replaying.case import Case

_BEGAN: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Mixed:
    """How the receipt is varied; the answer is the same.

    Attributes:
        restart_every: the hub starts anew after each so many records; 0 for never.
        shuffle: the seed of another order; None for the case's own.
        is_doubled: each record comes twice.
    """

    restart_every: int = 0
    shuffle: int | None = None
    is_doubled: bool = False


class _Hand:
    """The hub's clock, set by who plays."""

    def __init__(self) -> None:
        self.now = _BEGAN

    def clock(self) -> Clock:
        return Clock(began_at=_BEGAN, anchor_s=0.0, boot_s=self._seconds)

    def _seconds(self) -> float:
        return (self.now - _BEGAN).total_seconds()


def play(case: Case, mixed: Mixed) -> dict[str, Any]:
    """Play it, and say what follows."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    try:
        prepare_schema(engine)
        case.enter(engine)
        return _play(case, mixed, engine)
    finally:
        engine.dispose()


def _play(case: Case, mixed: Mixed, engine: Engine) -> dict[str, Any]:
    hand = _Hand()
    waiting, board = list(case.ask), dict[str, Any]()
    hand.now = min([entry.at for entry in case.received], default=case.asked)
    core = _start(case, engine, hand)
    for number, (entry, payload) in enumerate(_order(case, mixed), 1):
        while waiting and mixed.shuffle is None and waiting[0] < entry.at:
            _look(case, core, hand, waiting.pop(0), board)
        hand.now = entry.at
        core.take([Delivery(topics.journal(case.kiosks[entry.kiosk], entry.kiosk), payload)])
        if mixed.restart_every and number % mixed.restart_every == 0:
            core = _start(case, engine, hand)
    for at in waiting:
        _look(case, core, hand, at, board)
    hand.now = case.asked
    while core.fold():
        pass
    core.write()
    return answer(case, core, engine, board)


def _start(case: Case, engine: Engine, hand: _Hand) -> HubCore:
    core = HubCore(engine, hand.clock(), case.zone)
    core.begin()
    return core


def _order(case: Case, mixed: Mixed) -> list[Any]:
    found = [sent for sent in messages(case) for _ in range(2 if mixed.is_doubled else 1)]
    if mixed.shuffle is not None:
        Random(mixed.shuffle).shuffle(found)
    return found


def _look(case: Case, core: HubCore, hand: _Hand, at: datetime, board: dict[str, Any]) -> None:
    hand.now = at
    core.tick(hand.clock().mono_s())
    board[spell_moment(at)] = rows_now(case, core, at)
