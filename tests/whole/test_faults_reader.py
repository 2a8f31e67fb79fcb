"""What hub and board show while a kiosk's reader sees nothing, and that it comes back without help."""

import time
from random import Random

import pytest

from simulator.chip.faults import TornFrames
from tests.whole.town_in_trouble import in_turn, until

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("town"), pytest.mark.timeout(600)]
BLIND_WITHIN_S = 30.0


def unplug(post):
    post.port.unplug()


def plug(post):
    post.port.plug()


def wedge(post):
    post.chip.is_mute = True


def unwedge(post):
    post.chip.is_mute = False


def drown(post):
    post.chip._garble = TornFrames(1.0, Random(1))


def calm(post):
    post.chip._garble = lambda frame: frame


@pytest.mark.parametrize(
    ("place", "goes_wrong", "is_put_right"),
    [(0, unplug, plug), (1, wedge, unwedge), (2, drown, calm)],
    ids=["unplugged", "wedged", "noisy"],
)
def test_a_reader_that_sees_nothing_is_blind_at_once_its_time_unknown_and_it_comes_back(
    town, post_at, place, goes_wrong, is_put_right
):
    post = post_at(place)
    town.stands(post, "online", "vacant")

    goes_wrong(post)
    began_s = time.monotonic()
    town.stands(post, "blind", "unknown")
    blind_after_s = time.monotonic() - began_s
    is_put_right(post)
    town.stands(post, "online", "vacant")
    word, _ = post.hold(town.card(post.station, 0))

    assert blind_after_s < BLIND_WITHIN_S
    assert word == "arrived"
    town.stands(post, "online", "minimum")
    assert in_turn(["vacant", "unknown", "vacant", "minimum"], town.bands(post.station))


def test_a_reader_that_lost_its_power_for_a_moment_reads_again_without_help(town, post_at):
    post = post_at(3)
    town.stands(post, "online", "vacant")

    post.chip.power()
    until(
        lambda: in_turn(["vacant", "unknown", "vacant"], town.bands(post.station)), "on record that nobody was watching"
    )
    word, _ = post.hold(town.stranger())

    assert word == "unknown_card"


def test_over_a_line_that_tears_every_third_frame_cards_are_read_all_the_same(town, post_at):
    post = post_at(4)
    town.stands(post, "online")
    post.chip._garble = TornFrames(0.3, Random(2))
    cards = [town.stranger() for _ in range(5)]

    heard = [post.hold(card)[0] for card in cards]

    assert heard == ["unknown_card"] * 5
    until(lambda: [town.times_stored(card) for card in cards] == [1] * 5, "every beep at the hub, once")
