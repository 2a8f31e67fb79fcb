"""What waits of taps is looked at every few seconds, and made once: a kiosk that was away leaves thousands of them."""

import pytest

from hub.rights import Reach
from hub.web.amending import of_taps
from hub.web.amending.of_taps import ReviewSource
from hub.web.inbox.waiting import CitySeen, SeenPlace
from station.records import Action
from tests.hub.ledger.bench import ledger_bench
from tests.hub.ledger.stories import a_working_day


class SeenFrom(CitySeen):
    """A city in which each station has a place."""

    def place(self, code: str) -> SeenPlace:
        return SeenPlace(Reach("d", "k", code), code)


def test_a_tap_that_waits_is_made_once_however_often_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    spelled, spell = [], of_taps.spell_name
    monkeypatch.setattr(of_taps, "spell_name", lambda name: spelled.append(name) or spell(name))
    story = a_working_day()
    source = ReviewSource()
    with ledger_bench() as hub:
        for _ in range(5):
            story.pulse(1)
            story.tap(1, Action.LEAVE)
        hub.take(story.written)
        with hub.engine.connect() as connection:
            seen = SeenFrom(story.now, {}, ())
            first = source.waiting(connection, seen)
            spelled_first = len(spelled)
            again = source.waiting(connection, seen)

        story.pulse(1)
        story.tap(1, Action.LEAVE)
        hub.take(story.written)
        with hub.engine.connect() as connection:
            later = source.waiting(connection, SeenFrom(story.now, {}, ()))

    assert len(first) == 5
    assert again == first
    assert len(spelled) - spelled_first == spelled_first // 5
    assert len(later) == 6
