"""What the hub fails over on its event loop is found and left out; time, board and telling go on."""

import asyncio
from collections.abc import Callable
from contextlib import closing

from hub.findings import FindingKind
from hub.ledger.change import Change, WatchedStretch
from hub.presence.feed import Feed
from station.wire.topics import Leaf
from tests.hub.board.test_fold_order import stored
from tests.hub.board.test_telling import Told
from tests.hub.board.town import OTHER, STATION, Town, at

DEADLINE_S = 60.0
NONSENSE = Change(watched=[WatchedStretch(run=99, joint=False, since_ms=0, until_ms=1)])  # of a run that has no name


class Running:
    """A feed over a town, on a loop that runs until something is so."""

    def __init__(self) -> None:
        self.town = Town(now_text="09:00")
        self.told = Told(self.town)

    def until(self, claim: Callable[[], object], *changes: Change) -> bool:
        async def run() -> bool:
            with closing(Feed(asyncio.get_running_loop(), self.town.clock, self.town.city)) as feed:
                feed.start()
                for change in changes:
                    feed.show(change)
                for _ in range(int(DEADLINE_S / 0.02)):
                    if claim():
                        return True
                    await asyncio.sleep(0.02)
            return False

        return asyncio.run(run())

    def faults(self) -> list[str]:
        return [finding.subject for finding in self.town.core.findings.all() if finding.kind is FindingKind.FAULT]

    def arrival(self) -> Change:
        """Somebody arrives at the other station; it is folded, and not shown yet."""
        self.town.core.ledger.touch([stored(self.town, "K-9", "08:59:59", 2).run.id])
        return self.town.core.ledger.step()


def test_a_message_that_cannot_be_told_silences_no_other():
    running = Running()
    publish, refused = running.told._publish, []

    def publishing(topic: str, payload: bytes) -> bool:
        if not refused:
            refused.append(topic)
            raise ZeroDivisionError
        return publish(topic, payload)

    running.told.telling.publish_by(publishing)

    assert running.until(lambda: all(running.told.on(Leaf.PRESENCE, code) for code in (STATION, OTHER)))
    assert (len(refused), running.faults()) == (1, ["board"])


def test_a_change_that_cannot_be_shown_stands_in_nobodys_way():
    running = Running()

    assert running.until(lambda: running.town.row(OTHER).on_duty, NONSENSE, running.arrival())
    assert running.faults() == ["board"]


def test_a_row_that_cannot_be_made_stands_in_no_others_way():
    running = Running()
    change = running.arrival()
    present = running.town.city.recent.present

    def presents(station, moment):
        if station == STATION:
            raise ZeroDivisionError
        return present(station, moment)

    running.town.city.recent.present = presents

    running.town.core.show(change)
    running.town.board.refresh([STATION, OTHER], None)

    assert (running.town.row(OTHER).on_duty, running.faults()) == (1, ["board"])


def test_a_day_that_cannot_begin_is_tried_again():
    running, tries = Running(), []
    learn = running.town.board.learn

    def learning(*city) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise ZeroDivisionError
        learn(*city)

    running.town.board.learn = learning
    running.town._now = at("24:00:01")

    assert running.until(lambda: len(tries) >= 3)
    assert running.faults() == ["board"]
