"""What waits for its channel is found without going through a year of what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from hub.alarms.waiting import read_waiting
from hub.database.transactions import reading
from tests.databases import only_sqlite

if TYPE_CHECKING:
    from sqlalchemy import Engine


@only_sqlite
def test_what_waits_is_found_by_its_index(engine: Engine) -> None:
    asked: list[tuple[str, Any]] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cu, said, values, *_: asked.append((said, values)))

    with reading(engine) as connection:
        read_waiting(connection)
        said, values = asked[0]
        plan = " / ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", values))

    assert "SEARCH message USING INDEX ix_message_due_ms" in plan
