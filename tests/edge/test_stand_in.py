"""What stands in for an agent whose disk takes no record."""

from devices.card import ISO14443A, Card
from devices.signals import Signal
from edge.stand_in import Refusing
from edge.voice import Voice
from tests.edge.rig import DOOR, Beeps, card


def test_every_card_held_gets_trouble_once_and_nothing_that_promises_a_record():
    beeps, now_s = Beeps(), iter(range(100))
    refusing = Refusing(Voice(beeps), lambda: next(now_s) / 10)

    for _ in range(10):
        refusing.look(DOOR, card(1))
    assert refusing.is_occupied(DOOR)
    for _ in range(4):
        refusing.look(DOOR, None)
    refusing.look(DOOR, Card(ISO14443A, bytes.fromhex("08AABBCC"), "type4"))

    assert beeps.signals == [Signal.TROUBLE, Signal.TROUBLE]
