"""What was corrected of the taps of some days of some stations, as a case has it (docs/replay.md)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_

from hub.ledger.amending import OwnRun
from hub.ledger.queries import RUN, read_names, read_rows
from station.amending import Amendment, Amends
from station.milliseconds import moment_of
from station.names import HUB_KIOSK, RecordName, StationCode
from station.strict import spell_moment

KEPT_BACK: Final = "kept back"
"""In the place of what is written down somewhere: that there is something lets an added tap prove presence."""


class CorrectionExport:
    """Exports corrections.

    Args:
        connection: a snapshot.
        records: names of the records that are in the file; of others no correction is told.
        since: added taps from then on are told.
        until: and up to then.
    """

    def __init__(
        self, connection: Connection, records: set[tuple[str, str, int]], since: datetime, until: datetime
    ) -> None:
        self._connection = connection
        self._records = records
        self._since = since
        self._until = until

    def corrections(self, stations: Iterable[StationCode]) -> list[dict[str, Any]]:
        """Those of these stations, in the order in which they were made, each that takes another back behind it."""
        found = [one for code in stations for one in self._of_station(code)]
        found.sort(key=lambda one: one[0])  # keeps a station's own order
        numbers = {name: number for number, (_, name, _) in enumerate(found)}
        return [said if said.get("of") not in numbers else {**said, "of": numbers[said["of"]]} for _, _, said in found]

    def _of_station(self, code: StationCode) -> list[tuple[int, RecordName, dict[str, Any]]]:
        own_runs = read_names(self._connection, and_(RUN.c.station == code, RUN.c.kiosk == HUB_KIOSK))
        found = []
        for name in own_runs:
            own = OwnRun(name, read_rows(self._connection, name.id))
            amendments = own.amendments
            made = {row.seq: row.stored_ms for row in own.rows}
            found += [
                (made[of.seq], of, _said(code, one, made[of.seq]))
                for of, one in amendments.items()
                if self._is_told(of, amendments)
            ]
        return found

    def _is_told(self, name: RecordName, amendments: Mapping[RecordName, Amendment]) -> bool:
        """Whether the tap that it comes down to, however far round, is one of the file."""
        one = amendments[name]
        if one.change is Amends.ADD:
            return one.at is not None and self._since <= one.at <= self._until
        if one.of is None:
            return False
        return self._is_told(one.of, amendments) if one.of in amendments else tuple(one.of) in self._records


def _said(station: StationCode, one: Amendment, made_ms: int) -> dict[str, Any]:
    said = {"station": station, "made_at": spell_moment(moment_of(made_ms)), "change": one.change.value, "of": one.of}
    at = None if one.at is None else spell_moment(one.at)
    if one.change is Amends.CONFIRM:
        return {**said, "until": at}
    if one.change is Amends.RETIME:
        return {**said, "at": at}
    if one.change is Amends.VOID or one.person is None or one.action is None:
        return said
    evidence = {"evidence": KEPT_BACK} if one.evidence else {}
    del said["of"]
    return {**said, "person": one.person, "action": one.action.value, "at": at, **evidence}
