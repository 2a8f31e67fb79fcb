"""A reader's thread that hangs in its driver says nothing: the hub knows all the same, and soon enough."""

from random import Random

from edge.liaison import Liaison
from station.names import Session
from station.records import ReaderState
from station.wire.codec import decode, encode
from station.wire.messages import Settled, State
from tests.edge.hub_in_memory import SETTLED, STATE

SESSION = Session("a" * 16)


def test_the_hub_is_told_of_a_hanging_reader_within_half_a_minute(bench):
    hung_s = bench.hands.boot_s
    liaison = Liaison(bench.kiosk, seams=bench.seams, rng=Random(1), version="9.9")
    told: list[tuple[float, ReaderState]] = []

    liaison.uplink.open(SESSION, hung_s)
    while bench.hands.boot_s < hung_s + 120:
        liaison.keep_house(bench.hands.boot_s)
        for message in liaison.uplink.send(bench.hands.boot_s):
            if message.topic == STATE:
                state = decode(message.payload, State)
                told.append((bench.hands.boot_s - hung_s, state.reader))
                answer = Settled(SESSION, state.n, {}, bench.hands.now())
                liaison.uplink.take(SETTLED, encode(answer), bench.hands.boot_s)
        bench.hands.pass_s(1)

    assert told[0] == (0, ReaderState.UP)
    assert next(after_s for after_s, reader in told if reader is ReaderState.BLIND) < 30
