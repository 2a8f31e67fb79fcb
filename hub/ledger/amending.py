"""What the hub's own journal makes of the ledger's taps: read whole, station by station, and laid over them.

The hub writes one run of kiosk `hub` for each station. An added tap stands in the ledger under its amendment's name,
with the person in the card's place; any other keeps its name and its row, and says there what was made of it. So
whatever folds persons finds them like any tap.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from sqlalchemy import Connection, and_, bindparam, select

from hub.changing.own_journal import UNWRITTEN
from hub.database.transactions import OneConnection
from hub.intake.rows import RecordRow
from hub.ledger.change import Change
from hub.ledger.kiosks import Unplaced, read_kiosks
from hub.ledger.known import Known
from hub.ledger.outlines import Outline, outline_of
from hub.ledger.persons import PersonFolding
from hub.ledger.queries import (
    LEDGER_TAP,
    RUN,
    VOID,
    RunName,
    StoredTap,
    read_outlines,
    read_rows,
    read_taps_of_run,
    unfolded_runs,
)
from hub.register.rulebook import Rulebook
from station.amending import AMEND, Amended, Amendment, Amends, TapSaid, amended, read_amendment
from station.milliseconds import ms_of
from station.names import HUB_KIOSK, RecordName, Seq, StationCode
from station.records import ClockState

_TAP: Final = (
    select(*LEDGER_TAP.c, RUN.c.kiosk, RUN.c.epoch, RUN.c.station)
    .join(RUN, RUN.c.id == LEDGER_TAP.c.run)
    .where(
        and_(RUN.c.kiosk == bindparam("kiosk"), RUN.c.epoch == bindparam("epoch"), LEDGER_TAP.c.seq == bindparam("seq"))
    )
)


class OwnRun(NamedTuple):
    """One station's amendments.

    Attributes:
        name: the run that they are written in.
        rows: its records, all of them.
    """

    name: RunName
    rows: list[RecordRow]

    @property
    def amendments(self) -> dict[RecordName, Amendment]:
        """By name."""
        kiosk, epoch = self.name.kiosk, self.name.epoch
        return {RecordName(kiosk, epoch, Seq(row.seq)): amendment_of(row) for row in self.rows if row.kind == AMEND}


def amendment_of(row: RecordRow) -> Amendment:
    """What such a record says."""
    return read_amendment(json.loads(row.body or "{}"))


def unfolded_amendments(connection: Connection) -> list[int]:
    """The hub's own runs of which more is stored than folded."""
    return unfolded_runs(connection, RUN.c.kiosk == HUB_KIOSK)


def fold_amendments(connection: Connection, runs: Iterable[int], change: Change) -> None:
    """Add what the amendments of these runs change, as the connection sees them."""
    for unplaced in read_kiosks(connection, {HUB_KIOSK: list(runs)}).values():
        for run in unplaced.unfolded:
            _fold_run(connection, run, unplaced, change)


def _fold_run(connection: Connection, run: int, unplaced: Unplaced, change: Change) -> None:
    own = OwnRun(unplaced.names[run], read_rows(connection, run))
    kept = unplaced.kept.get(own.name.epoch)
    lay_over_taps(connection, own, 0 if kept is None else kept.last_seq, change)
    outline = _outlined(own)
    change.runs[run] = own.name
    change.outlines.append(outline)


def foresee(connection: Connection, book: Rulebook, station: StationCode, more: Sequence[Amendment]) -> Change:
    """What these amendments would change of a station's taps, and of whose they are; nothing is written.

    Raises:
        StoreTroubleError: the ledger cannot be read.
    """
    kept = read_outlines(connection, [HUB_KIOSK])
    name, folded = next(
        ((name, outline.last_seq) for name, outline in kept if name.station == station),
        (RunName(0, HUB_KIOSK, UNWRITTEN, station), 0),
    )
    rows = read_rows(connection, name.id)
    last = rows[-1].seq if rows else 0
    rows += [_row_of(name.id, last + n, one) for n, one in enumerate(more, 1)]
    change = Change()
    lay_over_taps(connection, OwnRun(name, rows), folded, change)
    PersonFolding(Known(OneConnection(connection)), book).fold_new(change)
    return change


def _row_of(run: int, seq: int, amendment: Amendment) -> RecordRow:
    body = json.dumps(amendment.fields)
    return RecordRow(run, seq, AMEND, 0, ClockState.SYNCED.value, "", 0, None, None, None, None, None, body, 0)


def lay_over_taps(connection: Connection, own: OwnRun, folded: int, change: Change) -> None:
    """Add the taps that are otherwise by the records of a run above that seq."""
    amendments = own.amendments
    now = amended(amendments)
    rows = {row.seq: row for row in own.rows}
    added = read_taps_of_run(connection, own.name.id)
    for tap_name in _touched(amendments, folded):
        after: StoredTap | None
        if tap_name in amendments:
            before = added.get(tap_name.seq)
            after = _added(own.name, rows[tap_name.seq], amendments[tap_name], now)
        else:
            before = find_tap(connection, tap_name)
            after = None if before is None else _moved(before, now.of(tap_name))
        if after is not None and after != before:
            change.taps.append(after)
            change.before += [] if before is None else [before]


def find_tap(connection: Connection, name: RecordName) -> StoredTap | None:
    """The ledger's tap of that name."""
    row = connection.execute(_TAP, name._asdict()).one_or_none()
    return None if row is None else StoredTap._make(row)


def _touched(amendments: Mapping[RecordName, Amendment], folded: int) -> list[RecordName]:
    """The taps that new amendments are about, also by what they take back, however far round."""
    found: dict[RecordName, None] = {}
    for name in amendments:
        target: RecordName | None = name if name.seq > folded else None
        while target is not None:
            amendment = amendments.get(target)
            if amendment is None or amendment.change is Amends.ADD:
                found[target] = None
            target = None if amendment is None else amendment.of
    return list(found)


def _added(name: RunName, row: RecordRow, amendment: Amendment, now: Amended) -> StoredTap:
    assert amendment.person is not None
    assert amendment.action is not None
    assert amendment.at is not None
    tap = StoredTap(
        run=name.id, seq=row.seq, token=amendment.person, at_ms=ms_of(amendment.at), action=amendment.action.value,
        of_seq=None, clock=ClockState.SYNCED.value, earliest_ms=None, latest_ms=None, mark=None, recorded_ms=None,
        confirmed_ms=None, proves=bool(amendment.evidence), kiosk=name.kiosk, epoch=name.epoch, station=name.station,
    )  # fmt: skip
    return _moved(tap, now.of(RecordName(name.kiosk, name.epoch, Seq(row.seq))))


def _moved(tap: StoredTap, standing: TapSaid) -> StoredTap:
    """The tap with what is in force of it, and nothing that was."""
    recorded_ms = tap.at_ms if tap.recorded_ms is None else tap.recorded_ms
    made = tap._replace(
        at_ms=recorded_ms, recorded_ms=None, confirmed_ms=None, mark=None if tap.mark == VOID else tap.mark
    )
    if standing.void:
        return made._replace(mark=VOID)
    if standing.at is not None:
        made = made._replace(at_ms=ms_of(standing.at), recorded_ms=recorded_ms)
    if standing.is_confirmed:
        until = standing.confirmed_until
        made = made._replace(confirmed_ms=0 if until is None else ms_of(until))
    return made


def _outlined(own: OwnRun) -> Outline:
    """How far it is folded; nothing is placed by it, and nothing was watched."""
    outline = outline_of(own.name.epoch, own.rows)
    added = [one.at for one in amended(own.amendments).in_force.values() if one.change is Amends.ADD]
    first_ms = min((ms_of(at) for at in added if at is not None), default=None)
    return replace(outline, last_ms=own.rows[-1].at_ms, known_from_ms=first_ms)
