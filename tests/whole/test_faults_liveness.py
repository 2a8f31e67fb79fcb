"""What operators and board see of kiosks that are killed, cut off, or without a broker, from moment to moment.

Twenty times as fast: a kiosk is stale after 4 s here, and lost after 9.
"""

from contextlib import ExitStack, closing
from datetime import datetime, timedelta

import pytest

from tests.whole.cable import Cable
from tests.whole.town_in_trouble import town_in_trouble, until

pytestmark = [pytest.mark.broker, pytest.mark.timeout(600)]
STALE_AFTER = timedelta(seconds=75)
LOST_AFTER = timedelta(minutes=3)


class Watcher:
    """Looks at one kiosk again and again, and holds every look against docs/protocol.md, Liveness."""

    def __init__(self, town, post) -> None:
        self.town, self.post = town, post
        self.seen: list[str] = []
        self.silent_for = timedelta()

    def sees(self, status, duty_class=None) -> bool:
        before = self.town.clock.now()
        row = self.town.kiosk(self.post.kiosk)
        self.silent_for = self.town.clock.now() - datetime.fromisoformat(row["heard_at"])
        least = before - datetime.fromisoformat(row["heard_at"])
        assert row["status"] in self._allowed(least), (row, least, self.silent_for)
        self.seen.append(row["status"])
        return row["status"] == status and duty_class in {None, self.town.duty_class(self.post.station)}

    def waits_for(self, status, duty_class=None) -> None:
        until(lambda: self.sees(status, duty_class), lambda: f"{self.post.kiosk} {status}: {self.seen[-3:]}")

    def _allowed(self, least) -> set[str]:
        """What may be said of a kiosk that was silent for so long at least, and for `silent_for` at most."""
        allowed = {"lost"} if self.silent_for > LOST_AFTER else set()
        if least <= LOST_AFTER and self.silent_for > STALE_AFTER:
            allowed |= {"stale"}
        if least <= STALE_AFTER:
            allowed |= {"online", "blind"}
        return allowed


class Mourner(Watcher):
    """As `Watcher`, of a kiosk that left a will."""

    def _allowed(self, least) -> set[str]:
        return super()._allowed(least) | {"lost"}


@pytest.fixture
def town(tmp_path):
    with town_in_trouble(tmp_path, rate=20) as running:
        yield running


def test_every_fault_of_the_line_shows_as_the_protocol_says_and_passes_by_itself(town):
    with ExitStack() as stack:
        cable = stack.enter_context(closing(Cable(town.broker.port)))
        posts = [
            stack.enter_context(closing(town.post(place, port))) for place, port in enumerate((None, cable.port, None))
        ]
        for post in posts:
            post.start()
        until(lambda: town.clock.now() > town.began_at + LOST_AFTER, "the end of the hub's own grace")
        for post in posts:
            town.stands(post, "online", "vacant")
        killed, cut, third = posts

        _killed_with_nine(town, killed)
        _cut_off(town, cut, cable)
        _without_broker(town, third)

        for post in posts:
            Watcher(town, post).waits_for("online")


def _killed_with_nine(town, post) -> None:
    mourner = Mourner(town, post)
    post.kill()
    mourner.waits_for("lost", "unknown")
    assert mourner.silent_for < LOST_AFTER, "its will says so at once"

    post.start()
    mourner.waits_for("online", "vacant")


def _cut_off(town, post, cable) -> None:
    watcher = Watcher(town, post)
    cable.cut()
    card = town.stranger()
    assert post.hold(card)[0] == "unknown_card", "a tap as any other"
    watcher.waits_for("lost", "unknown")
    assert watcher.silent_for > LOST_AFTER

    cable.mend()
    watcher.waits_for("online", "vacant")
    until(lambda: town.times_stored(card) == 1, "the tap made meanwhile")


def _without_broker(town, post) -> None:
    watcher = Watcher(town, post)
    town.broker.kill()
    watcher.waits_for("lost", "unknown")
    assert watcher.silent_for > LOST_AFTER

    town.broker.start()
    watcher.waits_for("online", "vacant")
