"""One kiosk in the world: what can happen to it, and who comes to it, around the real agent's runs (`agent_runs`).

What people do at it comes in by `look`; what they hear goes to `heard`. A kiosk without power, agent or reader does
nothing.
"""

from contextlib import nullcontext
from typing import Final, NamedTuple

from devices.card import Card
from devices.plate import GONE_AFTER
from simulator.world.agent_runs import READER, AgentRuns
from simulator.world.scenario import FaultKind
from station.names import Epoch
from station.records import ReaderState, Tap

AT_A_TAP: Final = 0.7  # of power failures
SOON_S: Final = 3.0
MOST_READ: Final = 1000  # more than a power failure leaves behind


class Before(NamedTuple):
    """How it stood just before a poll: the record that was stored last, and whether the time was known."""

    epoch: str
    seq: int
    knows_time: bool


class Booth(AgentRuns):
    """One kiosk and what is around it."""

    _fails_at_tap = False

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
        self.changed()

    @property
    def is_failing(self) -> bool:
        """Whether its power is gone, or goes within the next writes: what it says then need not be so."""
        return self.kiosk is None or self._machine.is_doomed

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
        self.changed()

    def plug(self, *, has_reader: bool) -> None:
        """Pull the reader's plug, or put it back."""
        self._make_up()
        self._machine.has_reader = has_reader
        self._house_due_s = 0.0  # the hub is to hear of it at once
        self._turn()
        self._look_again()
        self.changed()

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
            self.changed()

    def go_on(self) -> None:
        """Let it run again, if it is the one that was stopped."""
        if self._way.is_still:
            self._way.is_still = False
            self.changed()
            self._turn()
            self._look_again()
            self._way.dial_soon()
            self.changed()

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

    def takes_for(self, card: Card) -> str:
        """Whose card its agent takes that one for, by id; empty where it is nobody's who counts."""
        assert self.kiosk is not None
        person = self.kiosk.people.person_of(*self.kiosk.site_keys.names(card))
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
