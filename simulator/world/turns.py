"""When one agent's rounds are due, and those that a world of many days puts off.

Where nothing can come between, rounds wait until something happens at that kiosk; then each is made up for at its own
time, and all are committed together, with the tap that made them up. A disk about to fail or full, and a kiosk that
is deaf, make nothing wait.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from edge.kiosk import KioskCore
from simulator.world.due import pulse_in_s
from simulator.world.machine import Machine
from simulator.world.timeline import Timeline

SHORTEST_STEP_S: Final = 0.01
_NEVER: Final = float("inf")


class Turns:
    """The turns of one kiosk.

    Args:
        poll: lets its reader be heard of.
        turn: makes its rounds, and what else is due.
        puts_off: whether rounds may wait.

    Attributes:
        due_s: when the next rounds are to be made.
    """

    def __init__(
        self,
        timeline: Timeline,
        machine: Machine,
        poll: Callable[[], None],
        turn: Callable[[], None],
        *,
        puts_off: bool,
    ) -> None:
        self._timeline, self._machine = timeline, machine
        self._poll, self._turn, self._may_put_off = poll, turn, puts_off
        self.due_s = self._wakes_s = _NEVER
        self.puts_off = False

    def is_behind(self) -> bool:
        """Whether there are rounds that were put off."""
        return self.puts_off and self.due_s < self._timeline.now_s

    @contextmanager
    def made_up(self, kiosk: KioskCore) -> Iterator[None]:
        """Make the rounds that were put off, each at its time; what is written within is committed with them."""
        now_s = self._timeline.now_s
        with self._machine.in_one_commit(kiosk.store.journal):
            with self._timeline.looking_back():
                while self.due_s < now_s:
                    self._timeline.now_s = self.due_s
                    self._poll()
                    kiosk.tend()
                    self.due_s += self._wait_s(kiosk)
            yield

    def plan(self, kiosk: KioskCore, latest_s: float) -> None:
        """Find out when the next rounds are due, and take a turn then, or at the latest at `latest_s`."""
        self.due_s = self._timeline.now_s + self._wait_s(kiosk)
        is_calm = not (kiosk.rounds.is_deaf or self._machine.is_full or self._machine.is_doomed)
        self.puts_off = self._may_put_off and is_calm
        self._wake_at(latest_s if self.puts_off else min(self.due_s, latest_s))

    def end(self) -> None:
        """The agent is no more."""
        self.due_s = self._wakes_s = _NEVER

    def _wait_s(self, kiosk: KioskCore) -> float:
        return max(pulse_in_s(kiosk, self._machine.hands), SHORTEST_STEP_S)

    def _wake_at(self, due_s: float) -> None:
        if due_s == self._wakes_s:
            return
        self._wakes_s = due_s

        def wake() -> None:
            if self._wakes_s == due_s:  # else something else has happened since
                self._wakes_s = _NEVER
                self._turn()

        self._timeline.call_at(due_s, wake)
