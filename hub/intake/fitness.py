"""Whether kiosks' machines are fit, by the figures that each tells: certificate, disk, power."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from hub.findings import FindingKind, Findings
from hub.intake.sorting import TopicOwner
from station.names import KioskId
from station.wire.messages import KioskFigures, State

CERTIFICATE_ENDS: Final = timedelta(days=30)  # time to go there, should renewing by itself have failed
DISK_SHORT_MB: Final = 200  # some months of records, and an update


class KioskFitness:
    """What each kiosk last said. All calls come from one thread."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._said: dict[KioskId, dict[FindingKind, str]] = {}

    def look(self, place: TopicOwner, state: State, now: datetime) -> None:
        """Take in a state; what the machine does not tell is no finding."""
        wrong = dict(_wrong_with(state.figures, now))
        before = self._said.get(place.kiosk)
        if wrong == before:
            return
        self._said[place.kiosk] = wrong
        for kind in (FindingKind.CERTIFICATE, FindingKind.DISK, FindingKind.UNDER_VOLTAGE):
            if kind not in wrong:
                self._findings.end(kind, place.kiosk)
            elif before is None or before.get(kind) != wrong[kind]:
                self._findings.report(kind, place.kiosk, wrong[kind], station=place.station)


def _wrong_with(figures: KioskFigures, now: datetime) -> Iterator[tuple[FindingKind, str]]:
    ends_at = figures.certificate_ends_at
    if ends_at is not None and ends_at - now < CERTIFICATE_ENDS:
        yield FindingKind.CERTIFICATE, f"its certificate ends on {ends_at:%Y-%m-%d}; no broker lets it in after"
    if figures.disk_free_mb is not None and figures.disk_free_mb < DISK_SHORT_MB:
        yield FindingKind.DISK, f"its disk has less than {DISK_SHORT_MB} MB left"
    if figures.under_voltage:
        yield FindingKind.UNDER_VOLTAGE, "its power was too weak; another supply, a shorter cable"
