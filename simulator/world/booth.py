"""One kiosk in the world: the real agent logic, its disk, its clock and its line, and all that can happen to them.

What people do at it comes in by `show` and `take_away`; what they hear goes to `heard`. A kiosk without power, agent
or reader does nothing. It is stepped only when something is due.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any, Final

from edge.config import EdgeConfig, ReaderConfig
from edge.errors import JournalError
from edge.kiosk import Kiosk
from edge.liaison import Liaison
from edge.seams import Seams
from simulator.acts import Answer
from simulator.disk.cuts import Cut, after_cut
from simulator.disk.medium import Disk
from simulator.disk.vfs import NAME, forgetting_layer
from simulator.world.broker import Broker, Connection, Line, Parcel
from simulator.world.hands import Hands
from station.names import KioskId, Session, StationCode
from station.records import ReaderState, Tap

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from devices.card import Card
    from devices.signals import Signal
    from edge.uplink import Outgoing
    from simulator.world.scenario import Scenario
    from simulator.world.timeline import Timeline

READER: Final = "door"
BOOT_S: Final = 20.0  # from power to a running agent, at the least
REDIAL_S: Final = 15.0
SHORTEST_STEP_S: Final = 0.01
PULSE_S: Final = 300.5  # of silence, and a little: docs/protocol.md, `pulse`
ROUNDS_S: Final = 1.5  # an agent makes its rounds no sooner again than after a second
LATE_S: Final = 10.0
CUT_WITHIN: Final = 20  # steps of the disk: a commit takes about ten
AT_A_TAP: Final = 0.7  # of power failures
SOON_S: Final = 3.0
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
_ANSWERS: Final = {answer.value: answer for answer in Answer}


class _Eager(sqlite3.Connection):
    """The control: a commit that returns before it is on the medium."""

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        return super().execute(sql.replace("synchronous = FULL", "synchronous = NORMAL"), *args)


class Booth:
    """One kiosk and what is around it.

    Attributes:
        heard: called with each answer to somebody, while the power is on.
        began: called whenever its agent has begun.
        watching: called whenever `watches` or `is_full` may have changed.
        line: its way to the broker.
        hands: its clock.
        has_reader: whether its reader is plugged in.
        is_cut_off: whether it can reach the broker at all.
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
        self.heard: Callable[[Booth, Answer], None] = lambda _booth, _answer: None
        self.began: Callable[[Booth], None] = lambda _booth: None
        self.watching: Callable[[Booth], None] = lambda _booth: None
        self.line = Line(kiosk)
        self.hands = Hands(timeline, booted_s=-60.0, stretch=scenario.heartbeat_s / 30.0)
        self.has_reader, self.is_cut_off = True, False
        self.kiosk: Kiosk | None = None
        self._scenario, self._timeline, self._broker, self._site_key = scenario, timeline, broker, site_key
        self._rng = Random(f"{seed} {kiosk}")
        self._home = folder / kiosk
        self._config = EdgeConfig(
            StationCode(station), KioskId(kiosk), self._home, self._home / "site.key", (ReaderConfig(READER, "world:"),)
        )
        self._boot = "boot-1"
        self._disk = Disk()
        self._liaison: Liaison | None = None
        self._connection: Connection | None = None
        self._due_s = float("inf")
        self._dials = 0
        self._fails_at_tap = False
        forgetting_layer().mount(self._home, self._disk)

    @property
    def watches(self) -> bool:
        """Whether somebody who taps now gets an answer."""
        return self.kiosk is not None and self.has_reader

    @property
    def is_full(self) -> bool:
        """Whether its disk is, so that the answer may be trouble and no pulse tells that it watches."""
        return self._disk.capacity_bytes is not None

    def start(self) -> None:
        """Begin a run of the agent; where there is one already nothing happens."""
        if self.kiosk is not None:
            return
        seams = Seams(
            clock=self.hands.clock(), boot=self._boot, is_synced=lambda: self.hands.is_synced,
            entropy=self._rng.randbytes, connect=self._connect,
        )  # fmt: skip
        try:
            self.kiosk = Kiosk(self._config, site_key=self._site_key, annunciator=self, seams=seams, version="world")
        except JournalError:
            self._start_again()
            return
        self._liaison = Liaison(self.kiosk, seams=seams, rng=self._rng, version="world")
        self._turn()
        self._dial_soon()
        self.began(self)
        self.watching(self)

    def kill(self) -> None:
        """End the agent as `kill -9` does; the machine runs on."""
        if self.kiosk is None:
            return
        self._lose_link()
        forgetting_layer().kill(self._home)
        kiosk, self.kiosk, self._liaison = self.kiosk, None, None
        kiosk.store.close()
        self.watching(self)

    def fail_power(self) -> None:
        """End the machine; what was not synced is lost, wholly or in pieces."""
        self.kill()
        self._disk = after_cut(self._disk, self._rng.choice(list(Cut)), self._rng)
        forgetting_layer().mount(self._home, self._disk)
        self._boot = f"boot-{self._rng.randrange(2, 10**9)}"
        self.hands.booted_s = self._timeline.now_s

    def fail_power_soon(self) -> None:
        """Let the power fail when it hurts: in the middle of the next writes, or of the next tap, or just after."""
        if self._rng.random() < AT_A_TAP:
            self._fails_at_tap = True
        else:
            self._cut_within_writes()

    def fill_disk(self) -> None:
        """No byte more fits on the disk."""
        self._disk.capacity_bytes = sum(len(file.content) for file in self._disk.names.values())
        self.watching(self)

    def empty_disk(self) -> None:
        """There is room again."""
        self._disk.capacity_bytes = None
        self.watching(self)

    def unplug(self) -> None:
        """Pull the reader's plug."""
        self.has_reader = False
        self._turn()
        self.watching(self)

    def plug_in(self) -> None:
        """Put it back."""
        self.has_reader = True
        self._turn()
        self.watching(self)

    def cut_off(self) -> None:
        """The cable is cut."""
        self.is_cut_off = True
        self._lose_link()

    def join(self) -> None:
        """The cable is whole again."""
        self.is_cut_off = False
        self._dial_soon()

    def close(self) -> None:
        """Give back what the world lent."""
        self.kill()
        forgetting_layer().unmount(self._home)

    def look(self, card: Card | None) -> None:
        """One poll of the reader."""
        if self.kiosk is None or not self.has_reader:
            return
        self.kiosk.reader_is(READER, ReaderState.UP)
        if card is not None and self._fails_at_tap:
            self._fails_at_tap = False
            self._cut_within_writes()
            self._timeline.call_in(self._rng.uniform(0, SOON_S), self._lose_power)
        self.kiosk.look(READER, card)
        self._after_step()

    def last_name(self) -> tuple[str, int]:
        """Epoch and seq of the record that was stored last."""
        assert self.kiosk is not None
        return self.kiosk.epoch, self.kiosk.store.journal.kept()[self.kiosk.epoch].last

    def find_taps(self, epoch: str) -> list[Tap]:
        """The taps of a run, as they lie on the disk."""
        assert self.kiosk is not None
        return [own.tap for own in self.kiosk.store.backlog.taps_since(_LONG_AGO, self._boot) if own.epoch == epoch]

    def show(self, signal: Signal, lines: tuple[str, str]) -> None:  # noqa: ARG002  an annunciator's signature
        """Sound, if there is power to."""
        answer = _ANSWERS.get(signal.value.word)
        if answer is not None and self._disk.is_powered:
            self.heard(self, answer)

    def _cut_within_writes(self) -> None:
        self._disk.cut_at = self._disk.position + self._rng.randrange(CUT_WITHIN)

    def _lose_power(self) -> None:
        if self.kiosk is not None:
            self.kill()
            self.fail_power()
            self._timeline.call_in(self._rng.uniform(BOOT_S, 10 * BOOT_S), self.start)

    def _start_again(self) -> None:
        """No run could be begun: the power failed over it, or the disk takes nothing; the system tries again."""
        if not self._disk.is_powered:
            self.fail_power()
        self._timeline.call_in(self._rng.uniform(BOOT_S, 10 * BOOT_S), self.start)

    def _connect(self, path: Path) -> sqlite3.Connection:
        return sqlite3.connect(
            f"file:{path}?vfs={NAME}&psow=0", uri=True, isolation_level=None, check_same_thread=False,
            factory=_Eager if self._scenario.beeps_early else sqlite3.Connection,
        )  # fmt: skip

    def _turn(self) -> None:
        """The agent's rounds, and whatever it has to say."""
        kiosk, liaison = self.kiosk, self._liaison
        if kiosk is None or liaison is None:
            return
        kiosk.reader_is(READER, ReaderState.UP if self.has_reader else ReaderState.DOWN)
        kiosk.tend()
        liaison.keep_house(self.hands.boot_s())
        self._after_step()

    def _after_step(self) -> None:
        if not self._disk.is_powered:
            self.kill()
            self._start_again()
            return
        self._speak()

    def _speak(self) -> None:
        assert self._liaison is not None
        uplink, now_s = self._liaison.uplink, self.hands.boot_s()
        if self._connection is not None:
            for outgoing in uplink.send(now_s):
                self._connection.publish(_parcel(outgoing))
        wait_s = min(uplink.deadline_s(now_s) - now_s, self._scenario.tend_s, self._pulse_in_s(now_s))
        self._wake_in(max(wait_s, SHORTEST_STEP_S))

    def _pulse_in_s(self, now_s: float) -> float:
        """When a pulse may be due, so that rounds made seldom are late for none."""
        assert self.kiosk is not None
        last_ms = self.kiosk.store.journal.last_mono_ms
        wait_s = PULSE_S if last_ms is None else last_ms / 1000 + PULSE_S - now_s
        if wait_s > 0:
            return wait_s
        return (
            ROUNDS_S if wait_s > -LATE_S else float("inf")
        )  # just made for another reason, or nothing is due at night

    def _wake_in(self, wait_s: float) -> None:
        due_s = self._timeline.now_s + wait_s
        self._due_s = due_s

        def wake() -> None:
            if self._due_s == due_s:  # else something else has happened since
                self._turn()

        self._timeline.call_at(due_s, wake)

    def _dial_soon(self) -> None:
        self._dials += 1
        dial = self._dials

        def answer() -> None:
            if dial == self._dials and self._connection is None and not self.is_cut_off:
                self._dial()

        self._timeline.call_in(self._rng.uniform(0.2, REDIAL_S), answer)

    def _dial(self) -> None:
        liaison = self._liaison
        if liaison is None:
            return
        session = Session(self._rng.randbytes(8).hex())
        will = _parcel(liaison.uplink.will(session))
        liaison.uplink.open(session, self.hands.boot_s())
        self._connection = self._broker.connect(
            self.line, liaison.uplink.subscriptions, self._take, will, hears_some=False
        )
        self._turn()

    def lose_link(self) -> None:
        """The connection breaks, and is made anew."""
        self._lose_link()
        self._dial_soon()

    def _lose_link(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.drop()
        if self._liaison is not None:
            self._liaison.uplink.close()

    def _take(self, parcel: Parcel) -> None:
        if self._liaison is not None:
            self._liaison.uplink.take(parcel.topic, parcel.payload, self.hands.boot_s())
            self._after_step()


def _parcel(outgoing: Outgoing) -> Parcel:
    return Parcel(outgoing.topic, outgoing.payload, outgoing.retain)
