"""A hub's database, a journal that records come into in any order, and the ledger over it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Engine, create_engine, insert, select, update
from sqlalchemy.pool import StaticPool

from hub.database.dialect import dialect_of
from hub.database.journal_tables import Run
from hub.database.schema import prepare_schema
from hub.database.transactions import reading, snapshot, writing
from hub.intake.rows import row_of
from hub.ledger.ledger import Ledger
from hub.ledger.queries import RECORD, RUN, STINT, WATCHED
from hub.rebuilding.anew import KEPT, made_anew
from hub.rebuilding.differences import differences
from hub.register.reading import read_directory
from hub.register.rulebook import Rulebook
from station.hours import SHANGHAI
from station.milliseconds import ms_of
from tests.hub.cities import make_city
from tests.hub.ledger.stories import Written

DELAY = timedelta(seconds=1)  # of a record's way to the hub


def in_memory(content: bytes = b"") -> Engine:
    """A database that lives as long as its engine."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    if content:
        with engine.connect() as connection:
            connection.connection.driver_connection.deserialize(content)
    return engine


@cache
def small_city() -> bytes:
    """Two stations, made once."""
    engine = in_memory()
    prepare_schema(engine)
    make_city(engine, ("S-01", "S-02"))
    with engine.connect() as connection:
        content = connection.connection.driver_connection.serialize()
    engine.dispose()
    return content


class LedgerBench:
    """The database, in memory where no other is given; nothing but it outlives `restart`."""

    def __init__(self, engine: Engine | None = None) -> None:
        self.engine = engine or in_memory(small_city())
        self.restart()

    def restart(self) -> None:
        """Begin as after a crash."""
        self.ledger = Ledger(self.engine, self.directory())

    def step(self) -> None:
        """Fold some of what is due, and write it."""
        self.ledger.step()
        self.ledger.write()

    def directory(self):
        with reading(self.engine) as connection:
            return read_directory(connection, SHANGHAI)

    def store(self, written: Iterable[Written]) -> list[int]:
        """Records come; those that are stored already change nothing."""
        runs = []
        with writing(self.engine) as connection:
            for one in written:
                run = self._run(connection, one)
                runs.append(run)
                row = row_of(one.record, run, ms_of(one.made_at + one.sent_after + DELAY))
                connection.execute(dialect_of(connection).insert(RECORD).values(row._asdict()).on_conflict_do_nothing())
        return runs

    def _run(self, connection: Any, one: Written) -> int:
        found = connection.execute(select(RUN.c.id).where(RUN.c.kiosk == one.kiosk, RUN.c.epoch == one.epoch)).scalar()
        if found is None:
            run = Run(kiosk=one.kiosk, epoch=one.epoch, station=one.station).model_dump(exclude={"id"})
            found = connection.execute(insert(RUN).values(run).returning(RUN.c.id)).scalar_one()
        return found

    def take(self, written: Iterable[Written]) -> None:
        """Records come, and the ledger follows."""
        self.ledger.touch(self.store(written))
        self.ledger.catch_up()

    def differences(self) -> list[str]:
        """Between the ledger as it is kept and one made anew."""
        book = Rulebook(self.directory())
        with snapshot(self.engine) as connection:
            with made_anew(connection, book, lambda work, _: work):
                found = list(differences(connection, book))
            connection.rollback()
        return found

    def rows(self, table) -> list[dict[str, Any]]:
        keys = list(table.primary_key)
        with reading(self.engine) as connection:
            return [dict(row) for row in connection.execute(select(table).order_by(*keys)).mappings()]

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """All that the ledger says, whatever the database calls the runs."""
        return {table.name: self.rows(table) for table in KEPT}

    def stints(self) -> list[tuple[str, str, str, str]]:
        """(person, from, to, how it ended), times where the stations are."""
        rows = sorted(self.rows(STINT), key=lambda row: row["began_ms"])
        return [(row["person"], clock_of(row["began_ms"]), clock_of(row["ended_ms"]), row["end"]) for row in rows]

    def watched(self) -> list[tuple[str, str]]:
        rows = sorted(self.rows(WATCHED), key=lambda row: row["since_ms"])
        return [(clock_of(row["since_ms"]), clock_of(row["until_ms"])) for row in rows]


def clock_of(ms: int) -> str:
    """A moment as a clock at the stations shows it."""
    minutes = ms // 60_000 + 8 * 60
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def store_through(bench: LedgerBench, kiosk: str, through: int) -> None:
    """Say how far a kiosk's only run is stored without a break, as the intake does."""
    with writing(bench.engine) as connection:
        connection.execute(update(RUN).where(RUN.c.kiosk == kiosk).values(through=through))


@contextmanager
def in_memory_city() -> Iterator[Engine]:
    """Two stations, for as long as the block lasts."""
    engine = in_memory(small_city())
    try:
        yield engine
    finally:
        engine.dispose()


city: Callable[[], AbstractContextManager[Engine]] = in_memory_city
"""Where `ledger_bench` keeps its city; tests that run over both databases set it."""


@contextmanager
def ledger_bench() -> Iterator[LedgerBench]:
    with city() as engine:
        yield LedgerBench(engine)
