"""A kiosk's memory card that is exchanged, put back from an image or copied, and a kiosk that is exchanged itself.

Whatever was beeped for is at the hub once, and the station's day goes on.
"""

import shutil
from contextlib import closing
from time import monotonic

import pytest

from station.wire import topics
from tests.hub.running import Listener
from tests.whole.cable import Cable
from tests.whole.town_in_trouble import until

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("town"), pytest.mark.timeout(600)]


class Beeps:
    """Cards that kiosks beeped for."""

    def __init__(self, town) -> None:
        self._town = town
        self.cards = []

    def tap(self, post, told: str = "unknown_card") -> None:
        card = self._town.stranger()
        assert post.hold(card)[0] == told
        self.cards.append(card)

    def are_at_the_hub_once(self) -> bool:
        return [self._town.times_stored(card) for card in self.cards] == [1] * len(self.cards)

    def come(self) -> None:
        until(self.are_at_the_hub_once, lambda: f"{[self._town.times_stored(card) for card in self.cards]}, each once")


@pytest.fixture
def beeps(town):
    return Beeps(town)


@pytest.fixture
def is_at_peace(town):
    """Nothing in conflict, nothing missing, when the test is over."""
    yield
    assert town.findings("conflict") == []
    assert [finding for finding in town.findings("gap") if finding["ended_at"] is None] == []


def is_told(post) -> bool:
    """Whether the kiosk knows its people, and who is there."""
    return post.knows_its_people() and (post.data_dir / "presence.json").exists()


@pytest.mark.usefixtures("is_at_peace")
def test_a_new_memory_card_goes_on_with_the_stations_day(town, post_at, beeps, tmp_path):
    post = post_at(14)
    volunteer = town.card(post.station, 0)
    until(lambda: is_told(post), "what the hub knows of the station")
    assert post.hold(volunteer)[0] == "arrived"
    beeps.tap(post)
    beeps.come()
    post.kill()

    post.data_dir = tmp_path / "new"
    post.start()
    until(lambda: is_told(post), "what the hub knows of the station")
    word, _ = post.hold(volunteer)
    beeps.tap(post)

    assert word == "warning", "the hub told who was there"
    beeps.come()
    assert town.times_stored(volunteer) == 2


@pytest.mark.usefixtures("is_at_peace")
def test_a_journal_put_back_from_an_older_image_doubles_and_loses_nothing(town, post_at, beeps, tmp_path):
    post = post_at(15)
    beeps.tap(post)
    beeps.tap(post)
    post.kill()
    shutil.copytree(post.data_dir, tmp_path / "image")
    post.start()
    beeps.tap(post)
    beeps.come()
    post.kill()

    post.data_dir = tmp_path / "image"
    post.start()
    beeps.tap(post)

    beeps.come()


@pytest.mark.usefixtures("is_at_peace")
def test_two_cards_made_from_one_image_work_side_by_side_and_do_not_shout_each_other_down(
    town, post_at, beeps, tmp_path
):
    with closing(Cable(town.broker.port)) as cable:
        first = post_at(18, broker_port=cable.port)
        town.stands(first, "online")
        cable.cut()
        beeps.tap(first)  # not settled, and on both cards
        first.kill()
        shutil.copytree(first.data_dir, tmp_path / "image")
        cable.mend()
        first.start()
        second = post_at(18, data_dir=tmp_path / "image")

        for post in (first, second, first, second):
            beeps.tap(post)
        beeps.come()
        said, within_s = count_states(town, first, for_s=6.0)
        first.kill()
        beeps.tap(second)

        beeps.come()
        town.stands(second, "online")
        assert said <= 3 * within_s + 10, "each answers the other once in 2 s; without a bound it were hundreds"


def count_states(town, post, for_s) -> tuple[int, float]:
    """How many states that kiosk's agents say in about so many seconds, and in how many."""
    topic = topics.state(post.station, post.kiosk)
    listener = Listener(town.broker.port, topic)
    listener.wait(topic)
    before, began_s = len(listener.said[topic]), monotonic()
    until(lambda: monotonic() - began_s >= for_s, "some time")
    said, within_s = len(listener.said[topic]) - before, monotonic() - began_s
    listener.close()
    return said, within_s


def test_a_new_kiosk_in_an_old_ones_place_takes_over_once_it_is_entered(town, post_at, beeps):
    with closing(Cable(town.broker.port)) as cable:
        old = post_at(16, broker_port=cable.port)
        volunteer = town.card(old.station, 0)
        until(lambda: is_told(old), "what the hub knows of the station")
        assert old.hold(volunteer)[0] == "arrived"
        town.stands(old, "online", "minimum")
        cable.cut()
        beeps.tap(old)
        old.kill()

        new = post_at(16, kiosk=f"{old.kiosk}-new")
        until(lambda: town.findings("unknown_kiosk"), "a finding")
        assert new.hold(volunteer)[0] == "arrived", "whoever comes, for nobody tells it who is there"
        beeps.tap(new, told="arrived")
        assert not beeps.are_at_the_hub_once(), "nothing is taken from a kiosk that is not entered"
        town.enter("终端", EXCHANGED.format(old=old, new=new))

        until(lambda: is_told(new), "what the hub knows of the station")
        town.stands(new, "online", "minimum")
        assert [row["id"] for row in town.get("api/v1/kiosks") if row["station"] == new.station] == [new.kiosk]
        assert town.findings("unknown_kiosk")[0]["ended_at"] is not None
        cable.mend()
        old.start()  # in the workshop, for what it still holds
        beeps.come()


EXCHANGED = """\
终端编号,站点编号,入口,启用日期,停用日期
{old.kiosk},{old.station},正门,2026-01-05,2026-03-05
{new.kiosk},{new.station},正门,2026-03-05,
"""
