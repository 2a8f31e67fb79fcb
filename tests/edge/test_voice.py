"""A lamp or buzzer that fails: the tap stands, the kiosk goes on, and the hub is told."""

import logging

import pytest

from devices.errors import AnnunciatorLostError
from devices.signals import Signal
from station.records import Action, Note, ReaderState, Tap
from tests.edge.rig import DOOR, card, duty


@pytest.fixture
def cut(bench, monkeypatch):
    """The wire to lamp and buzzer is cut, until it is called."""
    bench.tell(duty())

    def fail(*_):
        raise AnnunciatorLostError("no buzzer")

    with monkeypatch.context() as patch:
        patch.setattr(bench.beeps, "show", fail)
        yield patch.undo


def live(bench):
    bench.hands.pass_s(10)
    bench.kiosk.reader_is(DOOR, ReaderState.UP)
    bench.kiosk.tend()


def of_kind(bench, kind):
    return [record for record in bench.records() if isinstance(record, kind)]


def test_a_tap_that_nobody_heard_stands_and_its_card_can_still_step_out(bench, cut):
    bench.touch(card(1))
    bench.hands.pass_s(600)
    bench.touch(card(1), for_s=4)

    assert [tap.action for tap in of_kind(bench, Tap)] == [Action.ARRIVE, Action.LEAVE, Action.STEP_OUT]


def test_the_hub_is_told_while_people_hear_nothing(bench, cut):
    bench.touch(card(1))
    live(bench)

    health = bench.kiosk.health()
    assert (health.reader, health.reason) == (ReaderState.UP, "people get no answer: no buzzer")
    assert [note.text for note in of_kind(bench, Note)] == [health.reason]


def test_it_is_on_record_once_and_once_more_when_people_hear_again(bench, cut, caplog):
    caplog.set_level(logging.INFO)
    for number in (1, 2, 3):
        bench.touch(card(number))
        live(bench)
    cut()

    answer = bench.touch(card(4))
    live(bench)

    assert answer is Signal.ARRIVED
    assert bench.kiosk.health().reason == ""
    assert [note.text for note in of_kind(bench, Note)] == [
        "people get no answer: no buzzer",
        "people are answered again",
    ]
    assert [record.message for record in caplog.records] == [
        "people get no answer: no buzzer",
        "people are answered again",
    ]
