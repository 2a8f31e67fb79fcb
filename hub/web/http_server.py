"""The web server, on a socket that is ours before anything starts, ending when the hub does."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hub.config import HttpConfig
from hub.errors import HubError
from hub.web.live.event_stream import WIRE

BACKLOG: Final = 512  # a hundred viewers may come back at once
END_S: Final = 2  # how long answers may take to end


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
    """uvicorn's connection, which tells each request where its bytes go."""

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
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
