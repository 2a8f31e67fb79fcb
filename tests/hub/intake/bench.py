"""One hub's intake over a fresh database, with a clock that stands still until it is moved."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfile

from sqlalchemy import Engine, select

from hub.database.backup import make_backup
from hub.database.engine import open_engine
from hub.database.journal_tables import JournalRecord, Quarantine, Run
from hub.database.origin import recall_origin
from hub.findings import FindingKind, Findings
from hub.intake.backed import Backed
from hub.intake.claims import Claims
from hub.intake.gathering import BatchOutcome
from hub.intake.settling import Intake
from hub.intake.sorting import Counts, Delivery, Sorter
from hub.intake.store import Store
from hub.register.directory import KnownKiosk
from station.clock import Clock
from station.milliseconds import ms_of
from station.names import Epoch
from station.wire.codec import decode
from station.wire.messages import Settled, Through
from tests.databases import make_tables, restore
from tests.hub.intake.messages import BEGAN, known_kiosk


@dataclass
class HandClock:
    """Seconds since boot, as a hand moves them."""

    reading_s: float = 0.0

    def __call__(self) -> float:
        return self.reading_s

    def clock(self) -> Clock:
        return Clock(rate=1.0, began_at=BEGAN, anchor_s=0.0, boot_s=self)


@dataclass
class Bench:
    engine: Engine
    hand: HandClock = field(default_factory=HandClock)
    key: str = ""

    def __post_init__(self) -> None:
        self.start()

    def start(self, *kiosks: KnownKiosk) -> None:
        """Begin as after a restart: nothing in memory, all on the disk; these kiosks are entered."""
        clock = self.hand.clock()
        self.findings, self.counts = Findings(clock), Counts()
        self.sorter = Sorter(self.findings, self.counts)
        self.sorter.know(kiosks or [known_kiosk()])
        self.store = Store(self.engine)
        self.backed = Backed(self.findings, beside=lambda look: look())
        self.claims = Claims(self.store, recall_origin(self.engine, ms_of(clock.now())).since_ms, self.backed)
        self.intake = Intake(
            self.sorter, self.store, self.findings, self.counts, clock, claims=self.claims, key=lambda: self.key
        )

    @property
    def file(self) -> Path:
        return Path(self.engine.url.database or "")

    @property
    def shelf(self) -> Path:
        """Where backups lie: beside the file, or beside the server's files."""
        beside = self.engine.url.query.get("host", self.file.parent)
        return Path(str(beside)) / f"backups of {self.file.name}"

    def back_up(self) -> Path:
        """Make a backup as of now, and know of it."""
        self.shelf.mkdir(exist_ok=True)
        made = make_backup(self.engine, self.shelf, self.hand.clock().now(), lambda *_: None)
        self.claims.hold(made)
        return made

    def put_back(self, backup: Path) -> None:
        """Restore a backup as an operator does, and begin with it."""
        self.close()
        if self.engine.dialect.name == "postgresql":
            restore(self.engine.url, backup)
            self.start()
            return
        for beside in ("-wal", "-shm"):
            Path(f"{self.file}{beside}").unlink(missing_ok=True)
        copyfile(backup, self.file)
        self.start()

    def close(self) -> None:
        self.engine.dispose()

    def take(self, *deliveries: Delivery) -> BatchOutcome:
        return self.intake.settle(self.intake.gather(deliveries))

    def settled(self, *deliveries: Delivery) -> Settled:
        """The one answer to these."""
        ((_, payload),) = self.take(*deliveries).answers
        return decode(payload, Settled)

    def through(self, *deliveries: Delivery) -> dict[Epoch, int]:
        return throughs(self.settled(*deliveries).epochs)

    def seqs(self) -> list[tuple[str, int]]:
        statement = select(Run.epoch, JournalRecord.seq).join(Run, Run.id == JournalRecord.run)
        with self.engine.connect() as connection:
            return sorted((row.epoch, row.seq) for row in connection.execute(statement))

    def aside(self) -> list[Quarantine]:
        with self.engine.connect() as connection:
            return [
                Quarantine(**row) for row in connection.execute(select(Quarantine).order_by(Quarantine.id)).mappings()
            ]

    def found(self, kind: FindingKind) -> list[str]:
        return [finding.subject for finding in self.findings.all() if finding.kind is kind and not finding.ended_at]


def throughs(epochs: dict[Epoch, Through]) -> dict[Epoch, int]:
    return {epoch: through.through for epoch, through in epochs.items()}


@contextmanager
def bench(url: str, *, busy_timeout_s: float = 5.0) -> Iterator[Bench]:
    engine = open_engine(url, busy_timeout_s=busy_timeout_s)
    make_tables(engine)
    made = Bench(engine)
    try:
        yield made
    finally:
        made.close()


def seqs_of(deliveries: Iterable[tuple[str, int]]) -> list[int]:
    return [seq for _, seq in deliveries]
