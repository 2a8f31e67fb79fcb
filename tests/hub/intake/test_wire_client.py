"""Packets are cut from the broker's bytes wherever the socket breaks them."""

from hypothesis import given
from hypothesis import strategies as st

from hub.intake.sorting import Delivery
from hub.link.wire_client import MOST, PIECE, WireClient
from tests.bench.publisher import publish_packet

TOPICS = st.sampled_from(["zaigang/v1/S-01/K-01/journal", "zaigang/v1/hub/state", "a"])


class PiecemealClient(WireClient):
    """Reads given pieces instead of a socket."""

    def __init__(self, pieces: list[bytes], rooms: list[bool]) -> None:
        self.got: list[Delivery] = []
        self.rooms = rooms
        super().__init__("test", self.got.append, lambda: self.rooms.pop() if self.rooms else True)
        self.pieces = pieces

    def _sock_recv(self, bufsize: int) -> bytes:
        return self.pieces.pop(0)

    @property
    def acknowledged(self) -> list[int]:
        acks = bytes(self._unsent)
        assert all(acks[i : i + 2] == b"\x40\x02" for i in range(0, len(acks), 4))
        return [int.from_bytes(acks[i + 2 : i + 4]) for i in range(0, len(acks), 4)]


@given(st.lists(st.tuples(TOPICS, st.binary(max_size=300)), max_size=8), st.data())
def test_every_delivery_comes_once_in_order_and_is_acknowledged(messages: list[tuple[str, bytes]], data: st.DataObject):
    stream = b"".join(
        publish_packet(topic, payload, i) + (b"\x40\x02\x00\x09" if i % 2 else b"")
        for i, (topic, payload) in enumerate(messages, 1)
    )
    cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(stream) - 1)))))
    pieces = [piece for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True) if (piece := stream[a:b])]
    client = PiecemealClient(pieces, data.draw(st.lists(st.booleans(), max_size=20)))

    while client.pieces or client.is_crowded:
        client.read()

    assert client.got == [Delivery(topic, payload) for topic, payload in messages]
    assert client.acknowledged == list(range(1, len(messages) + 1))


def test_without_room_a_delivery_waits_and_is_not_acknowledged():
    client = PiecemealClient([publish_packet("a", b"1", 1) + publish_packet("a", b"2", 2)], [False, True])
    client.read()
    waiting = client.is_crowded, client.acknowledged

    client.read()

    assert waiting == (True, [1])
    assert [delivery.payload for delivery in client.got] == [b"1", b"2"]


def test_what_is_sent_is_a_publish_that_the_broker_keeps():
    client = PiecemealClient([], [])

    client.send("t" * 200, b"payload")

    (packet,) = client._outgoing
    assert packet[:3] == b"\x33\xd3\x01"  # PUBLISH, at least once, retained; 211 bytes follow
    assert packet.endswith(b"\x00\x01payload")


def test_a_message_that_is_far_too_long_is_passed_over_and_the_next_is_read():
    stream = publish_packet("a", b"x" * (20 * MOST), 1) + publish_packet("a", b"2", 2)
    client = PiecemealClient([stream[at : at + PIECE] for at in range(0, len(stream), PIECE)], [])
    longest = 0

    while client.pieces:
        client.read()
        longest = max(longest, len(client._unread))

    assert longest <= MOST + PIECE
    assert [len(delivery.payload) < MOST + PIECE for delivery in client.got] == [True, True]
    assert client.got[1].payload == b"2"
    assert client.acknowledged == [1, 2]
