"""Plays a case through the hub's core, record by record, each by the clock of its receipt."""

from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any, Final

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool

from hub.core import HubCore
from hub.database.schema import prepare_schema
from hub.intake.sorting import Delivery
from simulator.replaying.answer import answer
from simulator.replaying.case import Case, messages
from simulator.replaying.corrections import PlayedCorrections
from simulator.replaying.rows import rows_now
from station.clock import Clock
from station.strict import spell_moment
from station.wire import topics

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
    """Play it, and say what follows.

    Raises:
        CaseError: a correction of it cannot be made.
    """
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    try:
        prepare_schema(engine)
        case.enter(engine)
        return _Playing(case, engine).play(mixed)
    finally:
        engine.dispose()


class _Playing:
    """A hub over an engine, to which a case happens."""

    def __init__(self, case: Case, engine: Engine) -> None:
        self._case = case
        self._engine = engine
        self._hand = _Hand()
        self._hand.now = min([entry.at for entry in case.received], default=case.asked)
        self._corrections = PlayedCorrections(case)
        self._board = dict[str, Any]()
        self._start()

    def play(self, mixed: Mixed) -> dict[str, Any]:
        """All of it; in another order than the case's own, boards and corrections come last."""
        waiting = list(self._case.ask)
        for number, (entry, payload) in enumerate(_order(self._case, mixed), 1):
            if mixed.shuffle is None:
                while waiting and waiting[0] < entry.at:
                    self._look(waiting.pop(0))
                self._correct(entry.at)
            self._hand.now = entry.at
            self._core.take([Delivery(topics.journal(self._case.kiosks[entry.kiosk], entry.kiosk), payload)])
            if mixed.restart_every and number % mixed.restart_every == 0:
                self._start()
        for at in waiting:
            self._look(at)
        self._correct(None)
        self._hand.now = self._case.asked
        self._fold_all()
        return answer(self._case, self._core, self._engine, self._board)

    def _start(self) -> None:
        self._core = HubCore(self._engine, self._hand.clock(), self._case.zone)
        self._core.begin()

    def _fold_all(self) -> None:
        while self._core.fold():
            pass
        self._core.write()

    def _correct(self, until: datetime | None) -> None:
        """Make what was corrected before then, or all; a hub that starts anew looks for that at once."""
        while (at := self._corrections.next_before(until)) is not None:
            self._hand.now = at
            self._fold_all()  # what is spoken of is to be in the ledger
            self._corrections.make_next(self._engine)
            self._start()

    def _look(self, at: datetime) -> None:
        self._correct(at)
        self._hand.now = at
        self._core.tick(self._hand.clock().mono_s())
        self._board[spell_moment(at)] = rows_now(self._case, self._core, at)


def _order(case: Case, mixed: Mixed) -> list[Any]:
    found = [sent for sent in messages(case) for _ in range(2 if mixed.is_doubled else 1)]
    if mixed.shuffle is not None:
        Random(mixed.shuffle).shuffle(found)
    return found
