"""What new records of one kiosk change: its taps' places, its watching, and how far it is folded.

Reads from one snapshot and writes nothing. In the usual case, records that follow in order and whose time is known, it
reads these alone; else as much of the kiosk as `placing` needs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from hub.database.ledger_tables import LedgerRun
from hub.ledger.journal import (
    RunName,
    StoredTap,
    is_filled,
    last_stretch,
    read_lines,
    read_outlines,
    read_runs,
    read_taps_of_run,
    read_tip,
)
from hub.ledger.outlines import carry_on, finish, is_plain, joint, note_places, outline_of
from hub.ledger.placing import Line, bounds, note_tip, ordered, place_whole, placed_with
from station.names import Epoch
from station.records import ClockState, Tap
from station.truetime import Placed
from station.watching import Stretch


@dataclass(slots=True)
class KioskChange:
    """What is to be written of one kiosk.

    Attributes:
        outlines: of the runs that are otherwise now.
        taps: new ones, and those whose place has changed.
        before: the latter, as they were.
        watched: by run, its own stretches that are new or longer.
        anew: runs whose stretches are all in `watched`.
        joints: by run, the stretch between it and the one before.
    """

    outlines: list[LedgerRun] = field(default_factory=list)
    taps: list[StoredTap] = field(default_factory=list)
    before: list[StoredTap] = field(default_factory=list)
    watched: dict[int, list[Stretch]] = field(default_factory=dict)
    anew: set[int] = field(default_factory=set)
    joints: dict[int, Stretch | None] = field(default_factory=dict)


def kiosk_change(connection: Connection, kiosk: str, touched: Sequence[int]) -> KioskChange:
    """What the records that came of these runs change, as the connection sees them."""
    if len(touched) == 1:
        change = _tip_change(connection, touched[0])
        if change is not None:
            return change
    return _Reading(connection, kiosk).change(touched)


def _tip_change(connection: Connection, run: int) -> KioskChange | None:
    """The usual case: plain records follow in the kiosk's last run. None where it is not that."""
    found = read_tip(connection, run)
    if found is None:
        return None
    outline, name = found
    if outline.folded < outline.last_seq and is_filled(connection, run, outline.last_seq, outline.folded):
        return None
    new = read_lines(connection, run, outline.last_seq)
    if not new:
        return KioskChange()
    return _carried_on(connection, outline, name, new) if is_plain(outline, name.epoch, new) else None


def _carried_on(connection: Connection, outline: LedgerRun, name: RunName, new: list[Line]) -> KioskChange:
    watch = carry_on(outline, new, last_stretch(connection, name.id))
    placed = (Placed(line.at_ms, ClockState.SYNCED) for line in new)
    return KioskChange([outline], list(taps_of(name, new, placed)), watched={name.id: watch.stretches})


class _Reading:
    """One kiosk as the connection sees it, and the change as far as it is known."""

    def __init__(self, connection: Connection, kiosk: str) -> None:
        self._connection = connection
        self._names: Mapping[Epoch, RunName] = read_runs(connection, kiosk)
        self._by_id = {name.id: name for name in self._names.values()}
        self._outlines = read_outlines(connection, kiosk)
        self._whole: dict[int, list[Line]] = {}
        self._tips: set[int] = set()
        self._change = KioskChange()

    def change(self, touched: Iterable[int]) -> KioskChange:
        for run in touched:
            self._read_new(run)
        if self._whole or self._change.watched:
            self._finish(self._place())
            self._note_tip()
            self._join()
        altered = {*self._change.watched, *self._tips}
        self._change.outlines = [self._outlines[run] for run in sorted(altered)]
        return self._change

    def _read_new(self, run: int) -> None:
        outline, epoch = self._outlines.get(run), self._by_id[run].epoch
        if outline is None or (
            outline.folded < outline.last_seq and is_filled(self._connection, run, outline.last_seq, outline.folded)
        ):
            self._read_whole(run)
            return
        new = read_lines(self._connection, run, outline.last_seq)
        if not new:
            return
        if not is_plain(outline, epoch, new):
            self._read_whole(run)
            return
        carried = _carried_on(self._connection, outline, self._by_id[run], new)
        self._change.watched.update(carried.watched)
        self._change.taps.extend(carried.taps)

    def _note_tip(self) -> None:
        outlines = [self._outlines[run] for run in self._ordered()]
        before = {outline.run for outline in outlines if outline.is_tip}
        note_tip(outlines)
        self._tips = before ^ {outline.run for outline in outlines if outline.is_tip}

    def _read_whole(self, run: int) -> None:
        lines = read_lines(self._connection, run)
        if not lines:
            return
        before, made = self._outlines.get(run), outline_of(run, self._by_id[run].epoch, lines)
        if before is not None:  # until it is placed anew
            made.known_from_ms, made.known_to_ms, made.has_unset = (
                before.known_from_ms, before.known_to_ms, before.has_unset
            )  # fmt: skip
        self._whole[run], self._outlines[run] = lines, made

    def _ordered(self) -> list[int]:
        known = {epoch: self._outlines[name.id] for epoch, name in self._names.items() if name.id in self._outlines}
        return [self._names[epoch].id for epoch in ordered(known)]

    def _place(self) -> dict[int, list[Placed]]:
        """Place all that is otherwise, until that makes nothing else so."""
        news = {*self._whole, *self._change.watched}
        outlines = [self._outlines[run] for run in self._ordered()]
        wanted = {run for run in placed_with(news, outlines) if self._outlines[run].has_doubt}
        while True:
            for run in placed_with(wanted, outlines) - self._whole.keys():
                self._read_whole(run)
            outlines = [self._outlines[run] for run in self._ordered()]
            placed = place_whole([(self._by_id[one.run].epoch, one) for one in outlines], self._whole)
            for run, places in placed.items():
                note_places(self._outlines[run], places)
            wanted = self._moved(outlines)
            if not placed_with(wanted, outlines) - self._whole.keys():
                return placed

    def _moved(self, outlines: list[LedgerRun]) -> set[int]:
        """The runs whose doubts are placed now, and those that stand between other bounds than they were placed by."""
        found = set()
        for outline, bound in zip(outlines, bounds(outlines), strict=True):
            if not outline.has_doubt:
                continue
            if outline.run in self._whole:
                outline.low_ms, outline.high_ms = bound
                found.add(outline.run)
            elif bound != (outline.low_ms, outline.high_ms):
                found.add(outline.run)
        return found

    def _finish(self, placed: Mapping[int, list[Placed]]) -> None:
        self._change.taps = [tap for tap in self._change.taps if tap.row["run"] not in self._whole]
        for run, lines in self._whole.items():
            self._change.watched[run] = finish(self._outlines[run], lines, placed[run]).stretches
            self._change.anew.add(run)
            self._compare(run, taps_of(self._by_id[run], lines, placed[run]))

    def _compare(self, run: int, taps: Iterable[StoredTap]) -> None:
        stored = {tap.row["seq"]: tap for tap in read_taps_of_run(self._connection, run)}
        for tap in taps:
            before = stored.get(tap.row["seq"])
            if before is not None:
                tap.row["mark"] = before.row["mark"]
                if tap == before:
                    continue
                self._change.before.append(before)
            self._change.taps.append(tap)

    def _join(self) -> None:
        altered = {*self._change.watched}
        for run, outline in self._outlines.items():
            earlier = self._names.get(Epoch(outline.before)) if outline.before else None
            if run in altered or (earlier is not None and earlier.id in altered):
                self._change.joints[run] = joint(
                    self._outlines.get(earlier.id) if earlier is not None else None, outline
                )


def taps_of(name: RunName, lines: Iterable[Line], placed: Iterable[Placed]) -> Iterable[StoredTap]:
    """The taps among these records, each in its place."""
    for line, one in zip(lines, placed, strict=True):
        if line.kind == Tap.KIND:
            is_known = one.clock is ClockState.SYNCED
            row: dict[str, Any] = {
                "run": name.id,
                "seq": line.seq,
                "token": line.token,
                "at_ms": one.at_ms,
                "action": line.action,
                "of_seq": line.of_seq,
                "clock": one.clock.value,
                "earliest_ms": None if is_known else one.earliest_ms,
                "latest_ms": None if is_known else one.latest_ms,
                "mark": None,
            }
            yield StoredTap(row, name.kiosk, name.epoch, name.station)
