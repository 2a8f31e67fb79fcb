"""A kiosk that was away brings a month: what it costs grows with its records, not with how much is there already."""

from datetime import timedelta
from itertools import pairwise

import pytest

from hub.ledger import ledger as ledger_module
from hub.ledger.following import MOST_ROWS
from hub.ledger.ledger import MOST_OLD
from hub.ledger.queries import LEDGER_RUN, STINT
from hub.ledger.segments import Segment, differing
from station.records import Action
from tests.hub.ledger.bench import ledger_bench
from tests.hub.ledger.stories import KioskStory, a_working_day
from tests.hub.short_writing import written_at_once

PERSON = 99  # a card that nobody knows
SHORT = 4 * MOST_OLD  # rows of a transaction: taps, and what they change


def always_there(taps: int) -> KioskStory:
    """Somebody arrives every hour, day and night, and never leaves: no tap of theirs begins anew."""
    story = a_working_day()
    for _ in range(taps):
        story.now += timedelta(hours=1)
        story.tap(PERSON, Action.ARRIVE)
    return story


def test_a_month_is_written_little_by_little_and_not_with_every_step() -> None:
    story = always_there(10 * MOST_ROWS)
    with ledger_bench() as hub, written_at_once(hub.engine) as written:
        runs = hub.store(story.written)
        written.clear()

        for n in range(0, len(runs), MOST_ROWS):  # as the intake says of each message
            hub.ledger.touch(runs[n : n + MOST_ROWS])
            hub.ledger.step()
            if hub.ledger.is_full:
                hub.ledger.write()
        hub.ledger.catch_up()

        assert max(written) <= SHORT
        assert len(written) <= len(runs) // MOST_OLD + 2
        assert hub.differences() == []


def test_a_tap_makes_anew_the_last_stints_of_its_person_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many they have, and though none of them was left."""
    made, kept = [], Segment._kept
    monkeypatch.setattr(Segment, "_kept", lambda self, stint: made.append(stint) or kept(self, stint))
    story = always_there(200)
    with ledger_bench() as hub:
        hub.take(story.written)

        assert len(hub.rows(STINT)) > 100
        assert len(made) <= 2 * 200


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 200])
@pytest.mark.parametrize("is_longer", [False, True])
def test_the_first_stint_that_is_otherwise_is_found_among_many(count: int, *, is_longer: bool) -> None:
    before = list(range(count))
    after = [*before, "more"] if is_longer else before

    assert differing(before, after) == count
    for index in (0, count // 2, count - 1) if count else ():
        assert differing(before, [*after[:index], "otherwise", *after[index + 1 :]]) == index


def test_a_long_run_behind_which_another_has_begun_is_placed_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kiosk's own run of today came first: somebody stood there."""
    monkeypatch.setattr(ledger_module, "MOST_ROWS", 10)
    story = a_working_day()
    story.pulse(100)
    story.tap(1, Action.ARRIVE)
    long_run = len(story.written)
    story.start(boots=True)
    story.tap(1, Action.LEAVE)
    with ledger_bench() as hub:
        hub.ledger.catch_up()
        runs = hub.store(story.written)
        hub.ledger.touch(runs[-1:], is_live=True)
        hub.step()
        hub.ledger.touch(runs[:1])
        folded = [0]

        while hub.ledger.has_more:
            hub.step()
            folded.append(hub.rows(LEDGER_RUN)[0]["folded"])

        assert folded[-1] == long_run
        assert max(after - before for before, after in pairwise(folded)) <= long_run // 4
        assert hub.differences() == []


@pytest.mark.parametrize("came_late", [False, True])
def test_a_run_of_which_many_records_never_came_is_placed_to_its_end(
    monkeypatch: pytest.MonkeyPatch, *, came_late: bool
) -> None:
    """The next that is there may lie further on than all that a step takes; some of what was missing may come after."""
    monkeypatch.setattr(ledger_module, "MOST_ROWS", 10)
    story = a_working_day()
    story.pulse(10)
    story.tap(1, Action.ARRIVE)
    before = len(story.written)
    story.pulse(100)
    story.tap(1, Action.LEAVE)
    story.pulse(30)
    end = len(story.written)
    story.start(boots=True)
    story.tap(1, Action.ARRIVE)
    first, late, last = story.written[:before], story.written[before + 20 : before + 60], story.written[end - 40 : end]
    with ledger_bench() as hub:
        hub.take([*first, *story.written[end:]])
        hub.ledger.touch(hub.store(last))
        steps = 0
        while hub.ledger.has_more and steps < end:
            hub.step()
            steps += 1
            if came_late and steps == 2:
                hub.ledger.touch(hub.store(late))

        assert not hub.ledger.has_more
        assert hub.rows(LEDGER_RUN)[0]["folded"] == len([*first, *last, *(late if came_late else ())])
        assert hub.differences() == []


def test_records_that_were_missing_are_found_though_the_run_is_remembered() -> None:
    story = always_there(40)
    *first, missing, last = story.written
    with ledger_bench() as hub:
        hub.ledger.touch(hub.store([*first, last]))
        hub.ledger.step()
        hub.ledger.touch(hub.store([missing]))
        hub.ledger.catch_up()

        assert sum(row["folded"] for row in hub.rows(LEDGER_RUN)) == len(story.written)
        assert hub.differences() == []
