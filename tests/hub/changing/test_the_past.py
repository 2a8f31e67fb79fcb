"""What a change of today makes of stints that are folded already: nothing, unless it says something of their time."""

from __future__ import annotations

from datetime import UTC, timedelta
from random import Random
from typing import TYPE_CHECKING

from hub.changing import commands as asked
from hub.changing.proposal import apply
from hub.database.people_tables import Loss
from hub.database.transactions import table_of, writing
from hub.ledger.queries import STINT
from station.hours import SHANGHAI, Span
from station.records import Action
from tests.hub.cities import token_of
from tests.hub.ledger.bench import LedgerBench, ledger_bench
from tests.hub.ledger.stories import BEGAN, MINUTE, a_working_day

if TYPE_CHECKING:
    from hub.changing.commands import CityCommand
    from tests.hub.ledger.stories import KioskStory

LOSS = table_of(Loss)
DAY = timedelta(days=1)
CARD, STRANGE = token_of(1), token_of(99)


def give(hub: LedgerBench, *commands: CityCommand, days: int = 0, why: str = "") -> None:
    """Change the city at noon, so many days on; a serving hub learns of it."""
    at = BEGAN + days * DAY + 12 * 60 * MINUTE
    with writing(hub.engine) as connection:
        outcome = apply(connection, commands, by="somebody", at=at.astimezone(UTC), zone=SHANGHAI, why=why)
    assert not outcome.refusals
    hub.ledger.learn(hub.directory())
    hub.ledger.catch_up()


def mornings(days: int, *people: int) -> KioskStory:
    """From eight to half past ten, day by day."""
    story = a_working_day()
    for day in range(days):
        for hour, action in ((480, Action.ARRIVE), (630, Action.LEAVE)):
            for person in people:
                story.now = BEGAN + day * DAY + hour * MINUTE
                story.tap(person, action)
    return story


def counted(hub: LedgerBench) -> list[tuple[str, bool]]:
    rows = sorted(hub.rows(STINT), key=lambda row: (row["began_ms"], row["person"]))
    return [(row["person"], row["counted"]) for row in rows]


def test_a_card_lost_today_takes_nothing_of_the_days_before() -> None:
    with ledger_bench() as hub:
        hub.take(mornings(3, 1).written)
        before = hub.everything()

        give(hub, asked.LoseCard(CARD), days=3)

        assert hub.everything()["stint"] == before["stint"]
        assert hub.differences() == []


def test_what_is_tapped_with_a_lost_card_counts_for_nobody() -> None:
    story = mornings(3, 1)
    with ledger_bench() as hub:
        give(hub, asked.LoseCard(CARD), days=1)

        hub.take(story.written)

        assert counted(hub) == [("p1", True), ("p1", True), (CARD, False)]
        assert hub.differences() == []


def test_a_card_assigned_today_counts_from_its_first_tap() -> None:
    with ledger_bench() as hub:
        hub.take(mornings(2, 99).written)
        assert counted(hub) == [(STRANGE, False)] * 2

        give(hub, asked.EnterCard(STRANGE, "iso14443a"), asked.AssignCard(STRANGE, "p2"), days=7)

        assert counted(hub) == [("p2", True)] * 2
        assert hub.differences() == []


def test_a_card_that_changes_hands_leaves_the_first_ones_mornings() -> None:
    story = mornings(4, 1)
    first = [one for one in story.written if one.made_at < BEGAN + 2 * DAY]
    with ledger_bench() as hub:
        hub.take(first)

        give(hub, asked.AssignCard(CARD, "p2"), days=1)
        hub.take(story.written)

        assert counted(hub) == [("p1", True)] * 2 + [("p2", True)] * 2
        assert hub.differences() == []


def test_hours_changed_in_the_past_fold_the_days_from_then_on_anew() -> None:
    with ledger_bench() as hub:
        story = mornings(3, 1, 2)
        Random(1).shuffle(story.written)
        hub.take(story.written)
        since = (BEGAN + DAY).astimezone(SHANGHAI).date()

        give(hub, asked.SetTerms("S-01", since, week=((Span(540, 690),),) * 7), days=5, why="the sign says so")

        opens = sorted({row["period_opens_ms"] // 60_000 % 1440 + 480 for row in hub.rows(STINT)})
        assert opens == [480, 540]
        assert hub.differences() == []


def test_a_card_that_was_lost_last_week_takes_what_was_tapped_since() -> None:
    with ledger_bench() as hub:
        hub.take(mornings(4, 1, 2).written)
        lost = BEGAN + 2 * DAY

        give(hub, asked.LoseCard(CARD, lost), days=5, why="found out today")

        assert [person for person in counted(hub) if person[0] != "p2"] == [("p1", True)] * 2 + [(CARD, False)] * 2
        assert hub.differences() == []


def test_a_card_that_is_found_out_to_have_been_lost_earlier_than_was_said_takes_that_time_too() -> None:
    with ledger_bench() as hub:
        hub.take(mornings(4, 1).written)
        give(hub, asked.LoseCard(CARD, BEGAN + 3 * DAY), days=5, why="said on the telephone")

        give(hub, asked.LoseCard(CARD, BEGAN + 1 * DAY), days=6, why="seen by the taps")

        assert counted(hub) == [("p1", True)] + [(CARD, False)] * 3
        assert len(hub.rows(LOSS)) == 1
        assert hub.differences() == []


def test_a_card_that_was_anothers_since_last_week_takes_its_mornings_along() -> None:
    with ledger_bench() as hub:
        hub.take(mornings(4, 1).written)

        give(hub, asked.AssignCard(CARD, "p2", BEGAN + 2 * DAY), days=5, why="the list was late")

        assert counted(hub) == [("p1", True)] * 2 + [("p2", True)] * 2
        assert hub.differences() == []
