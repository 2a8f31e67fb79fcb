"""When a kiosk says how it is: its birth, its health, and its word against a will that comes late."""

from itertools import pairwise

from edge.uplink import ASK_AGAIN_S, HEARTBEAT_S
from station.names import MAX_SEQ, Session
from station.wire.codec import decode
from station.wire.messages import State
from tests.edge.hub_in_memory import STATE, Hub, Line, shelves_of


def test_health_is_told_every_thirty_seconds():
    line = Line(1, shelves_of(1), trouble=0)
    line.run_until(line.is_all_stored)
    beats = [now_s for now_s in range(1000) if any(m.topic == STATE for m in line.uplink.send(line.now_s + now_s))]

    pauses = [later - earlier for earlier, later in pairwise(beats)]
    assert min(pauses) >= HEARTBEAT_S * 0.9 - 1
    assert max(pauses) <= HEARTBEAT_S * 1.1 + 1


def test_a_birth_that_nobody_answers_is_repeated_soon():
    line = Line(1, shelves_of(1), trouble=0)
    line.uplink.send(0)

    assert line.uplink.deadline_s(0) <= ASK_AGAIN_S


def test_after_a_birth_of_the_hub_the_state_comes_again_within_five_seconds():
    line = Line(1, shelves_of(1), trouble=0)
    line.run_until(line.is_all_stored)
    line.run_until(lambda: False, steps=5)

    birth = Hub(started=9).birth()
    line.uplink.take(birth.topic, birth.payload, line.now_s)

    assert [message.topic for message in line.uplink.send(line.now_s + 5)] == [STATE]


def test_a_state_after_a_birth_of_the_hub_that_nobody_answers_is_repeated_soon():
    """Its answer was lost in a bad minute: nothing could be sent before the next heartbeat."""
    line = Line(1, shelves_of(1), trouble=0)
    line.run_until(line.is_all_stored)
    birth = Hub(started=9).birth()
    line.uplink.take(birth.topic, birth.payload, line.now_s)
    said_s = line.now_s + 5
    line.uplink.send(said_s)

    assert line.uplink.deadline_s(said_s) <= said_s + ASK_AGAIN_S


def test_a_late_will_of_an_earlier_session_is_answered_by_a_new_birth():
    line = Line(1, shelves_of(1), trouble=0)
    line.uplink.send(0)
    will = line.uplink.will(Session("e" * 16))
    assert decode(will.payload, State).n == MAX_SEQ

    line.uplink.take(will.topic, will.payload, 1.0)

    (again,) = line.uplink.send(1.0)
    assert decode(again.payload, State).online


def test_two_agents_of_one_name_do_not_shout_each_other_down():
    line = Line(1, shelves_of(1), trouble=0)
    line.uplink.send(0)
    other = line.uplink.will(Session("e" * 16))

    said = 0
    for tenth in range(100):
        line.uplink.take(other.topic, other.payload, tenth / 10)
        said += len(line.uplink.send(tenth / 10))

    assert said <= 7
