"""Which days of which people corrections are about, and how plain those days are: the oracle reads the plain ones.

Plain is a day of somebody who came and left at one station, or did not come and was entered there afterwards. Of any
other nothing is held against the truth, but every tap against what was said of it, and the ledger against one made
anew.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from simulator.opening import ZONE

ToldTap = dict[str, Any]
_ACTIONS: Final = {"arrived": "arrive", "left": "leave", "stepped_out": "step_out", "returned": "return"}
_PLAIN: Final[tuple[list[str], ...]] = ([], ["arrive"], ["arrive", "leave"])


class CorrectedDays:
    """Fed with every kiosk's records, then asked.

    Args:
        said: the amendments.
        persons: whose each card is.
        places: where each of them goes.
    """

    def __init__(
        self, said: Sequence[Mapping[str, Any]], persons: Mapping[str, str], places: Mapping[str, Iterable[str]]
    ) -> None:
        self.said = list(said)
        self._persons, self._places = persons, places
        self._taps: dict[tuple[str, date], list[ToldTap]] = defaultdict(list)
        self._whose: dict[tuple[str, str, int], tuple[str, date]] = {}

    def take(self, station: str, records: Iterable[Mapping[str, Any]], beeps: Iterable[Mapping[str, Any]]) -> None:
        """A kiosk's; one that nobody heard a beep for is of no plain day."""
        heard = {(beep["epoch"], beep["seq"]): beep for beep in beeps} if self.said else {}
        for one in records if self.said else ():
            person = self._persons.get(one.get("card", ""))
            if person is None:
                continue
            beep = heard.get((one["epoch"], one["seq"]))
            name = one["kiosk"], one["epoch"], one["seq"]
            at_ms, action = (one["placed_ms"], "") if beep is None else (beep["at_ms"], _ACTIONS.get(beep["told"], ""))
            self._enter(person, {"name": [*name], "station": station, "at_ms": at_ms, "action": action, "is_own": True})

    def finish(self) -> tuple[dict[tuple[str, date], list[list[ToldTap]]], set[tuple[str, date]]]:
        """The plain days' taps, person by person, by station and day; and where days are not plain."""
        for one in self.said:
            if one["change"] == "add":
                added = {name: one[name] for name in ("name", "station", "at_ms", "action", "proves")}
                self._enter(one["person"], {**added, "is_own": False})
        plain: dict[tuple[str, date], list[list[ToldTap]]] = defaultdict(list)
        unclear: set[tuple[str, date]] = set()
        for person, day in sorted(self._touched()):
            taps = sorted(self._taps[person, day], key=lambda tap: tap["at_ms"])
            own = [tap["action"] for tap in taps if tap["is_own"]]
            stations = {tap["station"] for tap in taps}
            if own in _PLAIN and len(stations) == 1 and (not own or len(own) == len(taps)):
                plain[stations.pop(), day].append(taps)
            else:
                unclear |= {(place, day) for place in {*self._places[person], *stations}}
        return plain, unclear

    def _enter(self, person: str, tap: ToldTap) -> None:
        day = datetime.fromtimestamp(tap["at_ms"] / 1000, UTC).astimezone(ZONE).date()
        self._taps[person, day].append(tap)
        self._whose[_key(tap["name"])] = person, day

    def _touched(self) -> set[tuple[str, date]]:
        by_name = {_key(one["name"]): one for one in self.said}
        found = set()
        for one in self.said:
            name = _key(one["name"])
            while name in by_name and by_name[name]["of"] is not None:
                name = _key(by_name[name]["of"])
            if name in self._whose:
                found.add(self._whose[name])
        return found


def _key(name: Sequence[Any]) -> tuple[str, str, int]:
    kiosk, epoch, seq = name
    return kiosk, epoch, seq
