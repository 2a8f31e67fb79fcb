"""A real server on loopback that answers as the vendors' robots do, well and badly."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.patience import PATIENCE_S

TAKEN = '{"errcode":0,"errmsg":"ok"}'
TOO_FAST = '{"errcode":45009,"errmsg":"api freq out of limit"}'


@dataclass
class Asked:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)


@dataclass
class RobotServer:
    """Answers from `answers`, the last one again and again: (status, body); None hangs, "cut" ends in the middle, "late"
    takes it when let go."""

    url: str
    answers: list[tuple[int, str] | str | None]
    asked: list[Asked] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)

    def next_answer(self) -> tuple[int, str] | str | None:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def robot_server(
    *answers: tuple[int, str] | str | None, on_post: Callable[[], None] = lambda: None
) -> Iterator[RobotServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            on_post()
            body = self.rfile.read(int(self.headers["Content-Length"]))
            known.asked.append(Asked(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            answer = known.next_answer()
            if answer is None:
                known.let_go.wait(2 * PATIENCE_S)
                return
            if answer == "late":
                known.let_go.wait(2 * PATIENCE_S)
                answer = 200, TAKEN
            if isinstance(answer, str):
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{")
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            status, text = answer
            self.send_response(status)
            if status == 302:
                self.send_header("Location", known.url + "/elsewhere")
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 64  # with the 5 of its own some of a thousand posts at once are cut off

    server = Server(("127.0.0.1", 0), Handler)
    known = RobotServer(f"http://127.0.0.1:{server.server_port}", list(answers) or [(200, TAKEN)])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="robot")
    thread.start()
    try:
        yield known
    finally:
        known.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()
