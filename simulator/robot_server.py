"""A server on loopback that answers as the group robots of 企业微信, 钉钉 and 飞书 do, well and badly.

Each path is a robot of its own. All three say HTTP 200 also to what they refuse; the code in the body tells.
"""

import json
import socket
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TAKEN = '{"errcode":0,"errmsg":"ok"}'
TOO_FAST = '{"errcode":45009,"errmsg":"api freq out of limit"}'
A_MINUTE = 20  # calls that 企业微信 and 钉钉 take of one robot (their pages on group robots); more are refused
MINUTE_S = 60.0
LONGEST_S = 120.0  # one that hangs lets go of itself after this


@dataclass
class RobotCall:
    """What a robot was posted."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        """The body, which is JSON."""
        return json.loads(self.body)


@dataclass
class RobotServer:
    """Robots that are being called.

    Attributes:
        url: where they are; each path is one.
        answers: what comes next, the last one again and again: (status, body); None hangs, "cut" ends in the middle,
            "late" takes it when let go.
        a_minute: how many calls each takes within a minute, before it says 45009; None for any number.
        seconds: the time by which that is counted.
        asked: what came, in that order.
        too_fast: how often each was called more often than that, by path.
        let_go: set, what hangs ends.
    """

    url: str
    answers: list[tuple[int, str] | str | None]
    a_minute: int | None = None
    seconds: Callable[[], float] = time.monotonic
    asked: list[RobotCall] = field(default_factory=list)
    too_fast: Counter[str] = field(default_factory=Counter)
    let_go: threading.Event = field(default_factory=threading.Event)
    _called_s: defaultdict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def answer(self, call: RobotCall) -> tuple[int, str] | str | None:
        """Take a call, and say what is answered."""
        self.asked.append(call)
        if self.a_minute is not None:
            now_s, before = self.seconds(), self._called_s[call.path]
            while before and before[0] <= now_s - MINUTE_S:
                before.popleft()
            before.append(now_s)
            if len(before) > self.a_minute:
                self.too_fast[call.path] += 1
                return 200, TOO_FAST
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def robot_server(
    *answers: tuple[int, str] | str | None,
    on_post: Callable[[], None] = lambda: None,
    a_minute: int | None = None,
    seconds: Callable[[], float] = time.monotonic,
) -> Iterator[RobotServer]:
    """Run robots that answer so; without answers they take all. `on_post` is called before each."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            on_post()
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = known.answer(RobotCall(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            if answer is None:
                known.let_go.wait(LONGEST_S)
                return
            if answer == "late":
                known.let_go.wait(LONGEST_S)
                answer = 200, TAKEN
            if isinstance(answer, str):
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{")
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            status, text = answer
            self.send_response(status)
            if status == HTTPStatus.FOUND:
                self.send_header("Location", known.url + "/elsewhere")
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 64  # with the 5 of its own some of a thousand posts at once are cut off

    server = Server(("127.0.0.1", 0), Handler)
    url = f"http://127.0.0.1:{server.server_port}"
    known = RobotServer(url, list(answers) or [(200, TAKEN)], a_minute, seconds)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="robot")
    thread.start()
    try:
        yield known
    finally:
        known.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()
