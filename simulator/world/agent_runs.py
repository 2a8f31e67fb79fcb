"""The agent of one kiosk in the world, run after run: begun, tended, ended, with the power that it has.

It is stepped only when something is due: its rounds, which write (`turns`), and its speech (`way`). What befalls it
and who comes to it is `booth`'s.
"""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from devices.signals import Lines, Signal
from edge.config import EdgeConfig, ReaderConfig
from edge.errors import JournalError
from edge.kept_settings import KeptSettings
from edge.kiosk import KioskCore
from edge.liaison import Liaison
from simulator.acts import HEARD, Beeped
from simulator.world.broker import Broker, ClientLine
from simulator.world.machine import Image, Machine
from simulator.world.scenario import Scenario
from simulator.world.timeline import Timeline
from simulator.world.turns import Turns
from simulator.world.way import Way
from station.names import KioskId, StationCode
from station.records import ReaderState

READER: Final = "door"
BOOT_S: Final = 20.0  # from power to a running agent, at the least
ANEW_S: Final = 1.0  # as often as whoever keeps the agent at work looks


class AgentRuns:
    """One agent on its machine.

    Attributes:
        heard: called with each answer to somebody, while the power is on.
        began: called whenever its agent has begun.
        changed: called whenever how it stands may have changed.
        unproven: called with the second since which no record can prove when it watched.
        line: its way to the broker, with the faults that it has.
        hands: its clock.
        kiosk: the run of its agent, while there is one.
        was_put_back: its disk once lost what it had known.
    """

    def __init__(
        self,
        scenario: Scenario,
        station: str,
        kiosk: str,
        folder: Path,
        *,
        timeline: Timeline,
        broker: Broker,
        site_key: bytes,
        seed: int,
    ) -> None:
        self.station, self.name = station, kiosk
        self.heard: Callable[[Beeped], None] = lambda _answer: None
        self.began: Callable[[], None] = lambda: None
        self.changed: Callable[[], None] = lambda: None
        self.unproven: Callable[[float], None] = lambda _since_s: None
        self.line = ClientLine(kiosk)
        self.kiosk: KioskCore | None = None
        self.was_put_back = False
        self._scenario, self._timeline, self._site_key = scenario, timeline, site_key
        home = folder / kiosk
        self._config = EdgeConfig(
            StationCode(station), KioskId(kiosk), home, home / "site.key", (ReaderConfig(READER, "world:"),)
        )
        self._machine = Machine(scenario, timeline, home, Random(f"{seed} {kiosk}"))
        self.hands = self._machine.hands
        self._way = Way(self.line, broker, self.hands, self._machine.rng, speaks_s=scenario.speaks_s)
        self._way.stepping, self._way.arrived = self._step, self._after_step
        self._way.linked = self._after_linking
        self._house_due_s = float("inf")
        self._turns = Turns(timeline, self._machine, self._poll, self._turn, puts_off=scenario.speaks_s > 0)

    @property
    def knows_time(self) -> bool:
        """Whether its clock was right at any moment since it has power; before, it decides by rules of its own."""
        return self.kiosk is not None and self.kiosk.keeper.was_synced

    def start(self) -> None:
        """Begin a run of the agent; where there is one already nothing happens."""
        if self.kiosk is not None:
            return
        seams = self._machine.seams()
        try:
            self.kiosk = KioskCore(
                self._config, site_key=self._site_key, annunciator=self, seams=seams, version="world"
            )
        except JournalError:
            self._start_again()
            return
        self._way.begin(Liaison(self.kiosk, seams=seams, rng=self._machine.rng, version="world"))
        self._house_due_s = 0.0
        self._turn()
        if self.kiosk is None:  # the power failed over its first rounds
            return
        self._way.dial_soon()
        self.began()
        self.changed()

    def kill(self) -> None:
        """End the agent as `kill -9` does; the machine runs on."""
        if self.kiosk is None:
            return
        self._make_up()
        self._way.end()
        self._machine.end_agent()
        kiosk, self.kiosk = self.kiosk, None
        self._turns.end()
        kiosk.store.close()
        self.changed()

    @property
    def is_settled(self) -> bool:
        """Whether it is linked, has the time, and all that it stored is at the hub, as far as it was told."""
        if self.kiosk is None or self._way.is_still or not (self._way.is_linked and self.knows_time):
            return False
        self._make_up()
        said = self.kiosk.store.retention.said
        kept = self.kiosk.store.backlog.kept()
        return all(epoch in said and said[epoch].through >= stretch.last for epoch, stretch in kept.items())

    def image(self) -> tuple[Image, bytes]:
        """What is on its machine, and the site key that it was set up with."""
        return self._machine.image(), self._site_key

    def put_back(self, image: Image, site_key: bytes) -> None:
        """End it, and begin with another machine in its place, which has that on it."""
        self.kill()
        self._machine.put_back(image)
        self._site_key, self.was_put_back = site_key, True
        self._start_later()

    def close(self) -> None:
        """Give back what the world lent."""
        self.kill()
        self._machine.close()

    def show(self, signal: Signal, lines: Lines) -> None:  # noqa: ARG002  an annunciator's signature
        """Sound, if there is power to."""
        answer = HEARD.get(signal.value.word)
        if answer is not None and self._machine.is_powered:
            self.heard(answer)

    def _doom(self) -> None:
        self._make_up()
        self._machine.cut_within_writes()
        self._wake_when_due()

    def _lose_power(self) -> None:
        if self.kiosk is not None:
            self._boot_anew()
            self._start_later()

    def _start_again(self) -> None:
        """No run could be begun: the power failed over it, or the disk takes nothing; the system tries again."""
        if not self._machine.is_powered:
            self._boot_anew()
        self._start_later()

    def _boot_anew(self) -> None:
        self.kill()
        if not self._machine.was_right:
            self.unproven(self.hands.booted_s)
        self._machine.start_again()

    def _begin_anew(self) -> None:
        """The hub asked for it: the agent ends, and another begins at once, with settings that may be on trial."""
        if self.kiosk is not None and self.kiosk.fresh_start.is_due and not self._way.is_still:
            self.kill()
            KeptSettings(self._config.data_dir).begin()
            self.start()

    def _start_later(self) -> None:
        self._timeline.call_in(self._machine.rng.uniform(BOOT_S, 10 * BOOT_S), self.start)

    def _turn(self) -> None:
        """The agent's rounds, and its housekeeping where that is due."""
        kiosk, liaison = self.kiosk, self._way.liaison
        if kiosk is None or liaison is None or self._way.is_still:
            return
        self._step()
        kiosk.tend()
        self._poll()  # a disk that takes records again may have been found only now
        now_s = self._timeline.now_s
        if now_s >= self._house_due_s:
            self._house_due_s = now_s + self._scenario.tend_s
            liaison.keep_house(self.hands.boot_s())
        self._after_step()
        self._wake_when_due()

    def _step(self) -> None:
        self._make_up()
        self._poll()

    def _make_up(self) -> None:
        if self.kiosk is not None and self._turns.is_behind():
            with self._turns.made_up(self.kiosk):
                pass

    def _poll(self) -> None:
        """Let the reader's thread be heard of, as it is several times a second: a silent one would count as blind."""
        if self.kiosk is not None:
            self.kiosk.reader_is(READER, ReaderState.UP if self._machine.has_reader else ReaderState.DOWN)

    def _after_linking(self) -> None:
        self.changed()

    def _after_step(self) -> None:
        if not self._machine.is_powered:
            self._start_again()
            return
        self._machine.was_right |= self.knows_time
        self._way.speak()
        if self.kiosk is not None and self.kiosk.fresh_start.is_due:
            self._timeline.call_in(ANEW_S, self._begin_anew)

    def _wake_when_due(self) -> None:
        if self.kiosk is not None and not self._way.is_still:
            self._turns.plan(self.kiosk, self._house_due_s)
            if self._turns.puts_off:
                self._way.speak_after(self._turns.due_s)
