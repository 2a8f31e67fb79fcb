"""Many rows by few statements: the same as row by row, and seldom out of the interpreter's hands."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from hub.database.coverage_tables import CoverageDue
from hub.database.dialect import dialect_of
from hub.database.rows_together import ROWS_AT_ONCE, delete_each, pieces, put_rows
from hub.database.transactions import reading, table_of, writing
from tests.databases import only_sqlite
from tests.hub.intake.bench import Bench

DUE = table_of(CoverageDue)
FIRST = date(2026, 3, 5)
COUNTS = [0, 1, 2, ROWS_AT_ONCE - 1, ROWS_AT_ONCE, ROWS_AT_ONCE + 1, 3 * ROWS_AT_ONCE + 5]


def due(count: int, number: int = 1) -> list[tuple[Any, ...]]:
    return [("S-01", (FIRST + timedelta(days=n)).isoformat(), number, "records") for n in range(count)]


def numbers(engine: Engine) -> list[int]:
    with reading(engine) as connection:
        return list(connection.execute(select(DUE.c.number).order_by(DUE.c.day)).scalars())


@pytest.mark.parametrize("count", COUNTS)
def test_every_row_is_put_and_a_row_that_is_there_is_as_the_new_one_says(hub: Bench, count: int) -> None:
    with writing(hub.engine) as connection:
        put_rows(connection, DUE, due(count // 2, 7))
        put_rows(connection, DUE, due(count))

    assert numbers(hub.engine) == [1] * count


def test_a_row_that_is_there_is_changed_as_was_asked_and_else_it_stays(hub: Bench) -> None:
    with writing(hub.engine) as connection:
        put_rows(connection, DUE, due(3, 7))
        put_rows(connection, DUE, due(5), {"number": "coverage_due.number + 10"})

    assert numbers(hub.engine) == [17, 17, 17, 1, 1]


@pytest.mark.parametrize("count", COUNTS)
def test_what_is_named_is_deleted_and_nothing_beside_it(hub: Bench, count: int) -> None:
    with writing(hub.engine) as connection:
        put_rows(connection, DUE, due(count + 2))
        last = (FIRST + timedelta(days=count - 1)).isoformat()
        named = [("S-01", day, day) for _, day, *_ in due(count)]
        delete_each(connection, DUE, "station = ? AND day BETWEEN ? AND ?", named)
        delete_each(connection, DUE, "station = ? AND day BETWEEN ? AND ?", [("S-02", FIRST.isoformat(), last)])

    assert len(numbers(hub.engine)) == 2


@only_sqlite
def test_a_hundred_rows_are_written_without_a_hundred_calls(hub: Bench) -> None:
    calls: list[int] = []

    def count(_of: object, _cursor: object, _sql: str, asked: Any, _context: object, is_many: bool) -> None:
        calls.append(len(asked) if is_many else 1)

    assert dialect_of(hub.engine).takes_rows_together
    event.listen(hub.engine, "before_cursor_execute", count)
    with writing(hub.engine) as connection:
        calls.clear()
        put_rows(connection, DUE, due(100))
    event.remove(hub.engine, "before_cursor_execute", count)

    assert sum(calls) == len(list(pieces(100))) == 3


@pytest.mark.parametrize("count", [0, 1, 7, 63, 64, 100, 300])
def test_pieces_are_all_there_is_and_of_few_lengths(count: int) -> None:
    cut = list(pieces(count))

    assert [n for piece in cut for n in range(count)[piece]] == list(range(count))
    assert {piece.stop - piece.start for piece in cut} <= {1, 2, 4, 8, 16, 32, ROWS_AT_ONCE}
