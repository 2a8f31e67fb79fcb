"""What new records of a kiosk change where they may move others: its taps' places and its watching, made anew.

Reads from one snapshot and writes nothing; reads as much of the kiosk as `placing` needs. The usual case, records that
only follow, is `following`'s.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection

from hub.intake.rows import RecordRow
from hub.intake.said import time_mark_of
from hub.ledger.change import Change
from hub.ledger.outlines import Outline, joint, note_places, outline_of, watched
from hub.ledger.placing import Bounds, bounds, note_tip, ordered, place_whole, placed_with
from hub.ledger.queries import (
    RUN,
    RunName,
    StoredTap,
    read_names,
    read_outlines,
    read_rows,
    read_rows_of,
    read_taps_of_run,
    seq_further_on,
    unfolded_runs,
)
from station.names import Epoch
from station.records import ClockState, Tap
from station.truetime import Placed
from station.watching import RunWatch


class Unplaced(NamedTuple):
    """One kiosk, as the journal has it and the ledger does not yet.

    Attributes:
        unfolded: the runs of which more is stored than folded, and a look was asked for.
        names: of these and of all that are folded.
        kept: what the ledger keeps, by epoch.
    """

    unfolded: list[int]
    names: dict[int, RunName]
    kept: dict[Epoch, Outline]


def read_kiosks(connection: Connection, touched: Mapping[str, Sequence[int]]) -> dict[str, Unplaced]:
    """Those of these kiosks of which there is more to fold in the runs named with them.

    Many at once: after a power cut in a district all of them begin a run in the same minute.
    """
    runs = [run for theirs in touched.values() for run in theirs]
    unfolded = unfolded_runs(connection, RUN.c.id.in_(runs))
    found: dict[str, Unplaced] = {}
    for name in read_names(connection, RUN.c.id.in_(unfolded)):
        one = found.setdefault(name.kiosk, Unplaced([], {}, {}))
        one.unfolded.append(name.id)
        one.names[name.id] = name
    for name, outline in read_outlines(connection, found):
        found[name.kiosk].names[name.id] = name
        found[name.kiosk].kept[name.epoch] = outline
    return found


def read_first(connection: Connection, unplaced: Iterable[Unplaced], most: int) -> dict[int, list[RecordRow]]:
    """All records of those new runs that are short enough to be read together: most have but one."""
    new = [run for one in unplaced for run in one.unfolded if one.names[run].epoch not in one.kept]
    rows = read_rows_of(connection, new, most) if len(new) > 1 else []
    found: dict[int, list[RecordRow]] = {}
    for row in rows:
        found.setdefault(row.run, []).append(row)
    if len(rows) == most:
        del found[rows[-1].run]  # there may be more of it
    return found


class PlacedAnew(NamedTuple):
    """What was done for a kiosk.

    Attributes:
        begun: its runs of which more is to follow.
        rows: how many records were placed.
    """

    begun: set[int]
    rows: int


def place_anew(
    connection: Connection,
    unplaced: Unplaced,
    change: Change,
    *,
    most_new: int | None = None,
    first: Mapping[int, list[RecordRow]] | None = None,
) -> PlacedAnew:
    """Add what the records that came of a kiosk change, as the connection sees them.

    Of a run that is new no more than the first `most_new` records are taken, as if no more were stored; in `first` is
    what has been read of such runs by then (`read_first`).
    """
    placing = _Placing(connection, unplaced, most_new, first or {})
    placing.add_to(change)
    return PlacedAnew(placing.begun, placing.rows)


def stored_taps(name: RunName, rows: Iterable[RecordRow], placed: Iterable[Placed]) -> Iterable[StoredTap]:
    """The taps among these records, each in its place."""
    for row, one in zip(rows, placed, strict=True):
        if row.kind == Tap.KIND:
            assert row.token is not None
            assert row.action is not None
            bounds_ms = (None, None) if one.clock is ClockState.SYNCED else (one.earliest_ms, one.latest_ms)
            yield StoredTap(
                row.run, row.seq, row.token, one.at_ms, row.action, row.of_seq, one.clock.value, *bounds_ms,
                mark=None, recorded_ms=None, confirmed_ms=None, proves=True,
                kiosk=name.kiosk, epoch=name.epoch, station=name.station,
            )  # fmt: skip


def amended_as(before: StoredTap, tap: StoredTap) -> StoredTap:
    """A tap in its new place, with what amendments have made of it: where one moved it, it stays."""
    kept = tap._replace(mark=before.mark, confirmed_ms=before.confirmed_ms)
    return kept if before.recorded_ms is None else kept._replace(at_ms=before.at_ms, recorded_ms=tap.at_ms)


class _Placing:
    """One kiosk as the connection sees it, and the records of the runs that are placed anew.

    Attributes:
        begun: the runs of which only the first records are looked at, or none yet.
    """

    def __init__(
        self, connection: Connection, unplaced: Unplaced, most_new: int | None, first: Mapping[int, list[RecordRow]]
    ) -> None:
        self._connection, self._most_new, self._first = connection, most_new, first
        self._names, self._kept = unplaced.names, unplaced.kept
        self._outlines = {epoch: replace(outline) for epoch, outline in self._kept.items()}
        self._whole: dict[int, list[RecordRow]] = {}
        self.begun: set[int] = set()
        for run in sorted(unplaced.unfolded):
            if self.begun:  # a later run waits until this one is through: only a kiosk's last can be followed
                self.begun.add(run)
            else:
                self._read_whole(run)

    def add_to(self, change: Change) -> None:
        """Place these runs, and all that this moves."""
        placed = self._place()
        in_order = ordered(self._outlines)
        note_tip(in_order.values())
        change.runs.update(self._names)
        for epoch, outline in in_order.items():
            if outline.run in self._whole:
                rows, places = self._whole[outline.run], placed[outline.run]
                change.unwatched.append((outline.run, False))
                change.watch(outline.run, watched(RunWatch(), rows, places), is_joint=False)
                self._compare(change, outline.run, stored_taps(self._names[outline.run], rows, places))
            earlier = self._outlines.get(Epoch(outline.before or ""))
            if outline.run in self._whole or (earlier is not None and earlier.run in self._whole):
                change.unwatched.append((outline.run, True))
                change.watch(outline.run, joint(earlier, outline), is_joint=True)
            if outline != self._kept.get(epoch):
                change.outlines.append(outline)

    @property
    def rows(self) -> int:
        """How many records are placed."""
        return sum(map(len, self._whole.values()))

    def _read_whole(self, run: int) -> None:
        epoch = self._names[run].epoch
        rows = self._first_of(run) if epoch not in self._kept else self._next_of(run, self._kept[epoch])
        before, made = self._outlines.get(epoch), outline_of(epoch, rows)
        if before is not None:  # until it is placed anew
            made.known_from_ms, made.known_to_ms = before.known_from_ms, before.known_to_ms
            made.has_unset = before.has_unset
        self._whole[run], self._outlines[epoch] = rows, made

    def _first_of(self, run: int) -> list[RecordRow]:
        """The first records of a long run; all of it where a clock was not right: what is in doubt hangs together."""
        first = (
            self._first[run][: self._most_new]
            if run in self._first
            else read_rows(self._connection, run, self._most_new)
        )
        if self._most_new is None or len(first) < self._most_new:
            return first
        if not all(time_mark_of(row, self._names[run].epoch).is_known for row in first):
            return read_rows(self._connection, run)
        self.begun.add(run)
        return first

    def _next_of(self, run: int, kept: Outline) -> list[RecordRow]:
        """What is folded of a run, and some more: as much again as a quarter, so that all of it is read a few times.

        So many records, not numbers: where some never came, the next may be thousands of numbers away.
        """
        if self._most_new is None or kept.has_doubt:
            return read_rows(self._connection, run)
        until = seq_further_on(self._connection, run, kept.last_seq, max(self._most_new, kept.folded // 4))
        rows = read_rows(self._connection, run, until_seq=until)
        if until is None:
            return rows
        if not all(time_mark_of(row, self._names[run].epoch).is_known for row in rows):
            return read_rows(self._connection, run)
        self.begun.add(run)
        return rows

    def _place(self) -> dict[int, list[Placed]]:
        """Place all that is otherwise, until that makes nothing else so."""
        while True:
            in_order = ordered(self._outlines)
            placed = place_whole(in_order, self._whole)
            for outline in in_order.values():
                if outline.run in placed:
                    note_places(outline, self._whole[outline.run], placed[outline.run])
            found = bounds(in_order.values())
            more = self._moved(in_order.values(), found) - self._whole.keys()
            if not more:
                for outline in in_order.values():
                    if outline.run in self._whole and outline.has_doubt:
                        outline.low_ms, outline.high_ms = found[outline.run]
                return placed
            for run in more:
                self._read_whole(run)

    def _moved(self, outlines: Iterable[Outline], found: dict[int, Bounds]) -> set[int]:
        """The runs that must be placed with those that are, and those that now stand between other bounds."""
        doubted = {outline.run: outline for outline in outlines if outline.has_doubt}
        wanted = {run for run in placed_with(self._whole, outlines) if run in doubted}
        wanted |= {run for run, outline in doubted.items() if found[run] != (outline.low_ms, outline.high_ms)}
        return placed_with(wanted, outlines)

    def _compare(self, change: Change, run: int, taps: Iterable[StoredTap]) -> None:
        """Which of a run's taps are new or in another place."""
        is_kept = self._names[run].epoch in self._kept
        kept = read_taps_of_run(self._connection, run) if is_kept else {}
        for tap in taps:
            before = kept.get(tap.seq)
            if before is None:
                change.taps.append(tap)
            elif before != (moved := amended_as(before, tap)):
                change.taps.append(moved)
                change.before.append(before)
