"""Watching a board that is served by a few lines of our own."""

import json
import threading
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from simulator.board_watch import BoardError, LiveStream, ask_board
from simulator.truth import Figures
from tests.ports import free_port

ROW = {
    "code": "clinic",
    "kind": "hospital",
    "class": "met",
    "on_duty": 2,
    "stepped_out": 0,
    "kiosks": 2,
    "kiosks_heard": 1,
}
BOARD = {"as_of": "2026-03-05T08:00:00+08:00", "stations": [ROW]}


class Handler(BaseHTTPRequestHandler):
    def answer(self):
        return BOARD

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        if self.path == "/api/v1/board":
            self.wfile.write(json.dumps(self.answer()).encode())
            return
        events = [("snapshot", BOARD), ("row", {**ROW, "on_duty": 3}), ("beat", {"as_of": "x"})]
        self.wfile.write(b"retry: 1000\n\n")
        for name, content in events:
            self.wfile.write(f"event: {name}\ndata: {json.dumps(content)}\n\n".encode())

    def log_message(self, *args):
        pass


class NoBoard(Handler):
    def answer(self):
        return {"detail": "no"}


@contextmanager
def serving(handler):
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), name="board")
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_the_whole_board_is_read():
    with serving(Handler) as port:
        board = ask_board("127.0.0.1", port)

    assert board.as_of.isoformat() == BOARD["as_of"]
    assert board.rows["clinic"].figures == Figures("met", 2, 0)
    assert not board.is_watching


def test_no_board_is_one_error():
    with serving(NoBoard) as port, pytest.raises(BoardError):
        ask_board("127.0.0.1", port)
    with pytest.raises(BoardError):
        ask_board("127.0.0.1", free_port())


def test_the_stream_tells_every_row_and_is_joined_again_when_it_ends():
    seen, enough = [], threading.Event()

    def on_row(row, came_s):
        seen.append(row.figures.on_duty)
        if len(seen) >= 4:
            enough.set()

    with serving(Handler) as port, closing(LiveStream("127.0.0.1", port, on_row)):
        assert enough.wait(60)

    assert seen[:4] == [2, 3, 2, 3]


class ShutBoard(Handler):
    """Of a hub that has accounts."""

    def do_GET(self):
        if self.headers["Cookie"] == "zaigang-session=key":
            super().do_GET()
            return
        self.send_response(401)
        self.end_headers()


class SlowBoard(ShutBoard):
    """Of a hub that has not heard of the account at once, as it looks for new ones each second."""

    asked = 0

    def do_GET(self):
        if self.headers["Cookie"]:
            type(self).asked += 1
        if self.headers["Cookie"] and self.asked > 2:
            super().do_GET()
            return
        self.send_response(401)
        self.end_headers()


class FakeAdmission:
    def __init__(self):
        self.key = ""

    def headers(self):
        return {"Cookie": f"zaigang-session={self.key}"} if self.key else {}

    def come_in(self):
        self.key = "key"


def test_a_board_that_is_shut_meanwhile_is_watched_with_an_account():
    admission, came = FakeAdmission(), threading.Event()
    with serving(ShutBoard) as port, closing(LiveStream("127.0.0.1", port, lambda *_: came.set(), admission)):
        board = ask_board("127.0.0.1", port, admission)
        assert came.wait(10)

    assert board.rows["clinic"].figures == Figures("met", 2, 0)


def test_a_board_that_has_not_heard_of_the_account_yet_is_asked_again():
    with serving(SlowBoard) as port:
        board = ask_board("127.0.0.1", port, FakeAdmission())

    assert board.rows["clinic"].figures == Figures("met", 2, 0)
