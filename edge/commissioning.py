"""终端投用: who puts a kiosk up is led through what a station will ask of it, by lamp, buzzer and console.

Tap; pull the cable; tap; plug it in; power off and on; tap. Each step is seen to have happened: stored, settled, line
gone, another boot. Where it stands is on disk, so that it goes on after the power came back. It ends in a record that
the kiosk signs (`Seal`); a step that fails says in one sentence what is wrong and what to do. Calls to `make` come from
the readers' threads, `start` and `seal` from the network's.
"""

import json
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from devices.signals import Lines, Signal
from edge.commission_steps import AMISS, CHECKS_ZH, DONE, GIVEN_UP, MENDED_BY, STEPS, TROUBLES, CommissionStep
from edge.timekeeping import Stamp
from edge.voice import Voice
from edge.whole_file import write_whole
from station.commission_words import found_in_chinese
from station.names import Epoch
from station.records import Tap
from station.strict import spell_moment

FILE: Final = "commission.json"
LOOK_EVERY_S: Final = 0.5
REMIND_S: Final = 15.0
AFTER_ANSWER_S: Final = 3.0  # a tap's own answer stays to be seen
SETTLES_WITHIN_S: Final = 60.0
STEP_WITHIN_S: Final = 15 * 60.0


@dataclass(frozen=True, slots=True)
class Check:
    """Something that was looked at in the end; `text` tells what was found."""

    what: str
    is_well: bool
    text: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a run of it sees of the kiosk.

    Attributes:
        last_tap: of this run of the agent.
        is_settled: whether the hub has said of a record that it holds it.
        has_line: whether any cable is in.
        checks: reader, clock, disk, queue.
    """

    voice: Voice
    now_s: Callable[[], float]
    stamp: Callable[[], Stamp]
    boot: str
    epoch: Epoch
    last_tap: Callable[[], Tap | None]
    is_settled: Callable[[Epoch, int], bool]
    has_line: Callable[[], bool]
    checks: Callable[[], Sequence[Check]]


@dataclass(slots=True)
class CommissionProgress:
    """Where it stands, as the file has it."""

    by: str
    begun_at: str = ""
    boot: str = ""
    step: int = 0
    tapped: list[Any] = field(default_factory=list)
    """Epoch and seq of the tap that this step, or the one before, is about."""
    done: list[dict[str, str]] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    ended_at: str = ""
    trouble: str = ""
    letter: str = ""


class Commission:
    """One kiosk's, from when it is asked for until its record is signed."""

    def __init__(self, directory: Path, around: Surroundings) -> None:
        self._path = directory / FILE
        self._around = around
        self._turn = threading.Lock()
        self._progress = read_progress(self._path)
        self._begun_s = self._look_s = float("-inf")
        self._tapped_s: float | None = None
        self._said: tuple[int, str] = (-1, "")
        self._shown = 0
        self._quiet_until_s = self._remind_s = float("-inf")
        self._after: tuple[str, int] = self._latest()
        self._enter()

    @property
    def progress(self) -> CommissionProgress | None:
        """Where it stands; None where nobody has asked for it."""
        return self._progress

    def start(self, by: str) -> None:
        """Begin, or begin anew."""
        with self._turn:
            self._progress = CommissionProgress(by)
            self._after = self._latest()
            self._enter()
            self._keep()

    def make(self) -> None:
        """Look whether the step is done; call it a few times a second."""
        now_s = self._around.now_s()
        if now_s - self._look_s < LOOK_EVERY_S:
            return
        self._look_s = now_s
        with self._turn:
            if (self._progress is None or self._progress.letter) and os.access(self._path, os.F_OK):
                self._hear_console()
            if self._progress is None or self._progress.ended_at:
                return
            self._begin(self._progress, now_s)
            self._look(self._progress, STEPS[self._progress.step], now_s)

    def seal(self, letter: str, trouble: str = "") -> None:
        """Keep the signed record."""
        with self._turn:
            if self._progress is not None:
                self._progress.letter, self._progress.trouble = letter, trouble or self._progress.trouble
                self._keep()

    def _hear_console(self) -> None:
        """Somebody may have asked for it at the console: by a file without a beginning."""
        asked = read_progress(self._path)
        if asked is not None and not asked.begun_at:
            self._progress, self._after = asked, self._latest()
            self._enter()

    def _begin(self, progress: CommissionProgress, now_s: float) -> None:
        if not progress.begun_at:
            progress.begun_at, progress.boot = _at(self._around.stamp()), self._around.boot
            self._keep()
        if self._begun_s == float("-inf"):
            self._begun_s = now_s
        if now_s - self._begun_s > STEP_WITHIN_S:
            self._end(progress, GIVEN_UP.format(step=STEPS[progress.step].asks.first))

    def _look(self, progress: CommissionProgress, step: CommissionStep, now_s: float) -> None:
        if progress.ended_at:
            return
        if step.wants_tap and self._latest() != self._after:
            self._after, self._tapped_s = self._latest(), now_s
            progress.tapped = list(self._after)
            self._keep()
        if step.name == "tap_alone" and self._around.has_line():
            self._go(progress, progress.step - 1, now_s)  # it was plugged in too early
        elif self._is_done(progress, step):
            is_last = progress.step + 1 == len(STEPS)
            waited_s = now_s - (self._tapped_s or now_s)
            if is_last and waited_s < SETTLES_WITHIN_S and not all(check.is_well for check in self._around.checks()):
                return  # after a boot the hub's time takes some answers to be believed
            progress.done.append({"step": step.name, "at": _at(self._around.stamp())})
            if is_last:
                self._finish(progress)
            else:
                self._go(progress, progress.step + 1, now_s)
        else:
            self._speak(progress, now_s)

    def _is_done(self, progress: CommissionProgress, step: CommissionStep) -> bool:
        around, is_tapped = self._around, self._tapped_s is not None
        is_settled = bool(progress.tapped) and around.is_settled(Epoch(progress.tapped[0]), int(progress.tapped[1]))
        return {
            "tap": is_tapped and is_settled,
            "unplug": not around.has_line(),
            "tap_alone": is_tapped,
            "plug": around.has_line() and is_settled,
            "power": around.boot != progress.boot,
            "tap_again": is_tapped and is_settled,
        }[step.name]

    def _speak(self, progress: CommissionProgress, now_s: float) -> None:
        """Ask for the step, or say what keeps it; again now and then, and never over the answer to a tap."""
        step = STEPS[progress.step]
        asked_s = self._begun_s if self._tapped_s is None else self._tapped_s
        waits = self._tapped_s is not None or (step.name == "plug" and self._around.has_line())
        late = waits and now_s - asked_s > SETTLES_WITHIN_S
        if waits and not late:  # the hub has time to answer; nothing more is asked
            return
        reader = next((check for check in self._around.checks() if check.what == "reader" and not check.is_well), None)
        said = (progress.step, "reader" if reader and step.wants_tap else "hub" if late else "")
        if self._around.voice.shown != self._shown:
            self._shown, self._quiet_until_s = self._around.voice.shown, now_s + AFTER_ANSWER_S
        if now_s < self._quiet_until_s or (said == self._said and now_s < self._remind_s):
            return
        self._say(*((Signal.NEXT, step.asks) if not said[1] else (Signal.AMISS, TROUBLES[said[1]])))
        self._said, self._remind_s = said, now_s + REMIND_S

    def _go(self, progress: CommissionProgress, step: int, now_s: float) -> None:
        progress.step, progress.boot = step, self._around.boot
        self._enter()
        self._begun_s, self._after = now_s, self._latest()
        self._keep()

    def _finish(self, progress: CommissionProgress) -> None:
        checks = self._around.checks()
        progress.checks = [asdict(check) for check in checks]
        wrong = next((check for check in checks if not check.is_well), None)
        self._end(progress, "" if wrong is None else _told(wrong))

    def _end(self, progress: CommissionProgress, trouble: str) -> None:
        progress.ended_at, progress.trouble = _at(self._around.stamp()), trouble
        self._keep()
        self._say(Signal.COMMISSIONED, DONE) if not trouble else self._say(Signal.AMISS, Lines(trouble))

    def _say(self, signal: Signal, lines: Lines) -> None:
        self._around.voice.show(signal, lines)
        self._shown = self._around.voice.shown

    def _enter(self) -> None:
        self._begun_s, self._tapped_s = float("-inf"), None

    def _latest(self) -> tuple[str, int]:
        tap = self._around.last_tap()
        return self._around.epoch, 0 if tap is None else tap.seq

    def _keep(self) -> None:
        """What the disk does not take now is written with the next step."""
        assert self._progress is not None
        with suppress(OSError):
            write_whole(self._path, json.dumps(asdict(self._progress), ensure_ascii=False).encode())


def read_progress(path: Path) -> CommissionProgress | None:
    """What the file says; None where it cannot be read."""
    try:
        return CommissionProgress(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def _told(wrong: Check) -> str:
    return AMISS.format(
        what=CHECKS_ZH[wrong.what], text=found_in_chinese(wrong.what, wrong.text), step=MENDED_BY[wrong.what]
    )


def _at(stamp: Stamp) -> str:
    return spell_moment(stamp.at)
