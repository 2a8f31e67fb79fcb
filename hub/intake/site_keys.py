"""Whether kiosks have the hub's site key, by the fingerprint that each tells: with another, all cards are strangers."""

from collections.abc import Callable
from typing import Final

from hub.findings import FindingKind, Findings
from hub.intake.sorting import TopicOwner
from station.names import KioskId
from station.wire.messages import State

TEXT: Final = (
    "its site key is another than the hub's, so it knows nobody's card; "
    "install again from a new stick: zaigang-hub kiosk prepare ID --again"
)


class KioskKeys:
    """What each kiosk last said. All calls come from one thread.

    Args:
        own: the hub's fingerprint; empty while it has no key.
    """

    def __init__(self, findings: Findings, own: Callable[[], str]) -> None:
        self._findings = findings
        self._own = own
        self._said: dict[KioskId, tuple[str, str, str]] = {}

    @property
    def own(self) -> str:
        """The hub's fingerprint; empty while it has no key."""
        return self._own()

    def compare(self, place: TopicOwner, state: State) -> None:
        """Take in a state; a kiosk of an earlier version says nothing of it."""
        own = self.own
        said = own, state.key, state.next_key
        if not state.key or not own or self._said.get(place.kiosk) == said:
            return
        self._said[place.kiosk] = said
        if own in said[1:]:
            self._findings.end(FindingKind.SITE_KEY, place.kiosk)
        else:
            self._findings.report(FindingKind.SITE_KEY, place.kiosk, TEXT, station=place.station)
