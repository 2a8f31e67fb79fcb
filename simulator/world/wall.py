"""What hangs on the wall: every row that the board showed, how it said that kiosks stand, and how they really stood.

Nothing is judged here. Moments are whole milliseconds of UTC since 1970; `DARK` is shown while no hub runs.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from hub.core import HubCore
from hub.presence.board_view import BoardRow
from simulator.world.timeline import Timeline
from station.milliseconds import ms_of

DARK: Final = "dark"


class WallRow(NamedTuple):
    """What a station shows from a moment on."""

    since_ms: int
    duty_class: str
    on_duty: int = 0
    stepped_out: int = 0
    held_ms: int | None = None
    is_silent: bool = False

    def plain(self, since_ms: int) -> dict[str, Any]:
        """As the evidence has it: `held_ms` is since when the class is said to hold, `is_silent` that of a kiosk."""
        return {
            "since_ms": max(self.since_ms, since_ms), "class": self.duty_class, "on_duty": self.on_duty,
            "stepped_out": self.stepped_out, "held_ms": self.held_ms, "told_ms": self.since_ms,
            "is_silent": self.is_silent,
        }  # fmt: skip


class WallState(NamedTuple):
    """How something stands from a moment on."""

    since_ms: int
    state: str

    def plain(self, since_ms: int) -> dict[str, Any]:
        """As the evidence has it."""
        return {"since_ms": max(self.since_ms, since_ms), "state": self.state}


class Wall:
    """All of it, change by change.

    Args:
        kiosks: each one's station.
    """

    def __init__(self, timeline: Timeline, kiosks: dict[str, str]) -> None:
        self._timeline, self._kiosks = timeline, kiosks
        self._rows: dict[str, list[WallRow]] = defaultdict(list)
        self._hub: list[WallState] = []
        self._stood: dict[str, list[WallState]] = defaultdict(list)
        self._shown: dict[str, list[WallState]] = defaultdict(list)
        self._heard: dict[str, list[int]] = defaultdict(list)

    def note_rows(self, rows: Iterable[BoardRow]) -> None:
        """The board shows these rows from now on."""
        now_ms = self._now_ms()
        for row in rows:
            held_ms = None if row.since is None else ms_of(row.since)
            shown = WallRow(
                now_ms, row.duty_class.value, row.on_duty, row.stepped_out, held_ms, is_silent=row.unseen is not None
            )
            _add(self._rows[row.code], shown)

    def note_kiosks(self, core: HubCore) -> None:
        """How the hub says that kiosks stand."""
        now, now_ms, status = self._timeline.now, self._now_ms(), core.city.liveness.status
        for kiosk in core.city.directory.kiosks:
            _add(self._shown[kiosk], WallState(now_ms, status(kiosk, now).value))

    def note_hub(self, state: str) -> None:
        """The hub is `up`, `hampered` or `down` from now on."""
        now_ms = self._now_ms()
        _add(self._hub, WallState(now_ms, state))
        if state == "down":
            for station in set(self._kiosks.values()):
                _add(self._rows[station], WallRow(now_ms, DARK))
            for kiosk in self._kiosks:
                _add(self._shown[kiosk], WallState(now_ms, DARK))

    def note_standing(self, kiosk: str, standing: str) -> None:
        """How a kiosk really stands."""
        _add(self._stood[kiosk], WallState(self._now_ms(), standing))

    def note_heard(self, kiosk: str) -> None:
        """Something that it said has come to the hub."""
        self._heard[kiosk].append(self._now_ms())

    def is_well_since(self, kiosk: str, since: datetime) -> bool:
        """Whether the hub and that kiosk have stood well ever since."""
        since_ms = ms_of(since)
        both = self._hub, self._stood[kiosk]
        return all(steps and steps[-1].state == "up" and steps[-1].since_ms <= since_ms for steps in both)

    def row_steps(self, station: str, since_ms: int, until_ms: int) -> list[dict[str, Any]]:
        """What a station showed in a stretch."""
        return [*steps_of(self._rows[station], since_ms, until_ms)]

    def class_steps(self, station: str) -> list[tuple[int, str]]:
        """Each class that a station ever showed, and since when."""
        return _changes((row.since_ms, row.duty_class) for row in self._rows[station])

    def watching_steps(self, station: str) -> list[tuple[int, str]]:
        """The same with `unknown` while a kiosk of it is shown as silent, whatever the class."""
        return _changes((row.since_ms, "unknown" if row.is_silent else row.duty_class) for row in self._rows[station])

    def hub_steps(self, since_ms: int, until_ms: int) -> list[dict[str, Any]]:
        """How the hub stood."""
        return [*steps_of(self._hub, since_ms, until_ms)]

    def kiosk_steps(self, kiosk: str, since_ms: int, until_ms: int) -> dict[str, Any]:
        """How a kiosk stood, how it was said to stand, and when it was heard."""
        heard = self._heard[kiosk]
        return {
            "kiosk": kiosk,
            "stood": [*steps_of(self._stood[kiosk], since_ms, until_ms)],
            "shown": [*steps_of(self._shown[kiosk], since_ms, until_ms)],
            "heard": heard[max(0, bisect_left(heard, since_ms) - 1) : bisect_left(heard, until_ms)],
        }

    def _now_ms(self) -> int:
        return ms_of(self._timeline.now)


def _add(steps: list[Any], step: WallRow | WallState) -> None:
    """Where it is news; of two of one moment the later counts."""
    if steps and steps[-1].since_ms == step.since_ms:
        steps.pop()
    if not steps or steps[-1][1:] != step[1:]:
        steps.append(step)


def _changes(steps: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for at_ms, shown in steps:
        if not found or found[-1][1] != shown:
            found.append((at_ms, shown))
    return found


def steps_of(steps: Sequence[WallRow | WallState], since_ms: int, until_ms: int) -> Iterator[dict[str, Any]]:
    """Those of a stretch, the first of them that with which it begins."""
    first = max(0, bisect_right(steps, since_ms, key=_since) - 1)
    last = bisect_left(steps, until_ms, key=_since)
    return (step.plain(since_ms) for step in steps[first:last])


def _since(step: WallRow | WallState) -> int:
    return step.since_ms
