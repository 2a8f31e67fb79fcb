"""A kiosk's disk that is full, read-only or failing: "trouble" and no beep, the hub is told, and it goes on by itself."""

import resource

import pytest

from station.wire import topics
from tests.hub.pages.conftest import missing
from tests.hub.running import Listener
from tests.whole.cable import Cable
from tests.whole.small_disk import MS_RDONLY, MadeNoneError, SmallDisk
from tests.whole.town_in_trouble import in_turn, until

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("town"), pytest.mark.timeout(300)]
MOST_TAPS = 60  # until a full disk takes no more: what it has allotted is used up first


class Kiosk:
    """One kiosk on a small disk, and what it beeped for."""

    def __init__(self, town, place) -> None:
        self.town = town
        self.cable = Cable(town.broker.port)
        self.post = town.post(place, self.cable.port)
        try:
            self.disk = SmallDisk(self.post.data_dir)
        except MadeNoneError as exc:
            missing(str(exc))
        self.beeped = []

    def start(self) -> None:
        self.post.start(*self.disk.inside)

    def tap(self) -> str:
        """Somebody holds a card; tells what the kiosk answered."""
        card = self.town.stranger()
        word, _ = self.post.hold(card)
        if word != "trouble":
            self.beeped.append(card)
        return word

    def tap_until_trouble(self) -> None:
        assert any(self.tap() == "trouble" for _ in range(MOST_TAPS))

    def has_every_beep_at_the_hub_once(self) -> bool:
        return [self.town.times_stored(card) for card in self.beeped] == [1] * len(self.beeped)

    def tells(self, reason) -> None:
        """Wait until its state on the broker gives that reason."""
        topic = topics.state(self.post.station, self.post.kiosk)
        listener = Listener(self.town.broker.port, topic)
        until(lambda: reason in listener.said.get(topic, [{}])[-1].get("reason", ""), lambda: listener.said[topic][-1])
        listener.close()

    def close(self) -> None:
        self.post.close()
        self.cable.close()
        self.disk.close()


@pytest.fixture
def kiosk_at(town):
    made = []

    def make(place):
        made.append(Kiosk(town, place))
        return made[-1]

    yield make
    for kiosk in made:
        kiosk.close()


def test_a_full_disk_says_trouble_loses_no_beep_and_is_used_again_once_there_is_room(town, kiosk_at):
    kiosk = kiosk_at(8)
    kiosk.start()
    town.stands(kiosk.post, "online", "vacant")
    assert kiosk.tap() == "unknown_card"

    kiosk.disk.fill()
    kiosk.tap_until_trouble()
    kiosk.tells("the disk is full")
    town.stands(kiosk.post, "blind", "unknown")
    kiosk.disk.make_room()
    town.stands(kiosk.post, "online", "vacant")

    assert kiosk.tap() == "unknown_card"
    until(kiosk.has_every_beep_at_the_hub_once, "every beep at the hub, once")
    assert in_turn(["vacant", "unknown", "vacant"], town.bands(kiosk.post.station))


def test_an_agent_that_starts_on_a_full_disk_says_trouble_tells_the_hub_and_goes_on_by_itself(town, kiosk_at):
    kiosk = kiosk_at(9)
    kiosk.disk.fill()

    kiosk.start()
    assert kiosk.tap() == "trouble"
    kiosk.tells("the disk is full")
    town.stands(kiosk.post, "blind", "unknown")
    kiosk.disk.make_room()
    town.stands(kiosk.post, "online", "vacant")

    assert kiosk.tap() == "unknown_card"
    until(kiosk.has_every_beep_at_the_hub_once, "the beep at the hub, once")


def test_an_agent_that_starts_on_a_full_disk_still_sends_what_was_not_settled(town, kiosk_at):
    kiosk = kiosk_at(10)
    kiosk.start()
    town.stands(kiosk.post, "online")
    until((kiosk.disk.path / "ballast").exists, "the ballast laid")
    kiosk.cable.cut()
    assert [kiosk.tap() for _ in range(3)] == ["unknown_card"] * 3
    kiosk.post.stop()
    kiosk.disk.fill_but_for_ballast()
    assert not kiosk.has_every_beep_at_the_hub_once()

    kiosk.cable.mend()
    kiosk.start()

    until(kiosk.has_every_beep_at_the_hub_once, "every beep at the hub, once")


def test_a_read_only_disk_says_trouble_and_is_used_again_once_it_can_be_written(town, kiosk_at):
    kiosk = kiosk_at(8)
    kiosk.start()
    town.stands(kiosk.post, "online")
    assert kiosk.tap() == "unknown_card"
    kiosk.post.stop()
    kiosk.disk.remount(MS_RDONLY)

    kiosk.start()
    assert kiosk.tap() == "trouble"
    town.stands(kiosk.post, "blind", "unknown")
    kiosk.tells("ead-only")
    kiosk.disk.remount(0)
    town.stands(kiosk.post, "online", "vacant")

    assert kiosk.tap() == "unknown_card"
    until(kiosk.has_every_beep_at_the_hub_once, "every beep at the hub, once")


def test_a_disk_that_fails_while_the_kiosk_works_says_trouble_and_what_it_holds_is_sent(town, kiosk_at):
    kiosk = kiosk_at(9)
    kiosk.start()
    town.stands(kiosk.post, "online")
    kiosk.cable.cut()
    assert [kiosk.tap() for _ in range(3)] == ["unknown_card"] * 3

    resource.prlimit(kiosk.post.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    assert kiosk.tap() == "trouble"
    kiosk.cable.mend()
    until(kiosk.has_every_beep_at_the_hub_once, "every beep at the hub, once")
    kiosk.tells("the journal was not written")
    town.stands(kiosk.post, "blind", "unknown")
    resource.prlimit(kiosk.post.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    town.stands(kiosk.post, "online", "vacant")

    assert kiosk.tap() == "unknown_card"
    until(kiosk.has_every_beep_at_the_hub_once, "every beep at the hub, once")
