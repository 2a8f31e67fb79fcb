"""One kiosk in the world: the real agent logic on its machine and its way to the broker, and what can happen to it.

What people do at it comes in by `look`; what they hear goes to `heard`. A kiosk without power, agent or reader does
nothing. It is stepped only when something is due: its rounds, which write (`turns`), and its speech (`way`).
"""

from __future__ import annotations

from contextlib import nullcontext
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple

from devices.plate import GONE_AFTER
from edge.config import EdgeConfig, ReaderConfig
from edge.errors import JournalError
from edge.kept_settings import KeptSettings
from edge.kiosk import KioskCore
from edge.liaison import Liaison
from simulator.acts import HEARD, Beeped
from simulator.world.broker import ClientLine
from simulator.world.machine import Machine
from simulator.world.turns import Turns
from simulator.world.way import Way
from station.names import Epoch, KioskId, StationCode, Token
from station.records import ReaderState, Tap

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from devices.card import Card
    from devices.signals import Lines, Signal
    from simulator.world.broker import Broker
    from simulator.world.scenario import FaultKind, Scenario
    from simulator.world.timeline import Timeline

READER: Final = "door"
BOOT_S: Final = 20.0  # from power to a running agent, at the least
AT_A_TAP: Final = 0.7  # of power failures
SOON_S: Final = 3.0
ANEW_S: Final = 1.0  # as often as whoever keeps the agent at work looks
MOST_READ: Final = 1000  # more than a power failure leaves behind


class Before(NamedTuple):
    """How it stood just before a poll: the record that was stored last, and whether the time was known."""

    epoch: str
    seq: int
    knows_time: bool


class Booth:
    """One kiosk and what is around it.

    Attributes:
        heard: called with each answer to somebody, while the power is on.
        began: called whenever its agent has begun.
        changed: called whenever how it stands may have changed.
        unproven: called with the second since which no record can prove when it watched.
        line: its way to the broker, with the faults that it has.
        hands: its clock.
        kiosk: the run of its agent, while there is one.
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
        self.heard: Callable[[Booth, Beeped], None] = lambda _booth, _answer: None
        self.began: Callable[[Booth], None] = lambda _booth: None
        self.changed: Callable[[Booth], None] = lambda _booth: None
        self.unproven: Callable[[Booth, float], None] = lambda _booth, _since_s: None
        self.line = ClientLine(kiosk)
        self.kiosk: KioskCore | None = None
        self._scenario, self._timeline, self._site_key = scenario, timeline, site_key
        home = folder / kiosk
        self._config = EdgeConfig(
            StationCode(station), KioskId(kiosk), home, home / "site.key", (ReaderConfig(READER, "world:"),)
        )
        self._machine = Machine(scenario, timeline, home, Random(f"{seed} {kiosk}"))
        self.hands = self._machine.hands
        self._way = Way(self.line, broker, self.hands, self._machine.rng, speaks_s=scenario.speaks_s)
        self._way.stepping, self._way.arrived = self._step, self._after_step
        self._way.linked = lambda: self.changed(self)
        self._house_due_s = float("inf")
        self._turns = Turns(timeline, self._machine, self._poll, self._turn, puts_off=scenario.speaks_s > 0)
        self._fails_at_tap = False

    @property
    def knows_time(self) -> bool:
        """Whether its clock was right at any moment since it has power; before, it decides by rules of its own."""
        return self.kiosk is not None and self.kiosk.keeper.was_synced

    @property
    def watches(self) -> bool:
        """Whether somebody who taps now gets an answer."""
        return self.kiosk is not None and self._machine.has_reader and not self._way.is_still

    @property
    def is_full(self) -> bool:
        """Whether its disk is, so that the answer may be trouble and no pulse tells that it watches."""
        return self._machine.is_full

    @property
    def standing(self) -> str:
        """How it stands for who is at the broker's end of its line."""
        if self.kiosk is None or self._way.is_still or not self._way.is_linked:
            return "away"
        if self.line.faults or self.is_full:  # a full disk may still have room for a record or two
            return "hampered"
        return "up" if self._machine.has_reader else "blind"

    def hamper(self, kind: FaultKind, share: float | None) -> None:
        """Let its line have a fault, or have it no more."""
        if share is None:
            self.line.faults.pop(kind, None)
        else:
            self.line.faults[kind] = share
        self.changed(self)

    @property
    def is_failing(self) -> bool:
        """Whether its power is gone, or goes within the next writes: what it says then need not be so."""
        return self.kiosk is None or self._machine.is_doomed

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
        self.began(self)
        self.changed(self)

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
        self.changed(self)

    def fail_power_soon(self) -> None:
        """Let the power fail when it hurts: in the middle of the next writes, or of the next tap, or just after."""
        if self._machine.rng.random() < AT_A_TAP:
            self._fails_at_tap = True
        else:
            self._doom()

    def fill_disk(self, *, is_full: bool) -> None:
        """No byte more fits on the disk, or there is room again."""
        self._make_up()
        self._machine.fill_disk(is_full=is_full)
        if is_full:
            self._wake_when_due()
        else:
            self._house_due_s = 0.0  # the hub is to hear of it at once
            self._turn()
        self.changed(self)

    def plug(self, *, has_reader: bool) -> None:
        """Pull the reader's plug, or put it back."""
        self._make_up()
        self._machine.has_reader = has_reader
        self._house_due_s = 0.0  # the hub is to hear of it at once
        self._turn()
        self._look_again()
        self.changed(self)

    def set_clock(self, off_s: float, *, is_synced: bool) -> None:
        """Somebody, or a time service, sets its clock so far off; the agent looks every second."""
        self._make_up()
        self.hands.off_s, self.hands.is_synced = off_s, is_synced
        self._turn()

    def lose_clock(self, off_s: float) -> None:
        """The power fails, and the clock is so far off when it is back."""
        self._make_up()
        self._lose_power()
        self.hands.off_s, self.hands.is_synced = off_s, False

    def stand_still(self) -> None:
        """Stop the agent's process."""
        if self.kiosk is not None:
            self._make_up()
            self._way.lose()
            self._way.is_still = True
            self._turns.end()
            self.changed(self)

    def go_on(self) -> None:
        """Let it run again, if it is the one that was stopped."""
        if self._way.is_still:
            self._way.is_still = False
            self.changed(self)
            self._turn()
            self._look_again()
            self._way.dial_soon()
            self.changed(self)

    def cable(self, *, is_whole: bool) -> None:
        """Cut the cable, or mend it."""
        self._way.is_cut = not is_whole
        if is_whole:
            self._way.dial_soon()
        else:
            self._way.lose()

    def lose_link(self) -> None:
        """The connection breaks, where there is one, and is made anew."""
        self._way.lose()
        if not self._way.is_cut:
            self._way.dial_soon()

    def close(self) -> None:
        """Give back what the world lent."""
        self.kill()
        self._machine.close()

    def _look_again(self) -> None:
        """A reader that is back looks at once, and sees that whoever was there has gone."""
        for _ in range(GONE_AFTER):
            self.look(None)

    def look(self, card: Card | None) -> Before | None:
        """One poll of the reader; None where nobody polls."""
        if self.kiosk is None or not self.watches:
            return None
        if card is not None and self._fails_at_tap:
            self._fails_at_tap = False
            self._doom()
            self._timeline.call_in(self._machine.rng.uniform(0, SOON_S), self._lose_power)
        journal = self.kiosk.store.journal
        with self._turns.made_up(self.kiosk) if self._turns.is_behind() else nullcontext():
            before, last_ms = Before(*self.last_name(), self.knows_time), journal.last_mono_ms
            self.kiosk.reader_is(READER, ReaderState.UP)
            self.kiosk.look(READER, card)
        is_stored = journal.last_mono_ms != last_ms
        self._after_step()
        if is_stored:
            self._wake_when_due()  # the next pulse is due later now
        return before

    def takes_for(self, token: Token) -> str:
        """Whose card its agent takes that one for, by id; empty where it is nobody's who counts."""
        assert self.kiosk is not None
        person = self.kiosk.people.person_of(token)
        return person.key if person.counted else ""

    def last_name(self) -> tuple[str, int]:
        """Epoch and seq of the record that was stored last."""
        assert self.kiosk is not None
        self._make_up()
        return self.kiosk.epoch, self.kiosk.store.journal.shelves[self.kiosk.epoch].last

    def taps_after(self, epoch: str, seq: int) -> list[Tap]:
        """The taps of a run that follow that record, as they lie on the disk."""
        assert self.kiosk is not None
        records = self.kiosk.store.backlog.read(Epoch(epoch), seq, MOST_READ)
        return [record for record in records if isinstance(record, Tap)]

    def show(self, signal: Signal, lines: Lines) -> None:  # noqa: ARG002  an annunciator's signature
        """Sound, if there is power to."""
        answer = HEARD.get(signal.value.word)
        if answer is not None and self._machine.is_powered:
            self.heard(self, answer)

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
            self.unproven(self, self.hands.booted_s)
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
