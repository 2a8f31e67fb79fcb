"""A long day in a journal's life on a forgetting disk, and what must be found of it after a cut at any step."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from edge.backlog import Backlog
from edge.journal import KioskJournal, Seen
from edge.journal_schema import connect
from edge.retention import Retention
from edge.timekeeping import Stamp
from simulator.disk.medium import Disk
from station.names import Epoch, Seq, Token
from station.records import Action, ClockState, Pulse, Started, Tap
from station.wire.messages import Through

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.disk.mounts import Mounts

DIRECTORY = Path("/kiosk")
JOURNAL = DIRECTORY / "journal.db"
BOOT = "boot-of-the-test"
BEGAN_AT = datetime(2026, 3, 5, tzinfo=UTC)
TAPS_OF_A_RUN = 10


class Name(NamedTuple):
    epoch: Epoch
    seq: int


class Beep(NamedTuple):
    """What a person was promised, and the step of the disk at which they heard it."""

    position: int
    name: Name
    token: Token


@dataclass
class Day:
    """What happened: each beep, and from which step on which names may be gone because the hub holds them."""

    disk: Disk
    beeps: list[Beep] = field(default_factory=list)
    let_go: dict[Name, int] = field(default_factory=dict)
    forgotten: int = 0

    def promised(self, position: int) -> dict[Name, Token]:
        return {
            beep.name: beep.token
            for beep in self.beeps
            if beep.position <= position and self.let_go.get(beep.name, position) >= position
        }


class Careless(sqlite3.Connection):
    """What the journal would be at synchronous=NORMAL."""

    def execute(self, sql, *args):
        return super().execute(sql.replace("synchronous = FULL", "synchronous = NORMAL"), *args)


def careless(path: Path) -> sqlite3.Connection:
    """The journal's own way to open its file, but for synchronous=FULL."""
    return sqlite3.connect(f"file:{path}?psow=0", uri=True, isolation_level=None, factory=Careless)


def trusting(path: Path) -> sqlite3.Connection:
    """The journal's own way to open its file, but for psow=0."""
    return sqlite3.connect(f"file:{path}", uri=True, isolation_level=None)


def open_journal(disk: Disk, connect: Callable[[Path], sqlite3.Connection] = connect) -> KioskJournal:
    return KioskJournal(JOURNAL, connect=connect, sync_names=lambda path: disk.sync_directory(str(path)))


def epoch_of(run: int) -> Epoch:
    return Epoch(f"{run:016x}")


def token_of(run: int, i: int) -> Token:
    return Token(f"{run:016x}{i:016x}")


def began(seq: Seq) -> Started:
    return Started(seq=seq, at=BEGAN_AT, clock=ClockState.SYNCED, boot=BOOT, mono_ms=0, version="test")


def pulse(seq: Seq) -> Pulse:
    return Pulse(seq=seq, at=BEGAN_AT, clock=ClockState.SYNCED, boot=BOOT, mono_ms=seq)


def tap(journal: KioskJournal, token: Token) -> Tap:
    """One tap, with its guard row, as the tapping path stores it."""

    def draft(seq: Seq) -> Tap:
        return Tap(
            seq=seq,
            at=BEGAN_AT + timedelta(seconds=seq),
            clock=ClockState.SYNCED,
            boot=BOOT,
            mono_ms=1000 * seq,
            token=token,
            card_kind="ntag213",
            reader="test",
            action=Action.ARRIVE,
        )

    return journal.append(draft, Seen(token, 1.0, BOOT))


def live(mounts: Mounts, connect: Callable[[Path], sqlite3.Connection] = connect, runs: int = 6) -> Day:
    """Several runs of one journal: taps, pulses, settling that rises and falls, forgetting, ends good and bad."""
    disk = Disk(is_recording=True)
    mounts.mount(DIRECTORY, disk)
    day = Day(disk)
    for run in range(1, runs + 1):
        journal = open_journal(disk, connect)
        backlog = Backlog(journal, connect=connect)
        _run(day, journal, backlog, run)
        if run % 2:
            mounts.kill(DIRECTORY)
        journal.close()
        backlog.close()
    mounts.unmount(DIRECTORY)
    return day


def _run(day: Day, journal: KioskJournal, backlog: Backlog, run: int) -> None:
    epoch = epoch_of(run)
    retention = Retention(journal)
    journal.begin(epoch, BOOT, began)
    for i in range(TAPS_OF_A_RUN):
        token = token_of(run, i)
        stored = tap(journal, token)
        day.beeps.append(Beep(day.disk.position, Name(epoch, stored.seq), token))
        if i % 4 == 0:
            journal.append(pulse)
        if i % 5 == 0:
            journal.checkpoint()
            backlog.read(epoch, 0)
    at = BEGAN_AT + timedelta(days=61) * run
    for through in (5, 0, 9):
        retention.settle({epoch: Through(through)})
    old = {earlier: kept.last for earlier, kept in journal.kept().items() if earlier != epoch}
    for beep in day.beeps:
        if (beep.name.epoch == epoch and beep.name.seq <= 9) or beep.name.epoch in old:
            day.let_go.setdefault(beep.name, day.disk.position)
    retention.settle(
        {**{earlier: Through(last, aged=last) for earlier, last in old.items()}, epoch: Through(9, aged=9)}
    )
    day.forgotten += retention.forget_old()
    journal.note_alive(Stamp(at, ClockState.SYNCED, BOOT, 1), None, is_clean=run % 2 == 0)


def found(journal: KioskJournal) -> dict[Name, Token]:
    """Every tap that an opened journal holds, read as the uplink reads it."""
    backlog = Backlog(journal)
    held = {}
    for epoch, kept in backlog.kept().items():
        after = kept.kept_from - 1
        while records := backlog.read(epoch, after):
            held.update({Name(epoch, record.seq): record.token for record in records if isinstance(record, Tap)})
            after = records[-1].seq
        assert after == kept.last, "the records of an epoch follow each other without a gap"
    backlog.close()
    return held
