"""Reading the journal and the ledger for the ledger's own work; every function reads what its connection sees."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, or_, select

from hub.database.journal_tables import JournalRecord, Run
from hub.database.ledger_tables import LedgerRun, LedgerTap, StintRow, WatchedRow
from hub.database.transactions import table_of
from hub.intake.rows import RecordRow
from hub.ledger.outlines import OUTLINE_NAMES, Outline
from hub.ledger.stint_rows import LedgerStint, ledger_stint_of
from station.fold import PlacedTap
from station.milliseconds import moment_of
from station.names import Epoch, KioskId, Seq, StationCode
from station.records import Action, ClockState

RECORD: Final = table_of(JournalRecord)
RUN: Final = table_of(Run)
LEDGER_RUN: Final = table_of(LedgerRun)
LEDGER_TAP: Final = table_of(LedgerTap)
WATCHED: Final = table_of(WatchedRow)
STINT: Final = table_of(StintRow)


VOID: Final = "void"
"""The mark of a tap that an amendment took out."""


class RunName(NamedTuple):
    """Whose run it is."""

    id: int
    kiosk: KioskId
    epoch: Epoch
    station: StationCode


class StoredTap(NamedTuple):
    """A tap of the ledger, the columns of `LedgerTap` in their order, and where it was made."""

    run: int
    seq: int
    token: str
    at_ms: int
    action: str
    of_seq: int | None
    clock: str
    earliest_ms: int | None
    latest_ms: int | None
    mark: str | None
    recorded_ms: int | None
    confirmed_ms: int | None
    proves: bool
    kiosk: KioskId
    epoch: Epoch
    station: StationCode

    @property
    def columns(self) -> dict[str, Any]:
        """As a row of `LedgerTap`."""
        return dict(zip(_TAP_NAMES, self, strict=False))

    @property
    def placed(self) -> PlacedTap:
        """As it is folded."""
        return PlacedTap(
            at=moment_of(self.at_ms),
            kiosk=self.kiosk,
            epoch=self.epoch,
            seq=Seq(self.seq),
            station=self.station,
            action=Action(self.action),
            of=None if self.of_seq is None else Seq(self.of_seq),
            uncertain=self.clock != ClockState.SYNCED.value and self.recorded_ms is None,
            proves=bool(self.proves),
        )

    @property
    def is_void(self) -> bool:
        """Whether an amendment took it out."""
        return self.mark == VOID


_TAP_NAMES: Final = [column.name for column in LEDGER_TAP.c]
NAME_COLUMNS: Final = [RUN.c[name] for name in RunName._fields]
OUTLINE_COLUMNS: Final = [LEDGER_RUN.c[name] for name in OUTLINE_NAMES]
_TAPS: Final = select(*LEDGER_TAP.c, RUN.c.kiosk, RUN.c.epoch, RUN.c.station).join(RUN, RUN.c.id == LEDGER_TAP.c.run)
_TAPS_OF_RUN: Final = _TAPS.where(LEDGER_TAP.c.run == bindparam("run"))
_TAPS_OF_CARDS: Final = _TAPS.where(
    LEDGER_TAP.c.token.in_(bindparam("cards", expanding=True)),
    LEDGER_TAP.c.at_ms.between(bindparam("since_ms"), bindparam("until_ms")),
)
_LATER: Final = (
    select(LEDGER_TAP.c.run)
    .where(LEDGER_TAP.c.token.in_(bindparam("cards", expanding=True)), LEDGER_TAP.c.at_ms > bindparam("at_ms"))
    .limit(1)
)
_STINTS: Final = (
    select(STINT)
    .where(
        STINT.c.person == bindparam("person"), STINT.c.tapped_ms.between(bindparam("since_ms"), bindparam("until_ms"))
    )
    .order_by(STINT.c.tapped_ms, STINT.c.run, STINT.c.seq)
)
_OF_RUNS: Final = (
    select(RECORD)
    .where(RECORD.c.run.in_(bindparam("runs", expanding=True)))
    .order_by(RECORD.c.run, RECORD.c.seq)
    .limit(bindparam("most"))
)
_OTHER: Final = STINT.alias()
_OUTLINES: Final = (
    select(*NAME_COLUMNS, *OUTLINE_COLUMNS)
    .join(LEDGER_RUN, LEDGER_RUN.c.run == RUN.c.id)
    .where(RUN.c.kiosk.in_(bindparam("kiosks", expanding=True)))
)
_LAST_TAPPED: Final = select(func.max(_OTHER.c.tapped_ms)).where(_OTHER.c.person == STINT.c.person).correlate(STINT)
_SINCE: Final = select(LEDGER_TAP.c.token, LEDGER_TAP.c.at_ms).where(
    LEDGER_TAP.c.token.in_(bindparam("cards", expanding=True)), LEDGER_TAP.c.at_ms >= bindparam("since_ms")
)
_LAST_STINTS: Final = select(STINT).where(
    STINT.c.person.in_(bindparam("persons", expanding=True)),
    STINT.c.tapped_ms == _LAST_TAPPED.scalar_subquery(),
)
_STORED: Final = select(func.count()).where(RECORD.c.run == LEDGER_RUN.c.run, RECORD.c.seq <= LEDGER_RUN.c.last_seq)
HAS_LATE: Final = and_(LEDGER_RUN.c.folded < LEDGER_RUN.c.last_seq, LEDGER_RUN.c.folded != _STORED.scalar_subquery())
"""Whether records came that were missing below a run's last one."""


def read_names(connection: Connection, which: ColumnElement[bool]) -> list[RunName]:
    """Whose runs those are, given by columns of `RUN`."""
    return [RunName(*row) for row in connection.execute(select(*NAME_COLUMNS).where(which).order_by(RUN.c.id))]


def read_throughs(connection: Connection, runs: Iterable[int]) -> dict[int, int]:
    """How far each of these runs is stored without a break."""
    found = connection.execute(select(RUN.c.id, RUN.c.through).where(RUN.c.id.in_(list(runs))))
    return {row.id: row.through for row in found}


def read_outlines(connection: Connection, kiosks: Iterable[str]) -> list[tuple[RunName, Outline]]:
    """What the ledger keeps of these kiosks' runs."""
    width = len(NAME_COLUMNS)
    rows = connection.execute(_OUTLINES, {"kiosks": list(kiosks)})
    return [(RunName(*row[:width]), Outline(*row[width:])) for row in rows]


def read_rows(
    connection: Connection, run: int, most: int | None = None, *, until_seq: int | None = None
) -> list[RecordRow]:
    """The records of a run, in order; all of them, or so many of the first, or those up to one."""
    of_run = select(RECORD).where(RECORD.c.run == run).order_by(RECORD.c.seq).limit(most)
    if until_seq is not None:
        of_run = of_run.where(RECORD.c.seq <= until_seq)
    return [RecordRow(*row) for row in connection.execute(of_run)]


def seq_further_on(connection: Connection, run: int, after_seq: int, count: int) -> int | None:
    """The number of the `count`-th record of a run after that one; None where there are not so many."""
    after = select(RECORD.c.seq).where(RECORD.c.run == run, RECORD.c.seq > after_seq)
    found: int | None = connection.execute(after.order_by(RECORD.c.seq).limit(1).offset(count - 1)).scalar()
    return found


def read_rows_of(connection: Connection, runs: Iterable[int], most: int) -> list[RecordRow]:
    """The records of these runs, run after run, each in order; so many of the first."""
    rows = connection.execute(_OF_RUNS, {"runs": list(runs), "most": most})
    return [RecordRow(*row) for row in rows]


def read_taps_of_run(connection: Connection, run: int) -> dict[int, StoredTap]:
    """The ledger's taps of a run, by seq."""
    return {row.seq: StoredTap._make(row) for row in connection.execute(_TAPS_OF_RUN, {"run": run})}


def read_taps(connection: Connection, cards: Iterable[str], since_ms: int, until_ms: int) -> list[StoredTap]:
    """The ledger's taps of these cards, from one moment to another, both included."""
    asked = {"cards": list(cards), "since_ms": since_ms, "until_ms": until_ms}
    return [StoredTap._make(row) for row in connection.execute(_TAPS_OF_CARDS, asked)]


def has_taps_after(connection: Connection, cards: Iterable[str], at_ms: int) -> bool:
    """Whether any tap of these cards is later than that."""
    return connection.execute(_LATER, {"cards": list(cards), "at_ms": at_ms}).first() is not None


def read_stints(connection: Connection, person: str, since_ms: int, until_ms: int) -> list[LedgerStint]:
    """The ledger's stints of a person by the taps that made them, both moments included; in that order."""
    asked = {"person": person, "since_ms": since_ms, "until_ms": until_ms}
    return [ledger_stint_of(row) for row in connection.execute(_STINTS, asked)]


def read_last_stints(connection: Connection, persons: Iterable[str]) -> dict[str, list[LedgerStint]]:
    """The ledger's last stint of each of these persons; more than one where they were made in one millisecond."""
    found = defaultdict[str, list[LedgerStint]](list)
    for row in connection.execute(_LAST_STINTS, {"persons": list(persons)}):
        stint = ledger_stint_of(row)
        found[stint.person].append(stint)
    return found


def read_moments(connection: Connection, cards: Iterable[str], since_ms: int) -> list[tuple[str, int]]:
    """Card and moment of the ledger's taps of these cards from a moment on."""
    return [(row.token, row.at_ms) for row in connection.execute(_SINCE, {"cards": list(cards), "since_ms": since_ms})]


def unfolded_runs(connection: Connection, *which: ColumnElement[bool]) -> list[int]:
    """The runs, among those, of which more is stored than is folded."""
    newest = select(func.max(RECORD.c.seq)).where(RECORD.c.run == RUN.c.id).scalar_subquery()
    is_behind = newest > func.coalesce(LEDGER_RUN.c.last_seq, 0)
    runs = select(RUN.c.id).join(LEDGER_RUN, LEDGER_RUN.c.run == RUN.c.id, isouter=True)
    return list(connection.execute(runs.where(or_(is_behind, HAS_LATE), *which)).scalars())
