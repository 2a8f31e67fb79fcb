"""What stands in for an agent whose disk takes no record."""

import threading

import pytest

from devices.card import ISO14443A, Card
from devices.signals import Signal
from edge.errors import DataHeldError, JournalFullError
from edge.stand_in import Refusing, begin
from tests.edge.rig import DOOR, Beeps, card


class Standing:
    """A stand-in that only says whether it stands."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.is_standing = False

    def start(self) -> None:
        self.is_standing = True

    def stop(self) -> None:
        self.is_standing = False


def test_every_card_held_gets_trouble_once_and_nothing_that_promises_a_record():
    beeps, now_s = Beeps(), iter(range(100))
    refusing = Refusing(beeps, lambda: next(now_s) / 10)

    for _ in range(10):
        refusing.look(DOOR, card(1))
    assert refusing.is_occupied(DOOR)
    for _ in range(4):
        refusing.look(DOOR, None)
    refusing.look(DOOR, Card(ISO14443A, bytes.fromhex("08AABBCC"), "type4"))

    assert beeps.signals == [Signal.TROUBLE, Signal.TROUBLE]


def test_it_stands_in_only_until_an_agent_can_begin():
    stood, agent = [], object()

    def make_agent():
        if not stood:
            raise JournalFullError("the disk is full")
        assert stood[0].is_standing
        return agent

    def make_stand_in(reason):
        stood.append(Standing(reason))
        return stood[-1]

    assert begin(make_agent, make_stand_in, Hurried()) is agent
    assert [(one.reason, one.is_standing) for one in stood] == [("the disk is full", False)]


class Hurried(threading.Event):
    """An end that never comes, and does not wait for it."""

    def wait(self, timeout=None):
        return False


def test_whoever_ends_it_meanwhile_gets_no_agent():
    ending, stood = threading.Event(), []

    def make_agent():
        ending.set()
        raise OSError("read-only file system")

    def make_stand_in(reason):
        stood.append(Standing(reason))
        return stood[-1]

    assert begin(make_agent, make_stand_in, ending) is None
    assert not stood[0].is_standing


def test_data_that_another_agent_holds_is_no_case_for_waiting():
    def make_agent():
        raise DataHeldError("held")

    with pytest.raises(DataHeldError):
        begin(make_agent, Standing, threading.Event())
