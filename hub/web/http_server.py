"""The web server, on a socket that is ours before anything starts, ending when the hub does."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hub.config import HttpConfig
from hub.errors import HubError
from hub.web.live.event_stream import WIRE

BACKLOG: Final = 512  # a hundred viewers may come back at once
END_S: Final = 2  # how long answers may take to end
MOST_CONNECTIONS: Final = 2_000  # a thousand pages may be open; each costs a file and some memory
HEAD_WITHIN_S: Final = 10.0  # half a request keeps nothing longer
PIECE_WITHIN_S: Final = 15.0
PIECE_BYTES: Final = 32 * 1024  # in that time: 2 KB/s, a tenth of what the slowest line to an office does
MOST_HEAD_BYTES: Final = 32 * 1024  # address and headers; browsers send a few
MOST_BODY_BYTES: Final = 40 * 1024 * 1024  # the largest file that may be imported, and its form around it


class PortTakenError(HubError):
    """The port of the pages cannot be listened on; the text says which and why."""


def listen(config: HttpConfig) -> socket.socket:
    """A listening socket.

    Raises:
        PortTakenError: another program has the port, or there is no such address here.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in config.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((config.host, config.port))
        listener.listen(BACKLOG)
    except OSError as exc:
        listener.close()
        raise PortTakenError(
            f"http.port {config.port} of {config.host} cannot be listened on: {exc.strerror}; "
            "choose another one, or stop what has it"
        ) from exc
    return listener


class _Protocol(HttpToolsProtocol):
    """uvicorn's connection, which tells each request where its bytes go; who asks too much or too slowly is cut off."""

    _left: int = MOST_HEAD_BYTES
    _is_head: bool = True
    _has_moved: bool = False
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Somebody connects."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
            return
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes come; of a head as many as any browser sends."""
        self._has_moved = False
        super().data_received(data)
        if self._is_head and not self._has_moved:
            self._left -= len(data)
            if self._left < 0:
                self.transport.abort()

    def on_headers_complete(self) -> None:
        """A request's head is there."""
        self._stop_waiting()
        self._is_head, self._has_moved, self._left = False, True, MOST_BODY_BYTES
        self._await_body()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of its body."""
        self._left -= len(body)
        if self._left < 0:
            self.transport.abort()
            return
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All of a request is there; the head of another may follow at any time."""
        self._stop_waiting()
        self._is_head, self._has_moved, self._left = True, True, MOST_HEAD_BYTES
        super().on_message_complete()

    def _await_head(self) -> None:
        self._late = self.loop.call_later(HEAD_WITHIN_S, self.transport.abort)

    def _await_body(self) -> None:
        self._late = self.loop.call_later(PIECE_WITHIN_S, self._look_at_body, self._left)

    def _look_at_body(self, left: int) -> None:
        """Cut off who sends a byte a minute; a slow line sends more."""
        if left - self._left < PIECE_BYTES:
            self.transport.abort()
        else:
            self._await_body()

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        if self._late is None:
            self._await_head()
        self.scope["extensions"] = {WIRE: {"transport": self.transport}}


class Server(uvicorn.Server):
    """uvicorn's server without its own signal handling: who runs the hub ends it."""

    def __init__(self, app: FastAPI, config: HttpConfig | None = None) -> None:
        certificate, key = (config.certificate, config.private_key) if config else (None, None)
        super().__init__(
            uvicorn.Config(
                app, http=_Protocol, loop="none", lifespan="off", access_log=False, log_config=None,
                server_header=False, timeout_graceful_shutdown=END_S,
                ssl_certfile=certificate, ssl_keyfile=key,
            )
        )  # fmt: skip

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield
