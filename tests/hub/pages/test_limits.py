"""What one visitor may ask of the hub's server, over real sockets."""

from __future__ import annotations

import socket
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import httpx2
import pytest

from hub.web import http_server
from tests.hub.running import until

if TYPE_CHECKING:
    from tests.hub.pages.hub_under_test import HubUnderTest

PATIENCE_S = 60


def connect(hub: HubUnderTest) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", hub.port))
    connection.settimeout(PATIENCE_S)
    return connection


def is_ended(connection: socket.socket) -> bool:
    try:
        return connection.recv(1000) == b""
    except ConnectionError:
        return True


def test_half_a_request_is_not_waited_for_for_ever(hub: HubUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "HEAD_WITHIN_S", 0.2)
    for begun in (b"", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-More: "):
        with connect(hub) as connection:
            connection.sendall(begun)

            assert is_ended(connection)


def test_more_connections_than_pages_can_be_open_are_ended_and_the_others_stay(
    hub: HubUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_server, "MOST_CONNECTIONS", 5)
    monkeypatch.setattr(http_server, "HEAD_WITHIN_S", 10.0 * PATIENCE_S)
    with ExitStack() as stack, httpx2.Client(base_url=hub.address, trust_env=False, timeout=PATIENCE_S) as early:
        assert early.get("/").status_code == 200
        lines = [stack.enter_context(connect(hub)) for _ in range(8)]

        assert is_ended(lines[-1])
        assert early.get("/").status_code == 200


@pytest.mark.parametrize("begun", [b"GET /", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: "])
def test_endless_addresses_and_headers_are_ended(
    hub: HubUnderTest, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(http_server, "HEAD_WITHIN_S", 10.0 * PATIENCE_S)
    with connect(hub) as connection:
        with suppress(ConnectionError):
            connection.sendall(begun + b"x" * 20 * http_server.MOST_HEAD_BYTES)

        assert is_ended(connection)


def test_a_body_that_comes_with_its_head_is_no_long_head(hub: HubUnderTest) -> None:
    with httpx2.Client(base_url=hub.address, trust_env=False, timeout=PATIENCE_S) as client:
        statuses = {client.post("/", content=b"x" * 1_000_000).status_code for _ in range(3)}

    assert statuses == {405}


def test_a_body_of_a_byte_now_and_then_is_ended_and_a_slow_one_is_not(
    hub: HubUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_server, "PIECE_WITHIN_S", 0.2)
    monkeypatch.setattr(http_server, "PIECE_BYTES", 100)
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n"
    with connect(hub) as drop, connect(hub) as slow:
        drop.sendall(head + b"x" * 200)
        slow.sendall(head)
        for _ in range(50):
            slow.sendall(b"x" * 100)

        assert b"404" not in b"".join(read_all(drop))  # which ends
        slow.sendall(b"GET /static/none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert b"404" in b"".join(read_all(slow))


def test_an_endless_body_is_ended(hub: HubUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "MOST_BODY_BYTES", 100_000)
    with connect(hub) as connection:
        with suppress(ConnectionError):
            connection.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n")
            for _ in range(20):
                connection.sendall(b"x" * 50_000)

        assert b"200" not in b"".join(read_all(connection))


def read_all(connection: socket.socket) -> list[bytes]:
    found = []
    with suppress(ConnectionError):
        while piece := connection.recv(1 << 16):
            found.append(piece)
    return found


def test_a_stream_outlives_the_wait_for_a_request(hub: HubUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "HEAD_WITHIN_S", 0.05)
    with connect(hub) as connection:
        connection.sendall(b"GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        until(lambda: hub.call(lambda: hub.broadcast.viewers) == 1, PATIENCE_S)
        beats = 0
        while beats < 3:
            beats += connection.recv(1 << 20).count(b"event: beat") or 1

        assert hub.call(lambda: hub.broadcast.viewers) == 1
