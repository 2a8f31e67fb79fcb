"""A viewer's connection, from its first byte to its end, over real sockets."""

from __future__ import annotations

import html
import re
import resource
import socket
import struct
import zlib
from typing import TYPE_CHECKING

import httpx2
import pytest

from tests.hub.pages.board_source import FakeBoardSource
from tests.hub.pages.cities import big_city
from tests.hub.pages.hub_under_test import HubUnderTest
from tests.hub.pages.test_look import FIRST_VIEW_BYTES
from tests.hub.running import until

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_S = 60
GZIP = zlib.MAX_WBITS | 16


def open_stream(hub: HubUnderTest) -> socket.socket:
    """Ask for the board's stream and read nothing of it."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(PATIENCE_S)
    connection.connect(("127.0.0.1", hub.port))
    connection.sendall(b"GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n")
    until(lambda: hub.call(lambda: hub.broadcast.viewers) == 1, PATIENCE_S)
    return connection


def test_a_viewer_that_goes_is_forgotten(hub: HubUnderTest) -> None:
    connection = open_stream(hub)

    connection.close()

    until(lambda: hub.call(lambda: hub.broadcast.viewers) == 0, PATIENCE_S)
    assert hub.source.subscribers == []


def test_a_viewer_that_reads_nothing_loses_its_connection(hub: HubUnderTest) -> None:
    with open_stream(hub) as connection:
        lengths = iter(range(100_000, 1_000_000))

        def tell_more() -> bool:
            hub.change("ZG-01", name="站" * next(lengths))
            return hub.call(lambda: hub.broadcast.viewers) == 0

        until(tell_more, PATIENCE_S)

        assert is_cut(connection)


def is_cut(connection: socket.socket) -> bool:
    """Read what is left: the end comes without the stream's own."""
    last = b""
    try:
        while piece := connection.recv(1 << 20):
            last = piece
    except ConnectionResetError:
        return True
    return not last.endswith(b"0\r\n\r\n")


def test_a_hub_that_stops_ends_its_streams_in_order(hub: HubUnderTest) -> None:
    with httpx2.stream("GET", f"{hub.address}/api/v1/live", trust_env=False, timeout=PATIENCE_S) as answer:
        hub.call(hub.broadcast.close)

        lines = list(answer.iter_lines())  # a stream that is cut off would raise

    assert lines[0] == "retry: 1000"
    assert "event: snapshot" in lines
    until(lambda: hub.call(lambda: hub.broadcast.viewers) == 0, PATIENCE_S)


def test_a_page_and_its_stream_come_over_one_connection(hub: HubUnderTest) -> None:
    with httpx2.Client(base_url=hub.address, trust_env=False, timeout=PATIENCE_S) as client:
        page = client.get("/")
        with client.stream("GET", "/live") as answer:
            lines = answer.iter_lines()
            assert next(lines) == "retry: 1000"

            assert page.extensions["network_stream"] is answer.extensions["network_stream"]


def names_of_first_events(hub: HubUnderTest, address: str) -> list[str]:
    """Those of a stream until its first beat."""
    found = []
    with httpx2.stream("GET", f"{hub.address}{address}", trust_env=False, timeout=PATIENCE_S) as answer:
        for line in answer.iter_lines():
            found += [line.removeprefix("event: ")] if line.startswith("event: ") else []
            if found[-1:] == ["beat"]:
                return found
    return found


def stream_of(page: str) -> str:
    """The address at which a page listens."""
    (address,) = re.findall(r'sse-connect="([^"]+)"', page)
    return html.unescape(address)


def test_a_page_is_not_told_the_board_that_it_came_with(hub: HubUnderTest) -> None:
    address = stream_of(httpx2.get(f"{hub.address}/", trust_env=False, timeout=PATIENCE_S).text)
    assert names_of_first_events(hub, address) == ["beat"]

    hub.change("ZG-01", on_duty=9)

    assert names_of_first_events(hub, address) == ["snapshot", "beat"]
    assert names_of_first_events(hub, "/live") == ["snapshot", "beat"]


def test_who_watches_already_takes_the_board_from_nobody_whose_page_is_older(hub: HubUnderTest) -> None:
    with httpx2.stream("GET", f"{hub.address}/live", trust_env=False, timeout=PATIENCE_S):
        page = httpx2.get(f"{hub.address}/", trust_env=False, timeout=PATIENCE_S).text
        assert names_of_first_events(hub, stream_of(page)) == ["beat"]
        hub.change("ZG-01", on_duty=9)
        until(lambda: names_of_first_events(hub, stream_of(page)) == ["snapshot", "beat"], PATIENCE_S)


def test_the_board_of_a_large_city_comes_packed_and_says_the_same() -> None:
    with HubUnderTest(FakeBoardSource(big_city(1000))) as hub:
        packed, plain = first_word(hub, "gzip"), first_word(hub, "identity")

    assert len(packed) < FIRST_VIEW_BYTES < len(plain)
    unpacked = zlib.decompressobj(GZIP).decompress(packed)
    assert snapshot_of(unpacked) == snapshot_of(plain)


def test_what_changes_later_is_packed_too_and_the_end_is_read(hub: HubUnderTest) -> None:
    with httpx2.stream("GET", f"{hub.address}/api/v1/live", trust_env=False, timeout=PATIENCE_S) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        lines = answer.iter_lines()
        wait_for_beats(lines, 1)
        hub.change("ZG-01", on_duty=9)
        told = next(line for line in lines if line.startswith("data: ") and "ZG-01" in line)
        hub.call(hub.broadcast.close)
        list(lines)

    assert '"on_duty":9' in told


def first_word(hub: HubUnderTest, coding: str) -> bytes:
    """What a stream sends until its first beat."""
    got = b""
    unpack = zlib.decompressobj(GZIP).decompress if coding == "gzip" else bytes
    read = b""
    asked = {"Accept-Encoding": coding}
    with httpx2.stream("GET", f"{hub.address}/live", headers=asked, trust_env=False, timeout=PATIENCE_S) as answer:
        for piece in answer.iter_raw():
            got += piece
            read += unpack(piece)
            if b"event: beat" in read:
                break
    return got


def snapshot_of(stream: bytes) -> bytes:
    return stream.partition(b"event: beat")[0]


def test_who_asks_for_two_pages_at_once_and_goes_stops_nobodys_board(hub: HubUnderTest) -> None:
    with httpx2.stream("GET", f"{hub.address}/api/v1/live", trust_env=False, timeout=PATIENCE_S) as answer:
        lines = answer.iter_lines()
        for _ in range(20):
            leave_rudely(hub, b"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")

        wait_for_beats(lines, 3)
    until(lambda: hub.call(lambda: hub.broadcast.viewers) == 0, PATIENCE_S)


@pytest.fixture
def many() -> Iterator[int]:
    """How many connections a process may have here that is both ends of them: a thousand, where the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 3000 if hard == resource.RLIM_INFINITY else min(3000, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield 1000 if max(soft, wanted) >= 2500 else 200
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_many_viewers_that_go_at_once_stop_nobodys_board(hub: HubUnderTest, many: int) -> None:
    with httpx2.stream("GET", f"{hub.address}/api/v1/live", trust_env=False, timeout=PATIENCE_S) as answer:
        lines = answer.iter_lines()
        gone = [connected(hub, b"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n") for _ in range(many)]
        until(lambda: hub.call(lambda: hub.broadcast.viewers) == many + 1, PATIENCE_S)
        hub.change("ZG-01", on_duty=9)
        for connection in gone:
            reset(connection)
        hub.change("ZG-01", on_duty=8)

        wait_for_beats(lines, 3)
        until(lambda: hub.call(lambda: hub.broadcast.viewers) == 1, PATIENCE_S)
        assert hub.call(hub.broadcast.troubles) == []


def connected(hub: HubUnderTest, said: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", hub.port), timeout=PATIENCE_S)
    connection.sendall(said)
    return connection


def reset(connection: socket.socket) -> None:
    """End it by RST, as a machine does that lost its memory of it."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def leave_rudely(hub: HubUnderTest, said: bytes) -> None:
    connection = connected(hub, said)
    connection.recv(4096)
    connection.close()


def wait_for_beats(lines: Iterator[str], count: int) -> None:
    while count:
        count -= next(lines) == "event: beat"


def test_a_client_of_http_1_0_is_told_that_it_cannot_follow(hub: HubUnderTest) -> None:
    with socket.create_connection(("127.0.0.1", hub.port), timeout=60) as line:
        line.sendall(b"GET /live HTTP/1.0\r\nHost: 127.0.0.1:%d\r\n\r\n" % hub.port)
        answer = b"".join(iter(lambda: line.recv(4096), b""))

    assert answer.startswith(b"HTTP/1.1 505 ")
    assert b"chunked" not in answer
