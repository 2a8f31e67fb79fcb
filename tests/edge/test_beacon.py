"""`identify`: ten seconds of light and sound, and a tap goes before."""

import pytest

from devices.signals import Signal
from edge.beacon import Identify
from edge.commands import Commands
from edge.order_book import OrderBook
from station.wire.messages import Command
from tests.edge.rig import THURSDAY, Bench, card, duty, roster


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    made.tell(duty(), roster({1: "p-1"}))
    yield made
    made.close()


def stand_by(bench, seconds):
    for _ in range(int(seconds * 5)):
        bench.kiosk.tend()
        bench.hands.pass_s(0.2)


def identify(bench):
    commands = Commands({"identify": Identify(bench.kiosk.beacon)}, OrderBook(bench.path))
    commands.obey(Command("c-1", THURSDAY, "identify"), bench.kiosk.health().stamp)
    return commands.replies()


def test_it_shows_itself_for_ten_seconds_and_then_no_more(bench):
    (reply,) = identify(bench)
    stand_by(bench, 30)

    assert reply.ok and not reply.more  # noqa: PT018
    assert bench.beeps.signals == [Signal.HERE] * 5


def test_a_tap_meanwhile_is_recorded_and_answered_and_its_answer_stays_to_be_seen(bench):
    identify(bench)
    stand_by(bench, 1)

    assert bench.touch(card(1)) is Signal.ARRIVED
    stand_by(bench, 2)
    assert bench.beeps.signals[-1] is Signal.ARRIVED
    stand_by(bench, 2)
    assert bench.beeps.signals[-1] is Signal.HERE
