"""What the hub fails over on its event loop is found and left out; time, board and telling go on."""

import asyncio
from collections.abc import Callable
from contextlib import closing
from datetime import datetime

from hub.findings import FindingKind, Findings
from hub.intake.gathering import Stored
from hub.presence.feed import Feed
from hub.presence.leaving_out import LeavingOut
from station.wire.topics import Leaf
from tests.hub.board.test_feed_order import stored
from tests.hub.board.test_telling import Told
from tests.hub.board.town import OTHER, STATION, Town, at

DEADLINE_S = 60.0


class Running:
    """A feed over a town, on a loop that runs until something is so."""

    def __init__(self, begin_day: Callable[[datetime], None] = lambda _: None) -> None:
        self.town = Town(now_text="09:00")
        self.told = Told(self.town)
        self.findings = Findings(self.town.clock)
        self.begin_day = begin_day

    def until(self, claim: Callable[[], object], *handed_on: Stored) -> bool:
        async def run() -> bool:
            feed = Feed(
                loop=asyncio.get_running_loop(), clock=self.town.clock, presences=self.town.presences,
                liveness=self.town.liveness, board=self.town.board, telling=self.told.telling,
                begin_day=self.begin_day, attempt=LeavingOut(self.findings),
            )  # fmt: skip
            with closing(feed):
                feed.start()
                for one in handed_on:
                    feed.hand_on([one])
                for _ in range(int(DEADLINE_S / 0.02)):
                    if claim() and not feed.behind:
                        return True
                    await asyncio.sleep(0.02)
            return False

        return asyncio.run(run())

    def faults(self) -> list[str]:
        return [finding.subject for finding in self.findings.all() if finding.kind is FindingKind.FAULT]

    def here(self) -> list[str]:
        return [here.person.key for here in self.town.presences.here(OTHER, at("09:00"))]


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


def test_records_that_cannot_be_folded_stand_in_nobodys_way():
    running = Running()
    good = stored(99, OTHER, ["08:59:59"], 1)
    cursed = [stored(run, OTHER, [moment], 5) for run, moment in ((97, "08:59:59"), (98, "07:10"))]  # live, and late
    for one in cursed:
        one.rows[0] = (*one.rows[0][:8], "dance", *one.rows[0][9:])
    of_year_one = stored(96, OTHER, ["08:59:59"], 6)
    of_year_one.rows[0] = (*of_year_one.rows[0][:3], -62135596800000, *of_year_one.rows[0][4:])

    assert running.until(lambda: "p2" in running.here(), *cursed, of_year_one, good)
    assert running.faults() == ["board"]


def test_a_day_that_cannot_begin_is_tried_again():
    tries = []

    def begin_day(_: datetime) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise ZeroDivisionError

    running = Running(begin_day)

    assert running.until(lambda: len(tries) > 3)
    assert running.faults() == ["board"]
