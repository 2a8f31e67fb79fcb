"""Leads who correct taps: any that the ledger has, and those that somebody forgot to make; some of it is taken back.

Each is made by the hub's own commands; one that is refused changes nothing. What is corrected of the last hours changes
what kiosks decide from then on, so such a day is not held against the truth.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from hub.changing.commands import CityCommand
from hub.changing.corrections import AddTap, ConfirmTap, RetimeTap, VoidTap
from simulator.opening import DAY, ZONE
from simulator.truth import RECENT
from simulator.world.centre import Centre
from simulator.world.crowd import Crowd
from simulator.world.own_journal import amended_taps, amendments_of
from simulator.world.registry import Registry
from simulator.world.timeline import Timeline
from station.names import Epoch, KioskId, RecordName, Seq

OF_THE_PAST: Final = 0.9  # of corrections
PLAIN: Final = 0.95  # of them: about somebody who came and left, and no more
LATELY: Final = RECENT + timedelta(hours=2)  # what is older means nothing to a tap that comes now
WRITTEN_DOWN: Final = 0.6  # of taps that are put in
LEAVES_TOO: Final = 0.8
LONGEST_MS: Final = 4 * 3_600_000
_MINUTE: Final = timedelta(minutes=1)
_KINDS: Final = ("back", "void", "retime", "confirm", "add", "add")


class Corrections:
    """Makes them, one after another."""

    def __init__(self, registry: Registry, crowd: Crowd, centre: Centre, timeline: Timeline, seed: int) -> None:
        self._registry, self._crowd, self._centre, self._timeline = registry, crowd, centre, timeline
        self._rng = Random(f"{seed} corrections")

    def make(self) -> None:
        """Let a lead correct something, if there is anything."""
        found = self._drawn(self._rng.choice(_KINDS))
        if found is None:
            return
        station, about, commands = found
        if self._centre.change(commands, may_refuse=True) and about > self._timeline.now - LATELY:
            self._crowd.doubt(station, self._timeline.now.astimezone(ZONE).date())

    def _drawn(self, kind: str) -> tuple[str, datetime, list[CityCommand]] | None:
        if kind == "add":
            return self._missed()
        if kind == "back":
            return self._taken_back()
        tap = self._tap()
        if tap is None:
            return None
        station, at = tap["station"], datetime.fromtimestamp(tap["at_ms"] // 1000, UTC)
        moved = at + self._rng.uniform(-12, 12) * _MINUTE
        match kind:
            case "void":
                command: CityCommand = VoidTap(station, _name(tap))
            case "retime":
                command = RetimeTap(station, _name(tap), moved.replace(microsecond=0))
            case _:
                until = at + timedelta(hours=self._rng.randint(1, 4))
                command = ConfirmTap(station, _name(tap), until if self._rng.random() < WRITTEN_DOWN else None)
        return station, max(at, moved), [command]

    def _taken_back(self) -> tuple[str, datetime, list[CityCommand]] | None:
        """An amendment is void, and what it was about in the end as if it had not been said."""
        said = amendments_of(self._centre.engine)
        if not said:
            return None
        one = self._rng.choice(said)
        moments_ms = {tuple(tap["name"]): tap["at_ms"] for tap in amended_taps(self._centre.engine)}
        by_name, name = {tuple(each["name"]): each for each in said}, tuple(one["name"])
        while name not in moments_ms and by_name.get(name, {}).get("of"):
            name = tuple(by_name[name]["of"])
        at_ms = moments_ms.get(name)
        about = self._timeline.now if at_ms is None else datetime.fromtimestamp(at_ms / 1000, UTC)
        return one["station"], about, [VoidTap(one["station"], _name(one))]

    def _tap(self) -> dict[str, Any] | None:
        """One that the ledger has, of a day that is over rather than of today, of a plain day rather than another."""
        taps, is_past = amended_taps(self._centre.engine), self._wants_past()
        midnight_ms = self._midnight().timestamp() * 1000
        found = [tap for tap in taps if (tap["at_ms"] < midnight_ms) == is_past]
        if self._rng.random() < PLAIN:
            moments = defaultdict(list)
            for tap in found:
                moments[self._card(tap)].append(tap["at_ms"])
            found = [tap for tap in found if _is_plain(moments[self._card(tap)])]
        return self._rng.choice(found) if found else None

    def _card(self, tap: dict[str, Any]) -> str:
        """Which it was, whatever it was called."""
        return self._registry.keys.first_of(tap["token"])

    def _missed(self) -> tuple[str, datetime, list[CityCommand]] | None:
        """Somebody was there without a card; it may be written down in the station's register."""
        is_past = self._wants_past()
        midnight = self._midnight() - (DAY if is_past else timedelta(0))
        since_ms, until_ms = (1000 * edge.timestamp() for edge in (midnight, midnight + DAY))
        came = {self._card(tap) for tap in amended_taps(self._centre.engine) if since_ms <= tap["at_ms"] < until_ms}
        absent = [one for one in self._registry.city.volunteers if not came & {*map(self._registry.token, one.cards)}]
        one = self._rng.choice(absent or self._registry.city.volunteers)
        stretches = self._registry.city.station(one.station).opening.on(midnight.date())
        if not stretches:
            return None
        stretch = self._rng.choice(stretches)
        arrived = stretch.opens_at + self._rng.uniform(-10, 60) * _MINUTE
        left = arrived + self._rng.uniform(0.2, 1.0) * (stretch.closes_at - arrived)
        page = f"第1页第{self._rng.randint(1, 20)}行" if self._rng.random() < WRITTEN_DOWN else ""
        made = [("arrive", arrived), ("leave", left)] if self._rng.random() < LEAVES_TOO else [("arrive", arrived)]
        commands: list[CityCommand] = [
            AddTap(one.station, one.person, action, at.replace(microsecond=0).astimezone(UTC), page)
            for action, at in made
        ]
        return one.station, left, commands

    def _wants_past(self) -> bool:
        return self._rng.random() < OF_THE_PAST

    def _midnight(self) -> datetime:
        return self._timeline.now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


def _is_plain(moments_ms: list[int]) -> bool:
    """Whether somebody came, perhaps left, and did not stay over lunch."""
    return len(moments_ms) <= len(("came", "left")) and max(moments_ms) - min(moments_ms) < LONGEST_MS


def _name(one: dict[str, Any]) -> RecordName:
    kiosk, epoch, seq = one["name"]
    return RecordName(KioskId(kiosk), Epoch(epoch), Seq(seq))
