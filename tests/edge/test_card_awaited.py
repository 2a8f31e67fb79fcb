"""`read_card`: the next card is no tap, whom it is for is shown, and who does not come is not waited for for ever."""

from datetime import timedelta

import pytest

from devices.signals import Signal
from edge.card_awaited import NAME, ReadCard
from edge.commands import Commands
from edge.order_book import OrderBook
from station.records import Tap
from station.wire.messages import Command
from tests.edge.rig import PHONE, THURSDAY, Bench, card, duty, roster, token


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


def await_card(bench, name="c-1"):
    commands = Commands({NAME: ReadCard(bench.kiosk.card_awaited)}, OrderBook(bench.path))
    commands.obey(
        Command(name, THURSDAY + timedelta(minutes=5), NAME, {"person": "p-2", "name": "李*"}),
        bench.kiosk.health().stamp,
    )
    stand_by(bench, 1)
    return commands


def last(commands):
    return commands.replies()[-1]


def taps(bench):
    return [record for record in bench.records() if isinstance(record, Tap)]


def said(bench):
    return bench.beeps.said[-1]


def test_it_says_for_whom_it_waits_and_the_next_card_is_read_and_no_tap(bench):
    commands = await_card(bench)
    assert bench.beeps.signals[-1] is Signal.CARD_WANTED
    assert "李*" in said(bench)[1][0]

    assert bench.touch(card(7)) is Signal.CARD_READ

    reply = last(commands)
    assert reply.ok and not reply.more  # noqa: PT018
    assert reply.found == {"token": token(7), "technology": "iso14443a"}
    assert taps(bench) == []


def test_once_the_roster_has_it_they_are_told_that_it_is_theirs(bench):
    await_card(bench)
    bench.touch(card(7))

    bench.tell(roster({1: "p-1", 7: "p-2"}, version=2))
    stand_by(bench, 1)

    assert said(bench)[1][0].startswith("办好了")
    bench.hands.pass_s(6)
    assert bench.touch(card(7)) is Signal.ARRIVED


def test_the_card_put_back_at_once_is_that_card_still(bench):
    await_card(bench)
    bench.touch(card(7))
    bench.hands.pass_s(2)

    bench.touch(card(7))

    assert taps(bench) == []


def test_somebody_elses_card_is_said_to_be_and_is_no_tap(bench):
    commands = await_card(bench)

    assert bench.touch(card(1)) is Signal.REFUSED

    assert "别人" in said(bench)[1][0]
    assert last(commands).found["token"] == token(1)
    assert taps(bench) == []


def test_a_telephone_ends_it(bench):
    commands = await_card(bench)

    assert bench.touch(PHONE) is Signal.REFUSED

    reply = last(commands)
    assert (reply.ok, reply.text) == (False, "random_number")
    assert bench.touch(card(1)) is Signal.ARRIVED


def test_after_a_minute_without_a_card_it_is_cancelled_and_taps_are_taps(bench):
    commands = await_card(bench)
    stand_by(bench, 61)

    reply = last(commands)
    assert (reply.ok, reply.text) == (False, "no_card")
    assert "已取消" in said(bench)[1][0]
    assert bench.touch(card(1)) is Signal.ARRIVED


def test_a_second_one_is_refused_while_one_is_awaited(bench):
    commands = await_card(bench)
    commands.obey(Command("c-2", THURSDAY + timedelta(minutes=5), NAME, {}), bench.kiosk.health().stamp)

    replies = {reply.id: reply for reply in commands.replies()}
    assert (replies["c-2"].ok, replies["c-2"].text) == (False, "busy")
