"""Whoever taps now is shown before what comes late from elsewhere."""

import asyncio
from contextlib import closing

import pytest

from hub.ledger.change import Change
from hub.ledger.owner import Owner
from hub.presence import feed as feed_module
from hub.presence.feed import Feed
from tests.hub.board.test_feed_faults import Running
from tests.hub.board.test_fold_order import shown, stored
from tests.hub.board.town import OTHER, STATION, Town
from tests.hub.running import DEADLINE_S

LATE = 10  # runs of a hundred records


@pytest.fixture
def town() -> Town:
    """Somebody tapped at the other station before."""
    made = Town(now_text="09:00")
    made.core.fold_stored([stored(made, "K-9", "08:00", 9)])
    made.fold()
    return made


def late(town: Town) -> list:
    """A month from elsewhere."""
    return [
        stored(town, "K-1", "08:00", *range(1000 * run, 1000 * run + 100), epoch=f"{run:016x}")
        for run in range(1, 1 + LATE)
    ]


class Watcher:
    """Remembers who was shown at the other station with each change, and how much waited then."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self.shown: list[set[str]] = []
        self.behind: list[int] = []

    def run(self, *batches: list) -> None:
        """Hand these on, then let the owner begin, until all is shown."""
        asyncio.run(self._run(batches))

    async def _run(self, batches: tuple[list, ...]) -> None:
        town = self._town
        with closing(Feed(asyncio.get_running_loop(), town.clock, town.city)) as feed:

            def show(change: Change) -> None:
                behind = owner.behind
                feed.show(change)
                feed.call(lambda: self._look(behind))

            owner = Owner(town.core.ledger, town.core.findings, show, lambda: None)
            for batch in batches:
                owner.take(batch)
            feed.start()
            owner.start()
            try:
                for _ in range(int(DEADLINE_S / 0.02)):
                    if self.shown and not owner.behind:
                        break
                    await asyncio.sleep(0.02)
            finally:
                await asyncio.to_thread(owner.stop)
            await asyncio.sleep(0)  # for what was handed over last

    def _look(self, behind: int) -> None:
        self.shown.append(shown(self._town, OTHER) - {"p9"})
        self.behind.append(behind)


def test_a_tap_of_now_is_shown_though_a_month_from_elsewhere_waits(town: Town):
    watcher = Watcher(town)

    watcher.run(late(town), [stored(town, "K-9", "08:59:59", 2, seq=2)])

    assert watcher.shown[0] == {"p2"}
    assert watcher.behind[0] > 0
    assert len(shown(town, STATION)) == 100 * LATE


def test_a_tap_of_now_is_shown_though_a_kiosk_has_only_just_started(town: Town):
    """Its run is new, and nothing of it waits."""
    watcher = Watcher(town)

    watcher.run(late(town), [stored(town, "K-9", "08:59:59", 2, epoch="f" * 16)])

    assert watcher.shown[0] == {"p2"}


def test_a_row_of_now_is_made_though_others_must_wait(monkeypatch: pytest.MonkeyPatch):
    """In a flood rows are made for a part of the time."""
    monkeypatch.setattr(feed_module, "FLOOD_PAUSE", 10**6)
    running = Running()
    running.town.core.ledger.touch([stored(running.town, "K-1", "08:00", *range(10, 40)).run.id])
    late = running.town.core.ledger.step()

    is_shown = running.until(
        lambda: any(row.code == OTHER and row.on_duty for row in running.town.rows), late, running.arrival()
    )

    assert is_shown


def test_nothing_overtakes_what_waits_of_its_own_run(town: Town):
    watcher = Watcher(town)
    before = stored(town, "K-9", "08:01", 8, seq=2)
    after = stored(town, "K-9", "08:59:59", 2, seq=3)

    watcher.run([*late(town), before], [after])

    assert {"p2"} not in watcher.shown
    assert watcher.shown[-1] == {"p2", "p8"}
