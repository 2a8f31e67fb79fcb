"""What is to be told of one matter, stretch after stretch: to which level, when, and what people's deeds change."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from simulator.oracle.due_groups import EVER_MS, ToldSilence
from simulator.oracle.stretches import Stretch

MINUTE_MS: Final = 60_000
HIGHER_MS: Final = 15 * MINUTE_MS  # from each level to the next


class DueAlarm(NamedTuple):
    """One thing that is to be told to a level at a moment."""

    station: str
    lack: str
    what: str
    level: int
    at_ms: int


@dataclass
class AlarmCourse:
    """What is to be told of one matter at one station, or of the city: `counted` by lack, in ms.

    Attributes:
        spells: from when something lacked until nothing did.
        closed_ms: when somebody closed what was told.
        place: a station whose overseers are told, of a group.
        silences: what was told, each time to its end.
    """

    station: str
    told: str = ""
    level: int = 0
    waited: int = 0
    counted: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    due: list[DueAlarm] = field(default_factory=list)
    spells: list[Stretch] = field(default_factory=list)
    closed_ms: list[int] = field(default_factory=list)
    began_ms: int | None = None
    rises: bool = True
    is_closed: bool = False
    put_off_ms: int = 0
    place: str = ""
    silences: list[ToldSilence] = field(default_factory=list)

    def last(self, stretch: Stretch, delays: Mapping[str, int], levels: Mapping[str, Sequence[int]]) -> None:
        """Something lacks all that time: of each lack that counts then, after how long it is told; the worst first."""
        self.hold(stretch.since_ms)
        at_ms = stretch.since_ms
        while at_ms < stretch.until_ms:
            steps = [(delay - self.counted[lack], lack) for lack, delay in delays.items() if self._may_raise(lack)]
            higher = [level for level in levels.get(self.told, ()) if level > self.level] if self.rises else []
            if self.told and higher:
                steps.append((max(self.put_off_ms - at_ms, 0) + HIGHER_MS - self.waited, ""))
            wait_ms, lack = min(steps, key=lambda step: step[0], default=(stretch.until_ms, ""))
            wait_ms = max(wait_ms, 0)
            passed = min(wait_ms, stretch.until_ms - at_ms)
            for each in delays:
                self.counted[each] += passed
            at_ms += passed
            self.waited += max(min(passed, at_ms - self.put_off_ms), 0) if self.told and self.rises else 0
            if passed < wait_ms or at_ms >= stretch.until_ms:
                return
            if lack:
                self._tell(lack, min(levels[lack]))
                since_ms = at_ms - self.counted[lack]
                self.silences.append(ToldSilence(self.station, since_ms, at_ms, EVER_MS, is_back=True))
                self.due.append(DueAlarm(self.station, lack, "raised", self.level, at_ms))
            else:
                self.level, self.waited = higher[0], 0
                self.due.append(DueAlarm(self.station, self.told, "escalated", self.level, at_ms))

    def hold(self, at_ms: int) -> None:
        """Nobody can tell for a while; what was counted stays."""
        self.began_ms = at_ms if self.began_ms is None else self.began_ms

    def heed(self, deed: Mapping[str, Any] | None) -> None:
        """Somebody has done something about what was told."""
        if deed is None or self.told != deed["lack"]:
            return
        if self.silences:
            self.silences[-1] = self.silences[-1]._replace(seen_to_ms=min(self.silences[-1].seen_to_ms, deed["at_ms"]))
        if deed["deed"] == "put off":
            self.put_off_ms = deed["until_ms"]
        else:
            self.rises = False
        if deed["deed"] == "closed":
            self.is_closed = True
            self.closed_ms.append(deed["at_ms"])

    def _tell(self, lack: str, level: int) -> None:
        self.told, self.level, self.waited = lack, level, 0
        self.rises, self.is_closed, self.put_off_ms = True, False, 0

    def _may_raise(self, lack: str) -> bool:
        return not self.told or (self.told == "short" and lack == "vacant")

    def end(self, at_ms: int, *, is_told: bool) -> None:
        """What was told of is over."""
        if self.told and self.silences:
            self.silences[-1] = self.silences[-1]._replace(until_ms=at_ms, is_back=is_told)
        if self.told and is_told and not self.is_closed:
            self.due += [DueAlarm(self.station, self.told, "ended", level, at_ms) for level in range(1, self.level + 1)]
        self._tell("", 0)
        self.counted.clear()

    def share(self, stretch: Stretch, *, counts: bool) -> None:
        """It lasts, and is told of as one with others: its own alarm, if there was one, gave way to theirs."""
        self.hold(stretch.since_ms)
        self._tell("", 0)
        if counts:
            self.counted["unwatched"] += stretch.until_ms - stretch.since_ms

    def begin_anew(self) -> None:
        """What was counted is not known any more; what was told is."""
        self.counted.clear()
        self.waited = 0

    def rest(self, at_ms: int) -> None:
        """Nothing lacks from now on."""
        if self.began_ms is not None:
            self.spells.append(Stretch(self.began_ms, at_ms))
        self.began_ms = None
