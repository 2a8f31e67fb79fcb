"""What was true on a day stays true of that day, whatever is said of the city later."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from hub.changing.commands import AssignCard, CityCommand, EnterCard, LeavePerson, LoseCard, SetSharedDay, SetTerms
from hub.changing.history import HistoryLine, read_history
from hub.changing.personal import ErasePerson
from hub.changing.proposal import apply
from hub.database.history_table import RevisionRow
from hub.database.transactions import reading, table_of, writing
from hub.ledger.queries import STINT
from station.hours import SHANGHAI, Span
from station.records import Action
from tests.hub.cities import make_city, token_of
from tests.hub.ledger.bench import LedgerBench
from tests.hub.ledger.stories import BEGAN, MINUTE, KioskStory, a_working_day

DAY = timedelta(days=1)
TODAY = 9  # the day on which somebody changes something, counted from the first
FIRST = date(2026, 3, 5)
REVISION = table_of(RevisionRow)


@pytest.fixture(params=["at once", "after a restart", "killed in the middle"])
def hub(request: pytest.FixtureRequest, engine: Engine) -> "Hub":
    make_city(engine, ("S-01", "S-02"))
    return Hub(engine, request.param)


class Hub(LedgerBench):
    """Follows each change at once, after a restart, or though it is killed at it."""

    def __init__(self, engine: Engine, way: str) -> None:
        super().__init__(engine)
        self._way = way

    def give(self, *commands: CityCommand, why: str = "") -> None:
        with writing(self.engine) as connection:
            now = BEGAN + TODAY * DAY + 600 * MINUTE
            outcome = apply(connection, commands, by="office", at=now, zone=SHANGHAI, why=why)
        assert not outcome.refusals
        if self._way == "killed in the middle":
            self.ledger.learn(self.directory())
            self.ledger.step()  # folded, and not written
        if self._way == "at once":
            self.ledger.learn(self.directory())
        else:
            self.restart()
        self.ledger.catch_up()
        assert self.differences() == []

    def days(self) -> list[tuple[int, str, str]]:
        """(day, whose, how it ended), a card that is nobody's as ?."""
        rows = sorted(self.rows(STINT), key=lambda row: row["began_ms"])
        return [
            ((row["began_ms"] - int(BEGAN.timestamp() * 1000)) // 86_400_000, row["person"] if row["counted"] else "?", row["end"])
            for row in rows
        ]  # fmt: skip

    def history(self, station: str) -> list[HistoryLine]:
        with reading(self.engine) as connection:
            return [line for line in read_history(connection, station=station)[0] if line.by == "office"]

    def revised(self) -> list[tuple[int, str, str]]:
        return [((row["day"] - FIRST).days, row["person_before"], row["person_after"]) for row in self.rows(REVISION)]


def mornings(person: int, days: range) -> KioskStory:
    """Somebody comes every morning from eight to ten."""
    story = a_working_day()
    for day in days:
        for hour, action in ((8, Action.ARRIVE), (10, Action.LEAVE)):
            story.now = BEGAN + day * DAY + hour * 60 * MINUTE
            story.tap(person, action)
    return story


def at(day: int) -> datetime:
    return (BEGAN + day * DAY).astimezone(SHANGHAI)


def test_a_card_that_is_lost_today_takes_nothing_of_what_was(hub: Hub) -> None:
    hub.take(mornings(1, range(12)).written)

    hub.give(LoseCard(token_of(1), at(TODAY)))

    assert [whose for _, whose, _ in hub.days()] == ["p1"] * TODAY + ["?"] * 3
    assert {day for day, _, _ in hub.revised()} == {9, 10, 11}


def test_history_of_a_station_tells_whose_card_made_its_past_otherwise_and_no_others(hub: Hub) -> None:
    hub.take(mornings(1, range(TODAY)).written)

    hub.give(LoseCard(token_of(1), at(2)), LoseCard(token_of(2), at(2)), why="found out late")

    assert [(line.what, line.concerns["person"], len(line.revised["S-01"])) for line in hub.history("S-01")] == [
        ("lose_card", "p1", TODAY - 2)
    ]
    assert hub.history("S-02") == []


def test_history_of_a_station_tells_nothing_of_cards_that_were_only_entered_beside_what_changed_its_past(
    hub: Hub,
) -> None:
    """An import of new cards with one that was lost long ago told all of them at each station of that one."""
    hub.take(mornings(1, range(TODAY)).written)

    others = [EnterCard(token_of(n), "iso14443a") for n in range(200, 300)]
    hub.give(*others, LoseCard(token_of(1), at(2)), SetSharedDay(FIRST, (), reason="停电"), why="import 卡.csv")

    assert [line.what for line in hub.history("S-01")] == ["lose_card", "set_shared_day"]


def test_a_card_that_nobody_held_counts_from_its_first_tap_once_it_is_assigned(hub: Hub) -> None:
    hub.take(mornings(99, range(TODAY)).written)

    hub.give(*entered(99), AssignCard(token_of(99), "p2"))

    assert [whose for _, whose, _ in hub.days()] == ["p2"] * TODAY
    assert {(before, after) for _, before, after in hub.revised()} == {("", "p2")}


def test_of_a_card_that_changes_hands_nothing_of_the_first_holder_moves(hub: Hub) -> None:
    hub.take(mornings(1, range(8)).written)

    hub.give(AssignCard(token_of(1), "p2", at(5)), why="given on in the week before")

    assert [whose for _, whose, _ in hub.days()] == ["p1"] * 5 + ["p2"] * 3
    assert hub.revised() == [(day, "p1", "p2") for day in (5, 6, 7)]


def test_hours_changed_in_the_past_fold_only_those_days_again_and_history_tells(hub: Hub) -> None:
    story = a_working_day()
    for day in range(8):  # comes at ten, and forgets to leave
        story.now = BEGAN + day * DAY + 600 * MINUTE
        story.tap(1, Action.ARRIVE)
    hub.take(story.written)
    before = hub.rows(STINT)

    hub.give(
        SetTerms("S-01", FIRST + 4 * DAY, week=((Span(8 * 60, 11 * 60),),) * 7), why="closed earlier from that day on"
    )

    after = hub.rows(STINT)
    assert [row for row in after if row not in before] == after[4:]
    assert [row["ended_ms"] - row["began_ms"] for row in after] == [90 * 60_000] * 4 + [60 * 60_000] * 4
    assert hub.revised() == [(day, "p1", "p1") for day in (4, 5, 6, 7)]
    with reading(hub.engine) as connection:
        (line,), _ = read_history(connection, station="S-01")
    assert (line.by, line.why, len(line.revised["S-01"])) == ("office", "closed earlier from that day on", 4)


def test_a_minimum_that_is_set_ahead_moves_nothing_of_the_past(hub: Hub) -> None:
    hub.take(mornings(1, range(3)).written)
    before = hub.rows(STINT)

    hub.give(SetTerms("S-01", FIRST + 300 * DAY, minimum=2))

    assert hub.rows(STINT) == before
    assert hub.revised() == []


def entered(person: int) -> list[CityCommand]:
    return [EnterCard(token_of(person), "iso14443a")]


def test_erasing_somebody_changes_nothing_of_what_they_served(hub: Hub) -> None:
    hub.take(mornings(1, range(TODAY)).written)
    hub.give(LeavePerson("p1"))
    before = hub.days(), hub.watched()

    hub.give(ErasePerson("p1", "mark"), why="asked for it")

    assert (hub.days(), hub.watched()) == before
    assert [whose for _, whose, _ in hub.days()] == ["p1"] * TODAY
