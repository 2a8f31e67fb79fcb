"""What a kiosk says over a line on which a message takes its time, without a socket."""

from itertools import pairwise

from edge.exchange import MOST_RECORDS
from edge.pace import LEAST_BYTES, MOST_BYTES, QUICK_S, SLOW_S, Pace
from edge.uplink import HEARTBEAT_S
from station.names import Session
from station.wire.codec import decode_journal
from tests.edge.hub_in_memory import JOURNAL, Line, Shelves

MANY = 20_000


class SlowLine(Line):
    """A line that brings one message after the other, each at so many bytes a second."""

    def __init__(self, bytes_per_s: float) -> None:
        shelves = Shelves()
        shelves.begin()
        shelves.add(MANY)
        super().__init__(1, shelves, trouble=0)
        self.bytes_per_s = bytes_per_s

    def exchange(self) -> list[int]:
        """Say what is due, let all of it come to the broker, then to the hub; gives the sizes of the journal messages."""
        said = self.uplink.send(self.now_s)
        if not said:  # it rests
            self.now_s = self.uplink.deadline_s(self.now_s)
            said = self.uplink.send(self.now_s)
        self._take_its_time(sum(len(message.payload) for message in said))
        for message in said:
            answer = self.hub.take(message)
            assert answer is not None
            self.uplink.take(answer.topic, answer.payload, self.now_s)
        return [len(message.payload) for message in said if message.topic == JOURNAL]

    def _take_its_time(self, size: int) -> None:
        until_s = self.now_s + size / self.bytes_per_s
        while self.now_s < until_s:
            self.uplink.feel_line(self.now_s, is_busy=True)
            self.now_s += 0.05
        self.uplink.feel_line(self.now_s, is_busy=False)


def sizes_at(bytes_per_s: float, exchanges: int = 12) -> list[int]:
    line = SlowLine(bytes_per_s)
    return [size for _ in range(exchanges) for size in line.exchange()]


def test_a_quick_line_soon_gets_messages_as_large_as_they_may_be():
    line = SlowLine(1e6)
    line.exchange()

    first, second, *_ = [len(decode_journal(message.payload).records) for message in _journals(line, 3)]

    assert first == second == MOST_RECORDS


def test_a_message_at_64_kbit_takes_neither_long_nor_so_short_that_waiting_for_answers_matters():
    took_s = [size / 8000 for size in sizes_at(8000)[2:]]

    assert 1.0 < min(took_s) <= max(took_s) < SLOW_S


def test_on_a_very_slow_line_messages_shrink_until_each_takes_a_few_seconds():
    sizes = sizes_at(1000)

    assert sizes[0] > 1000 * SLOW_S
    assert max(sizes[4:]) <= 1000 * SLOW_S


def test_what_is_still_on_its_way_is_not_said_again():
    line = SlowLine(1e6)
    line.exchange()
    (first,) = [message for message in line.uplink.send(line.now_s) if message.topic == JOURNAL]

    for _ in range(1000):
        line.now_s += 0.1
        line.uplink.feel_line(line.now_s, is_busy=True)
    line.uplink.feel_line(line.now_s, is_busy=False)
    soon = [message for message in line.uplink.send(line.now_s + 4) if message.topic == JOURNAL]
    later = [message for message in line.uplink.send(line.now_s + 16) if message.topic == JOURNAL]

    assert soon == []
    assert [decode_journal(message.payload).first for message in later] == [decode_journal(first.payload).first]


def test_a_sign_of_life_on_its_way_puts_off_no_journal_message_that_has_come():
    line = SlowLine(1e6)
    line.exchange()
    sent_s = []

    while line.now_s < 20 * HEARTBEAT_S:
        said = line.uplink.send(line.now_s)
        sent_s += [line.now_s for message in said if message.topic == JOURNAL]
        line.uplink.feel_line(line.now_s, is_busy=bool(said))
        line.now_s += 0.5

    assert len(sent_s) >= 4  # pauses of 10, 20, 40, 80, 160 s, give or take half


def test_a_connection_that_ended_with_a_message_on_its_way_makes_the_next_smaller():
    line = SlowLine(1e6)
    sizes = []
    for _ in range(8):
        line.exchange()
        sizes += [len(message.payload) for message in line.uplink.send(line.now_s) if message.topic == JOURNAL]
        line.uplink.feel_line(line.now_s, is_busy=True)
        line.connect()

    assert all(later < earlier for earlier, later in pairwise(sizes[:4]))
    assert sizes[-1] <= LEAST_BYTES


def test_a_connection_that_ended_while_nothing_was_on_its_way_changes_nothing():
    line = SlowLine(1e6)
    line.exchange()
    (before,) = [message for message in line.uplink.send(line.now_s) if message.topic == JOURNAL]

    line.uplink.feel_line(line.now_s, is_busy=False)
    line.uplink.close()
    line.uplink.open(Session("b" * 16), line.now_s)
    line.sessions = 0xB
    line.exchange()
    (after,) = [message for message in line.uplink.send(line.now_s) if message.topic == JOURNAL]

    assert len(after.payload) == len(before.payload)


def test_a_message_at_which_the_broker_hangs_up_at_once_is_smaller_the_next_time():
    line = SlowLine(1e6)
    sizes = []
    for _ in range(4):
        line.exchange()
        sizes += [len(message.payload) for message in line.uplink.send(line.now_s) if message.topic == JOURNAL]
        line.connect()

    assert all(later < earlier for earlier, later in pairwise(sizes))


def test_no_message_is_longer_than_the_broker_allows():
    line = SlowLine(1e6)
    line.uplink.close()
    line.uplink.open(Session(f"{0xA001:016x}"), line.now_s, 4000)
    line.exchange()

    (said,) = [message for message in line.uplink.send(line.now_s) if message.topic == JOURNAL]

    assert 3000 < len(said.payload) <= 4000


def test_the_pace_stays_within_what_a_message_may_be():
    pace = Pace()

    for _ in range(9):
        pace.learn(pace.most_bytes, SLOW_S * 2)
    assert pace.most_bytes == LEAST_BYTES
    for _ in range(9):
        pace.learn(pace.most_bytes, QUICK_S / 2)

    assert pace.most_bytes == MOST_BYTES


def test_a_small_message_that_was_quick_says_nothing_of_a_large_one():
    pace = Pace()

    pace.learn(300, 0.01)

    assert pace.most_bytes == MOST_BYTES


def _journals(line: SlowLine, count: int) -> list:
    """The next journal messages, each settled before the next is asked for."""
    found = []
    for _ in range(count):
        said = [message for message in line.uplink.send(line.now_s) if message.topic == JOURNAL]
        found += said
        for message in said:
            line.uplink.feel_line(line.now_s, is_busy=False)
            answer = line.hub.take(message)
            line.uplink.take(answer.topic, answer.payload, line.now_s)
    return found
