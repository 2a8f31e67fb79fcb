"""Reading the journal and the ledger for the ledger's own work; every function reads what its connection sees."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, Table, and_, func, or_, select

from hub.database.journal_tables import JournalRecord, Run
from hub.database.ledger_tables import LedgerRun, LedgerTap, WatchedRow
from hub.database.transactions import reading, table_of
from hub.intake.rows import moment_of
from hub.ledger.placing import Line
from station.fold import PlacedTap
from station.names import Epoch, KioskId, Seq, StationCode
from station.records import Action, ClockState
from station.watching import Stretch

RECORD: Final = table_of(JournalRecord)
RUN: Final = table_of(Run)
LEDGER_RUN: Final = table_of(LedgerRun)
LEDGER_TAP: Final = table_of(LedgerTap)
WATCHED: Final = table_of(WatchedRow)
_LINE: Final = [RECORD.c[name] for name in Line._fields]


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it was at its first look, whatever is written meanwhile.

    Raises:
        StoreTroubleError: the database cannot be read.
    """
    with reading(engine) as connection:
        if connection.dialect.name == "sqlite":  # Python's driver begins no transaction to read
            connection.exec_driver_sql("BEGIN")
        yield connection


class RunName(NamedTuple):
    """Whose run it is."""

    id: int
    kiosk: KioskId
    epoch: Epoch
    station: StationCode


def read_run(connection: Connection, run: int) -> RunName:
    """Whose run that is."""
    columns = [RUN.c.id, RUN.c.kiosk, RUN.c.epoch, RUN.c.station]
    return RunName(*connection.execute(select(*columns).where(RUN.c.id == run)).one())


def read_runs(connection: Connection, kiosk: str) -> dict[Epoch, RunName]:
    """All runs of a kiosk."""
    columns = [RUN.c.id, RUN.c.kiosk, RUN.c.epoch, RUN.c.station]
    return {row.epoch: RunName(*row) for row in connection.execute(select(*columns).where(RUN.c.kiosk == kiosk))}


def read_outlines(connection: Connection, kiosk: str) -> dict[int, LedgerRun]:
    """What the ledger keeps of a kiosk's runs."""
    statement = select(LEDGER_RUN).join(RUN, RUN.c.id == LEDGER_RUN.c.run).where(RUN.c.kiosk == kiosk)
    return {row["run"]: LedgerRun(**row) for row in connection.execute(statement).mappings()}


def read_tip(connection: Connection, run: int) -> tuple[LedgerRun, RunName] | None:
    """What the ledger keeps of a run, and whose it is; None where it is not its kiosk's tip."""
    columns = [RUN.c.id, RUN.c.kiosk, RUN.c.epoch, RUN.c.station]
    statement = select(*columns, LEDGER_RUN).join(LEDGER_RUN, LEDGER_RUN.c.run == RUN.c.id)
    row = connection.execute(statement.where(LEDGER_RUN.c.run == run, LEDGER_RUN.c.is_tip)).one_or_none()
    if row is None:
        return None
    names = [column.name for column in LEDGER_RUN.c]
    return LedgerRun(**dict(zip(names, row[len(columns) :], strict=True))), RunName(*row[: len(columns)])


def read_lines(connection: Connection, run: int, after: int = 0, until: int | None = None) -> list[Line]:
    """A run's records above a seq, in order."""
    statement = select(*_LINE).where(RECORD.c.run == run, RECORD.c.seq > after)
    if until is not None:
        statement = statement.where(RECORD.c.seq <= until)
    return [Line(*row) for row in connection.execute(statement.order_by(RECORD.c.seq))]


def count_lines(connection: Connection, run: int, until: int) -> int:
    """How many of a run's records up to a seq are stored."""
    statement = select(func.count()).select_from(RECORD).where(RECORD.c.run == run, RECORD.c.seq <= until)
    return connection.execute(statement).scalar_one()


def unfolded_runs(connection: Connection) -> list[int]:
    """The runs of which more is stored than is folded."""
    newest = select(func.max(RECORD.c.seq)).where(RECORD.c.run == RUN.c.id).scalar_subquery()
    is_behind = newest > func.coalesce(LEDGER_RUN.c.last_seq, 0)
    lacks_some = LEDGER_RUN.c.folded < LEDGER_RUN.c.last_seq
    statement = select(RUN.c.id, is_behind.label("is_behind"), LEDGER_RUN.c.last_seq, LEDGER_RUN.c.folded)
    statement = statement.join(LEDGER_RUN, LEDGER_RUN.c.run == RUN.c.id, isouter=True)
    return [
        row.id
        for row in connection.execute(statement.where(or_(is_behind, lacks_some))).all()
        if row.is_behind or is_filled(connection, row.id, row.last_seq, row.folded)
    ]


def is_filled(connection: Connection, run: int, last_seq: int, folded: int) -> bool:
    """Whether records came that were missing below `last_seq`; only a run that lacked some is worth asking."""
    return count_lines(connection, run, last_seq) != folded


def last_stretch(connection: Connection, run: int) -> Stretch | None:
    """The latest stretch of watching of a run."""
    statement = select(WATCHED.c.since_ms, WATCHED.c.until_ms).where(WATCHED.c.run == run, ~WATCHED.c.joint)
    row = connection.execute(statement.order_by(WATCHED.c.since_ms.desc()).limit(1)).one_or_none()
    return None if row is None else Stretch(*row)


class StoredTap(NamedTuple):
    """A tap of the ledger, and where it was made."""

    row: dict[str, Any]
    kiosk: KioskId
    epoch: Epoch
    station: StationCode

    @property
    def placed(self) -> PlacedTap:
        """As it is folded."""
        of = self.row["of_seq"]
        return PlacedTap(
            at=moment_of(self.row["at_ms"]),
            kiosk=self.kiosk,
            epoch=self.epoch,
            seq=Seq(self.row["seq"]),
            station=self.station,
            action=Action(self.row["action"]),
            of=None if of is None else Seq(of),
            uncertain=self.row["clock"] != ClockState.SYNCED.value,
        )


def read_taps(
    connection: Connection,
    tokens: Iterable[str],
    since_ms: int | None = None,
    until_ms: int | None = None,
    *,
    table: Table = LEDGER_TAP,
) -> list[StoredTap]:
    """The taps of these cards, from one moment to another, both included."""
    wanted = [table.c.token.in_(list(tokens))]
    if since_ms is not None and until_ms is not None:
        wanted.append(table.c.at_ms.between(since_ms, until_ms))
    return _taps(connection, table, wanted)


def read_taps_of_run(connection: Connection, run: int) -> list[StoredTap]:
    """The ledger's taps of a run."""
    return _taps(connection, LEDGER_TAP, [LEDGER_TAP.c.run == run])


def _taps(connection: Connection, table: Table, wanted: Sequence[Any]) -> list[StoredTap]:
    columns = [*table.c, RUN.c.kiosk, RUN.c.epoch, RUN.c.station]
    names = [column.name for column in table.c]
    rows = connection.execute(select(*columns).join(RUN, RUN.c.id == table.c.run).where(and_(*wanted)))
    return [StoredTap(dict(zip(names, row, strict=False)), *row[len(names) :]) for row in rows]
