"""The kiosk's side of settling, against a small hub over a line that misbehaves."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.exchange import MAX_EPOCHS, MOST_RECORDS, SPREAD_S
from station.names import Seq, Session
from station.wire.codec import decode, decode_journal, encode
from station.wire.messages import Presence, Settled, State, Through
from tests.edge.hub_in_memory import AT, JOURNAL, PRESENCE, SETTLED, STATE, Hub, Line, epoch, shelves_of


def journals(line):
    return [decode_journal(message.payload) for message in line.sent if message.topic == JOURNAL]


def states(line):
    return [decode(message.payload, State) for message in line.sent if message.topic == STATE]


def settle(line, n, through, session=None, run=1):
    told = Settled(session or Session(f"{0xA000 + line.sessions:016x}"), n, {epoch(run): Through(through)}, AT)
    line.uplink.take(SETTLED, encode(told), line.now_s)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 450), min_size=1, max_size=4), st.booleans())
def test_every_record_arrives_once_and_as_it_was_over_a_bad_line(seed, runs, hub_is_restored):
    line = Line(seed, shelves_of(*runs))

    line.run_until(line.is_all_stored, steps=40)
    line.shelves.add(3)
    if hub_is_restored:
        line.hub = Hub(started=2)
        line.down.append(line.hub.birth())
    line.run_until(line.is_all_stored, steps=60)
    line.connect()
    line.trouble = 0.1

    assert line.run_until(line.is_all_stored), f"seed {seed}"
    assert line.hub.conflicts == []


def test_a_birth_comes_first_and_names_every_run_that_is_kept():
    line = Line(1, shelves_of(2, 0, 3))

    first, *rest = line.uplink.send(line.now_s)

    assert rest == []
    assert first.retain
    state = decode(first.payload, State)
    assert (state.online, state.n, list(state.epochs), state.queued) == (True, 1, [epoch(1), epoch(3)], 5)


def test_nothing_is_sent_before_the_hub_has_said_what_it_has():
    line = Line(1, shelves_of(5), trouble=0)

    sent = [message for _ in range(3) for message in line.uplink.send(line.now_s)]

    assert [message.topic for message in sent] == [STATE]


def test_what_the_hub_has_is_not_sent_again():
    line = Line(1, shelves_of(5), trouble=0)
    line.uplink.send(0)

    settle(line, n=1, through=3)
    (message,) = line.uplink.send(0)

    journal = decode_journal(message.payload)
    assert [record.seq for record in journal.records] == [4, 5]
    assert (journal.first, journal.kept_from, journal.n) == (4, 1, 2)


def test_at_most_one_journal_message_is_unsettled_in_flight():
    line = Line(1, shelves_of(1000), trouble=0)
    line.uplink.send(0)
    settle(line, n=1, through=0)

    flying = [message for _ in range(5) for message in line.uplink.send(0)]

    assert len(flying) == 1
    assert len(decode_journal(flying[0].payload).records) == MOST_RECORDS


@pytest.mark.parametrize(("took_s", "rest_s"), [(0.005, 0.05), (8.0, 0.08)])
def test_a_kiosk_that_catches_up_leaves_the_hub_to_others_between_two_messages(took_s, rest_s):
    line = Line(1, shelves_of(1000), trouble=0)
    line.uplink.send(0)
    settle(line, n=1, through=0)
    line.uplink.send(0)

    line.now_s = took_s
    settle(line, n=2, through=MOST_RECORDS)

    assert line.uplink.send(took_s) == []
    assert line.uplink.deadline_s(took_s) == pytest.approx(took_s + rest_s)
    assert [message.topic for message in line.uplink.send(took_s + rest_s + 0.001)] == [JOURNAL]


def test_a_tap_of_now_waits_for_no_rest():
    line = Line(1, shelves_of(2), trouble=0)
    line.uplink.send(0)
    settle(line, n=1, through=0)
    line.uplink.send(0)
    line.shelves.add(1)

    line.now_s = 0.01
    settle(line, n=2, through=2)

    assert [message.topic for message in line.uplink.send(0.01)] == [JOURNAL]


def test_the_oldest_run_goes_first():
    line = Line(1, shelves_of(2, 2), trouble=0)

    assert line.run_until(line.is_all_stored)

    assert [journal.epoch for journal in journals(line)] == [epoch(1), epoch(2)]


def test_a_settled_of_another_session_is_not_obeyed():
    line = Line(1, shelves_of(5), trouble=0)
    line.uplink.send(0)

    settle(line, n=1, through=5, session=Session("f" * 16))

    assert line.settled == []
    assert line.uplink.send(0) == []


def test_what_an_earlier_session_was_told_does_not_count_in_the_next():
    line = Line(1, shelves_of(5), trouble=0)
    line.uplink.send(0)
    settle(line, n=1, through=5)
    told = list(line.settled)

    line.connect()

    assert told == [{epoch(1): Through(5)}]
    assert line.settled == []


def test_a_settled_older_than_the_last_obeyed_is_not_obeyed():
    line = Line(1, shelves_of(5), trouble=0)
    line.uplink.send(0)
    settle(line, n=1, through=0)
    line.uplink.send(0)
    settle(line, n=2, through=5)

    settle(line, n=1, through=0)

    assert len(line.settled) == 2
    assert line.uplink.send(0) == []


def test_a_settled_that_answers_what_was_never_sent_is_not_obeyed():
    line = Line(1, shelves_of(5), trouble=0)
    line.uplink.send(0)

    settle(line, n=7, through=5)

    assert line.settled == []


def test_a_hub_that_lost_everything_gets_everything_again():
    line = Line(1, shelves_of(300), trouble=0)
    line.run_until(line.is_all_stored)

    line.hub = Hub(started=2)

    assert line.run_until(line.is_all_stored)


def test_a_hub_that_calls_again_under_its_own_name_is_answered_within_five_seconds():
    line = Line(1, shelves_of(1), trouble=0)
    birth = Hub(started=9).birth()
    line.uplink.take(birth.topic, birth.payload, 0.0)
    line.run_until(line.is_all_stored)
    line.run_until(lambda: False, steps=5)
    line.uplink.send(line.now_s)

    line.uplink.take(birth.topic, birth.payload, line.now_s)

    assert [message.topic for message in line.uplink.send(line.now_s + SPREAD_S)] == [STATE]


def test_what_the_broker_kept_of_a_hub_that_is_known_calls_nobody():
    line = Line(1, shelves_of(1), trouble=0)
    birth = Hub(started=9).birth()
    line.uplink.take(birth.topic, birth.payload, 0.0)
    line.connect()
    line.uplink.send(0.0)
    settle(line, n=1, through=1)

    line.uplink.take(birth.topic, birth.payload, 0.0)

    assert line.uplink.send(SPREAD_S) == []


def test_a_hub_put_back_from_a_backup_gets_older_runs_again_though_nobody_reconnects():
    line = Line(1, shelves_of(3, 4, 5), trouble=0)
    line.run_until(line.is_all_stored)

    line.hub = Hub()  # the same start of the hub, as far as the kiosk can see: no birth is heard

    assert line.run_until(line.is_all_stored)


def test_a_hub_that_suddenly_knows_less_gets_it_again_within_five_seconds():
    line = Line(1, shelves_of(5), trouble=0)
    line.uplink.send(0)
    settle(line, n=1, through=2)
    line.uplink.send(0)

    settle(line, n=2, through=0)

    (again,) = [message for message in line.uplink.send(5) if message.topic == JOURNAL]
    assert decode_journal(again.payload).first == 1


def test_what_is_not_settled_is_sent_again_on_an_unbroken_connection():
    line = Line(1, shelves_of(2), trouble=0)
    line.uplink.send(0)
    settle(line, n=1, through=0)
    line.uplink.send(0)

    due_s = 15.0
    again = [message for message in line.uplink.send(due_s) if message.topic == JOURNAL]

    assert [decode_journal(message.payload).first for message in again] == [1]


def test_the_pauses_between_sendings_grow_to_five_minutes():
    line = Line(1, shelves_of(2), trouble=0)
    line.uplink.send(0)
    settle(line, n=1, through=0)
    moments, now_s = [], 0.0
    while now_s < 3000:
        if any(message.topic == JOURNAL for message in line.uplink.send(now_s)):
            moments.append(now_s)
        now_s += 1

    pauses = [later - earlier for earlier, later in pairwise(moments)]
    assert 5 <= pauses[0] <= 16
    assert max(pauses) <= 451
    assert sum(pauses[-3:]) / 3 > 100


def test_a_message_in_vain_is_tried_again_record_by_record():
    line = Line(1, shelves_of(40), trouble=0)
    line.uplink.send(0)
    settle(line, n=1, through=0)
    sent = [message for now_s in range(0, 300, 5) for message in line.uplink.send(now_s)]

    sizes = [len(decode_journal(message.payload).records) for message in sent if message.topic == JOURNAL]
    assert sizes[:2] == [40, 40]
    assert set(sizes[2:]) == {1}


def test_after_single_records_got_through_whole_messages_follow():
    line = Line(1, shelves_of(10), trouble=0)
    line.uplink.send(0)
    settle(line, n=1, through=0)
    for now_s in range(0, 60, 5):
        line.uplink.send(now_s)
    line.shelves.add(50)
    line.now_s = 60

    assert line.run_until(line.is_all_stored)
    assert len(journals(line)[-1].records) == 50


def test_a_state_names_a_bounded_number_of_runs_and_the_rest_follows():
    line = Line(1, shelves_of(*[1] * (MAX_EPOCHS + 60)), trouble=0)

    assert line.run_until(line.is_all_stored, steps=20_000)
    assert max(len(state.epochs) for state in states(line)) == MAX_EPOCHS + 2


def test_kept_from_is_said_with_the_records_that_are_left():
    line = Line(1, shelves_of(10), trouble=0)
    line.shelves.kept_from[epoch(1)] = Seq(7)

    assert line.run_until(line.is_all_stored)
    assert (journals(line)[0].first, journals(line)[0].kept_from) == (7, 7)


@given(st.binary(max_size=200), st.sampled_from(range(7)))
def test_no_bytes_on_any_topic_stop_the_uplink(payload, which):
    line = Line(1, shelves_of(1), trouble=0)
    topic = line.uplink.subscriptions[which]

    line.uplink.take(topic, payload, 0.0)

    assert line.uplink.unreadable == 1
    assert line.run_until(line.is_all_stored)


def test_presence_is_handed_on():
    heard = []
    line = Line(1, shelves_of(1))
    object.__setattr__(line.uplink._parts, "told", heard.append)
    told = Presence(AT, 1, 0, 0, "met", {}, {})

    line.uplink.take(PRESENCE, encode(told), 0.0)

    assert heard == [told]


def test_nobody_holds_what_this_session_has_not_spoken_of():
    line = Line(1, shelves_of(5), trouble=0)
    line.uplink.send(0)
    everything = {epoch(1): Through(10**6, backed=10**6, aged=10**6), epoch(9): Through(7)}

    line.uplink.take(SETTLED, encode(Settled(Session(f"{0xA001:016x}"), 1, everything, AT)), 0)

    assert line.settled == [{epoch(1): Through(5, backed=5, aged=5)}]
    line.shelves.add(1)
    assert [journal.topic for journal in line.uplink.send(0)] == [JOURNAL]


def test_a_hub_that_does_not_answer_is_missed_once_and_until_it_does(caplog):
    line = Line(1, shelves_of(1), trouble=0)
    for now_s in range(0, 300, 10):
        line.uplink.send(now_s)
    missed = line.uplink.is_unheard

    settle(line, n=1, through=1)

    said = [record.getMessage() for record in caplog.records if "no hub answers SQ01/sq01-a" in record.getMessage()]
    assert (missed, line.uplink.is_unheard, len(said)) == (True, False, 1)
