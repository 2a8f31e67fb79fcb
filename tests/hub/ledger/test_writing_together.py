"""Who holds the database's pen leaves the interpreter seldom: every tap of the city waits until it has done."""

from typing import Any

from sqlalchemy import event

from hub.ledger.queries import LEDGER_TAP
from station.records import Action
from tests.hub.ledger.bench import ledger_bench
from tests.hub.ledger.stories import a_working_day

PERSONS, ROUNDS = (1, 2, 4), 20
MOST_CALLS = 40  # six tables, each in up to seven pieces


def test_what_many_taps_changed_is_written_in_few_calls() -> None:
    calls: list[int] = []

    def count(_of: object, _cursor: object, _sql: str, asked: Any, _context: object, is_many: bool) -> None:
        calls.append(len(asked) if is_many else 1)

    with ledger_bench() as hub:
        story = a_working_day()
        for n in range(ROUNDS):
            for person in PERSONS:
                story.tap(person, Action.LEAVE if n % 2 else Action.ARRIVE)
        hub.ledger.touch(hub.store(story.written))
        while hub.ledger.has_more:
            hub.ledger.step()
        event.listen(hub.engine, "before_cursor_execute", count)

        hub.ledger.write()

        event.remove(hub.engine, "before_cursor_execute", count)
        assert len(hub.rows(LEDGER_TAP)) == len(PERSONS) * ROUNDS
        assert 0 < sum(calls) <= MOST_CALLS
