"""Two who look and then write over what they saw: one after the other, on either database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from hub.database.transactions import changing, reading

if TYPE_CHECKING:
    from sqlalchemy import Engine

AT_ONCE, EACH = 6, 10


def test_what_one_looked_at_is_so_until_it_is_written_over(engine: Engine) -> None:
    with changing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE counted (n integer)")
        connection.exec_driver_sql("INSERT INTO counted VALUES (0)")

    def count(_: int) -> None:
        for _again in range(EACH):
            with changing(engine) as connection:
                (found,) = connection.exec_driver_sql("SELECT n FROM counted").scalars()
                connection.exec_driver_sql(f"UPDATE counted SET n = {found + 1}")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(count, range(AT_ONCE)))

    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT n FROM counted").scalar_one() == AT_ONCE * EACH
