"""The hub as a source of time, for a kiosk that has no other (protocol, Clock).

A message and the `settled` that answers it enclose the moment that `settled` tells, so half the round trip is as far as
it can be off. The machine's own clock is left alone, and goes before as soon as a time service keeps it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from station.clock import Clock
from station.records import FROM_HUB
from station.truetime import DRIFT_PPM

MOST_OFF_S: Final = 1.0
HEARD_FOR_S: Final = 180.0  # without an answer for so long the line is down; a kiosk asks every 30 s
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What the hub's clock shows at this boot's beginning, give or take `off_s` at the time of hearing."""

    relation: timedelta
    off_s: float
    mono_s: float

    def off_at_s(self, mono_s: float) -> float:
        return self.off_s + (mono_s - self.mono_s) * DRIFT_PPM / 1e6


class HubTime:
    """What time it is by the machine, and where nothing keeps the machine's clock, by the hub.

    `hear` comes from the network's thread, all else from any.
    """

    def __init__(self, machine: Clock, is_kept: Callable[[], bool]) -> None:
        """Begin with the machine's clock.

        Args:
            machine: its clock.
            is_kept: whether a time service keeps that now.
        """
        self._machine = machine
        self._is_machine_kept = is_kept
        self._heard: _Heard | None = None
        self._heard_s = float("-inf")
        self.clock: Clock = _HubClock(rate=machine.rate, boot_s=machine.boot_s, machine=machine, now_by_hub=self._now)

    @property
    def source(self) -> str:
        """Where the time comes from: empty where it is the machine's own affair."""
        return "" if self._heard is None else FROM_HUB

    @property
    def bound_ms(self) -> int:
        """How far the hub's time may be off; 0 where it is not in use."""
        heard = self._heard
        return 0 if heard is None else max(1, round(heard.off_at_s(self._machine.mono_s()) * 1000))

    def is_synced(self) -> bool:
        """Whether the clock is kept right now, by a time service or by the hub."""
        if self._is_machine_kept():
            self._heard = None
            return True
        return self._heard is not None and self._machine.mono_s() - self._heard_s <= HEARD_FOR_S

    def hear(self, at: datetime, round_trip_s: float) -> None:
        """Take in what the hub's clock showed between a question and its answer, which has come just now.

        Args:
            at: what it showed.
            round_trip_s: real seconds from the question to the answer.
        """
        off_s = round_trip_s / 2
        if not 0 <= off_s <= MOST_OFF_S or self._is_machine_kept():
            return
        mono_s, heard = self._machine.mono_s(), self._heard
        self._heard_s = mono_s
        relation = at - _EPOCH + timedelta(seconds=off_s - mono_s)
        if heard is not None:
            known_s = heard.off_at_s(mono_s)
            if off_s >= known_s and abs((relation - heard.relation).total_seconds()) <= off_s + known_s:
                return  # it says the same, and less exactly
        self._heard = _Heard(relation, off_s, mono_s)

    def _now(self) -> datetime | None:
        heard = self._heard
        return None if heard is None else _EPOCH + heard.relation + timedelta(seconds=self._machine.mono_s())


@dataclass(frozen=True, slots=True)
class _HubClock(Clock):
    machine: Clock | None = None
    now_by_hub: Callable[[], datetime | None] = lambda: None

    def now(self) -> datetime:
        assert self.machine is not None
        return self.now_by_hub() or self.machine.now()

    def mono_s(self) -> float:
        assert self.machine is not None
        return self.machine.mono_s()
