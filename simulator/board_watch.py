"""Watches the board as others do: asks the API for the whole of it, and listens to its stream of events.

Both block, so each runs in a thread; what the stream says is handed to the event loop with the moment of its coming.
"""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from simulator.admission import Admission
from simulator.truth import Figures
from station.saying import say

TIMEOUT_S: Final = 10.0
RETRY_S: Final = 0.2


class BoardError(Exception):
    """The board did not answer, or not as its API promises."""


class SeenRow(NamedTuple):
    """One station as the board has it."""

    code: str
    kind: str
    figures: Figures
    all_heard: bool


class SeenBoard(NamedTuple):
    """The whole board; `as_of` is the moment that its figures are true of."""

    as_of: datetime
    rows: dict[str, SeenRow]

    @property
    def is_watching(self) -> bool:
        """Whether every kiosk of every station is heard, and no reader of an open station is still being opened."""
        return all(row.all_heard and row.figures.duty_class != "unknown" for row in self.rows.values())


def read_row(answer: dict[str, Any]) -> SeenRow:
    """One station of the API's answer."""
    figures = Figures(answer["class"], answer["on_duty"], answer["stepped_out"])
    return SeenRow(answer["code"], answer["kind"], figures, answer["kiosks_heard"] == answer["kiosks"])


def read_board(answer: dict[str, Any]) -> SeenBoard:
    """The API's answer."""
    rows = map(read_row, answer["stations"])
    return SeenBoard(datetime.fromisoformat(answer["as_of"]), {row.code: row for row in rows})


def ask_board(host: str, port: int, admission: Admission | None = None) -> SeenBoard:
    """Ask for the whole board.

    Args:
        host: of the hub's pages.
        port: of the hub's pages.
        admission: by which to come in where it is shut.

    Raises:
        BoardError: there is none to be had.
    """
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    try:
        response, content = _ask(connection, admission)
        if response.status == http.client.UNAUTHORIZED and admission is not None:
            admission.come_in()
            response, content = _ask_until_heard_of(connection, admission)
        if response.status != http.client.OK:
            raise BoardError(
                say("http://{host}:{port}/api/v1/board answers {status}", host=host, port=port, status=response.status)
            )
        return read_board(json.loads(content))
    except (OSError, http.client.HTTPException, ValueError, KeyError) as exc:
        raise BoardError(say("http://{host}:{port}/api/v1/board: {why}", host=host, port=port, why=repr(exc))) from exc
    finally:
        connection.close()


def _ask_until_heard_of(
    connection: http.client.HTTPConnection, admission: Admission
) -> tuple[http.client.HTTPResponse, bytes]:
    """A hub that was just asked looks for new accounts a second later."""
    deadline_s = time.monotonic() + TIMEOUT_S
    while True:
        response, content = _ask(connection, admission)
        if response.status != http.client.UNAUTHORIZED or time.monotonic() >= deadline_s:
            return response, content
        time.sleep(RETRY_S)


def _ask(connection: http.client.HTTPConnection, admission: Admission | None) -> tuple[http.client.HTTPResponse, bytes]:
    connection.request("GET", "/api/v1/board", headers={} if admission is None else admission.headers())
    response = connection.getresponse()
    return response, response.read()


class LiveStream:
    """The board's stream of events, joined again whenever it ends, until `close`."""

    def __init__(
        self, host: str, port: int, on_row: Callable[[SeenRow, float], None], admission: Admission | None = None
    ) -> None:
        """Begin to listen.

        Args:
            host: of the hub's pages.
            port: of the hub's pages.
            on_row: called in the stream's own thread with each row, and with the machine's monotonic time at which
                it had come; a joining tells all rows.
            admission: as of `ask_board`, which comes in for both.
        """
        self._admission = admission
        self._host, self._port, self._on_row = host, port, on_row
        self._ended = threading.Event()
        self._connection: http.client.HTTPConnection | None = None
        self._thread = threading.Thread(target=self._listen, name="live stream", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it."""
        self._ended.set()
        connection = self._connection
        if connection is not None and connection.sock is not None:
            connection.sock.close()
        self._thread.join(TIMEOUT_S)

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                self._join()
            except (OSError, http.client.HTTPException, ValueError, AttributeError):
                # AttributeError: http.client's own, where `close` took the socket from under a read;
                # HTTPException: also of a board that is shut until `ask_board` has come in
                self._ended.wait(RETRY_S)

    def _join(self) -> None:
        self._connection = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_S)
        try:
            headers = {} if self._admission is None else self._admission.headers()
            self._connection.request("GET", "/api/v1/live", headers=headers)
            response = self._connection.getresponse()
            if response.status != http.client.OK:
                raise http.client.HTTPException(response.status)
            for name, text in _events(response):
                came_s = time.monotonic()
                if name == "row":
                    self._on_row(read_row(json.loads(text)), came_s)
                elif name == "snapshot":
                    for row in read_board(json.loads(text)).rows.values():
                        self._on_row(row, came_s)
                if self._ended.is_set():
                    return
        finally:
            self._connection.close()


def _events(response: http.client.HTTPResponse) -> Iterator[tuple[str, str]]:
    """Name and text of each event (HTML Standard, 9.2), as far as one line of text an event goes."""
    name = text = ""
    while line := response.readline():
        field, _, value = line.decode().rstrip("\r\n").partition(": ")
        match field:
            case "event":
                name = value
            case "data":
                text = value
            case "":
                if name:
                    yield name, text
                name = text = ""
