"""Push the board to everybody who watches it: bytes are made once per face and given to every viewer.

A face is one way to say it (JSON, the page in one language, one station's page). Rows that change
several times before a flush are told once. What a viewer leaves unread is bounded: one that reads too slowly
is let go, and gets everything when it comes again. While nobody watches, nothing is subscribed or made.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from hub.web.screen import Screen, Update
from hub.web.viewer import Audience, Viewer, Wire, chunk_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from hub.presence.board_view import BoardRow, BoardSource, BoardView


RETRY = b"retry: 1000\n\n"  # a browser comes again after a second, not after its own three


class Face(Protocol):
    """One way to say the board, as bytes of an event stream."""

    def snapshot(self, screen: Screen, view: BoardView) -> bytes:
        """Everything, for a viewer who has nothing."""

    def update(self, screen: Screen, update: Update, as_of: datetime) -> bytes:
        """What changed, one event a row; empty where this face has nothing to say."""

    def beat(self, view: BoardView) -> bytes:
        """The station's time, so that a page knows that it is live."""


class Broadcast:
    """Gathers changes and gives them to all viewers. It belongs to one event loop."""

    def __init__(
        self,
        source: BoardSource,
        *,
        flush_every_s: float = 0.008,
        beat_every_s: float = 1.0,
        viewer_limit_bytes: int = 1 << 20,
    ) -> None:
        """Nothing starts until the first viewer joins.

        Args:
            source: where the figures come from.
            flush_every_s: at most one flush in this time, so that a burst is told in few writes.
            beat_every_s: how often the station's time is told; pages call five seconds of silence a loss.
            viewer_limit_bytes: what a viewer may leave unread, beside a whole board, before it is let go.
        """
        self._source = source
        self._flush_every_s = flush_every_s
        self._beat_every_s = beat_every_s
        self._viewer_limit_bytes = viewer_limit_bytes
        self._audiences: dict[str, Audience] = {}
        self._pending: dict[str, BoardRow] = {}
        self._flush_due: asyncio.TimerHandle | None = None
        self._flushed_at_s = float("-inf")
        self._screen = Screen(())
        self._view: BoardView | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._beats: asyncio.Task[None] | None = None

    @property
    def viewers(self) -> int:
        """How many watch now."""
        return sum(len(audience.viewers) for audience in self._audiences.values())

    def join(self, name: str, make_face: Callable[[], Face], wire: Wire) -> Viewer:
        """Let somebody watch the face of that name, made where nobody has it open yet, and give them the whole board.

        Args:
            name: of the face.
            make_face: makes it.
            wire: the connection, its answer begun; chunks are written to it as they are.
        """
        if self._unsubscribe is None:
            self._open()
        assert self._view is not None
        audience = self._audiences.get(name)
        if audience is None:
            audience = self._audiences[name] = Audience(make_face())
        if audience.snapshot is None:
            face = audience.face
            audience.snapshot = chunk_of(RETRY + face.snapshot(self._screen, self._view) + face.beat(self._view))
        viewer = Viewer(wire, len(audience.snapshot) + self._viewer_limit_bytes)
        viewer.give(audience.snapshot)
        audience.viewers.add(viewer)
        return viewer

    def leave(self, viewer: Viewer) -> None:
        """Forget a viewer; with the last one, all work ends."""
        for name, audience in list(self._audiences.items()):
            audience.viewers.discard(viewer)
            if not audience.viewers:
                del self._audiences[name]
        if not self._audiences:
            self._shut()

    def close(self) -> None:
        """End all streams; without it, a server waits for its viewers for ever."""
        for audience in self._audiences.values():
            for viewer in audience.viewers:
                viewer.end()

    def _open(self) -> None:
        self._view = self._source.view()
        self._screen = Screen(self._view.rows)
        self._unsubscribe = self._source.subscribe(self._changed)
        self._beats = asyncio.get_running_loop().create_task(self._beat_on(), name="board beat")

    def _shut(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        if self._beats is not None:
            self._beats.cancel()
            self._beats = None
        if self._flush_due is not None:
            self._flush_due.cancel()
            self._flush_due = None
        self._pending.clear()

    def _changed(self, rows: Iterable[BoardRow]) -> None:
        self._pending.update((row.code, row) for row in rows)
        if self._flush_due is None:
            loop = asyncio.get_running_loop()
            self._flush_due = loop.call_at(max(loop.time(), self._flushed_at_s + self._flush_every_s), self._flush)

    def _flush(self) -> None:
        self._flush_due = None
        self._flushed_at_s = asyncio.get_running_loop().time()
        rows, self._pending = tuple(self._pending.values()), {}
        if any(row.code not in self._screen for row in rows):
            self._tell_all()  # a new station may bring a new district, which no viewer has a place for
            return
        assert self._view is not None
        update = self._screen.apply(rows)
        if not update.moves:
            return
        for audience in self._audiences.values():
            audience.snapshot = None
            if chunk := audience.face.update(self._screen, update, self._view.as_of):
                audience.tell(chunk)

    def _tell_all(self) -> None:
        """Start over: everybody gets the whole board."""
        self._view = self._source.view()
        self._screen = Screen(self._view.rows)
        for audience in self._audiences.values():
            audience.snapshot = None
            audience.tell(audience.face.snapshot(self._screen, self._view))

    async def _beat_on(self) -> None:
        loop = asyncio.get_running_loop()
        due_s = loop.time()
        while True:
            due_s = max(due_s + self._beat_every_s, loop.time())
            await asyncio.sleep(due_s - loop.time())
            self._beat()

    def _beat(self) -> None:
        self._view = self._source.view()
        if {row.code for row in self._view.rows} != {row.code for row in self._screen.rows()}:
            self._tell_all()  # stations were entered or taken away
        for audience in self._audiences.values():
            audience.snapshot = None
            audience.tell(audience.face.beat(self._view))
