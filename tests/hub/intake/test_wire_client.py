"""Packets are cut from the broker's bytes wherever the socket breaks them."""

import select
import socket
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.intake.sorting import Delivery
from hub.link.wire_client import MOST, PIECE, WireClient, _packet_ends
from tests.bench.publisher import publish_packet

TOPICS = st.sampled_from(["zaigang/v1/S-01/K-01/journal", "zaigang/v1/hub/state", "a"])
LONG = 16 * 1024 * 1024  # more than both ends of a socket hold


class PiecemealClient(WireClient):
    """Reads given pieces instead of a socket."""

    def __init__(self, pieces: list[bytes], rooms: list[bool]) -> None:
        self.got: list[Delivery] = []
        self.rooms = rooms
        super().__init__("test", self.got.append, lambda: self.rooms.pop() if self.rooms else True)
        self.pieces = pieces

    def _receive(self) -> bytes:
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


@pytest.mark.parametrize("begun", ["ours", "theirs"])
def test_a_packet_of_pahos_and_one_of_ours_are_never_written_into_each_other(begun: str):
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = WireClient("test", lambda _: None, lambda: True)
        client.connect("127.0.0.1", server.getsockname()[1])
        broker, _ = server.accept()
        with broker:
            broker.sendall(b"\x20\x02\x00\x00")  # CONNACK
            select.select([client.socket()], [], [])
            client.read()
            ours, theirs = (
                (lambda: client.send("a", b"x" * LONG)),
                (lambda: client.subscribe([("t" * 60_000, 1)] * 200)),
            )
            for say in (ours, theirs) if begun == "ours" else (theirs, ours):
                say()
                client.flush()
                assert client.has_unsent  # nobody reads

            got = bytearray()
            while client.has_unsent:
                client.flush()
                with suppress(BlockingIOError):
                    got += broker.recv(1 << 20, socket.MSG_DONTWAIT)
            client.socket().shutdown(socket.SHUT_WR)
            while piece := broker.recv(1 << 20):
                got += piece

    kinds = [0x10, 0x33, 0x82] if begun == "ours" else [0x10, 0x82, 0x33]
    assert whole_packets(bytes(got)) == kinds


def whole_packets(stream: bytes) -> list[int]:
    """The first bytes of all of them; the last one ends where the stream does."""
    found, start = [], 0
    while (ends := _packet_ends(stream, start)) is not None:
        found.append(stream[start])
        start = ends[1]
    return found if start == len(stream) else []
