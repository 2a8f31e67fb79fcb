"""Says of kiosks that are switched off with their station's lights why no update reaches them, and what would.

One that waits, was away while its station rested, and is there again while it is open: found. Over when it is there
through a rest, or has the version.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from hub.findings import FindingKind, Findings
from hub.updates.rollout import KioskOnItsWay, UpdateStep
from station.names import StationCode


@dataclass(slots=True)
class SwitchedOff:
    """Looks at every kiosk now and then."""

    findings: Findings
    _away: set[str] = field(default_factory=set)
    _told: set[str] = field(default_factory=set)

    def look(self, kiosks: Iterable[KioskOnItsWay], version: str) -> None:
        """Say it anew, or that it is over."""
        waiting = {each.id: each for each in kiosks if each.step is UpdateStep.WAITS}
        for each in waiting.values():
            if each.rests and not each.is_there:
                self._away.add(each.id)
            elif each.rests:
                self._away.discard(each.id)
            elif each.is_there and each.id in self._away - self._told:
                self._told.add(each.id)
                text = f"was away while its station was closed, so it does not get {version}; update now {each.id}"
                self.findings.report(FindingKind.SWITCHED_OFF, each.id, text, station=StationCode(each.station))
        self._away &= waiting.keys()
        for id_ in self._told - self._away:
            self._told.discard(id_)
            self.findings.end(FindingKind.SWITCHED_OFF, id_)
