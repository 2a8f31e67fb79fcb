"""Push the board to everybody who watches it: bytes are made once per scope and face, and given to every viewer.

Rows that change several times before a flush are told once. What a viewer leaves unread is bounded: one that reads
too slowly is let go, and gets everything when it comes again. While nobody watches, nothing is subscribed or made.
A face that fails costs its own viewers that one word; the beat goes on.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial

from hub.presence.board_view import BoardRow, BoardSource, BoardView
from hub.web.gate.scope import Scope
from hub.web.live.face import Face
from hub.web.live.screen import Screen, Update
from hub.web.live.viewer import Audience, Viewer, ViewerWire

log = logging.getLogger(__name__)

RETRY = b"retry: 1000\n\n"  # a browser comes again after a second, not after its own three


class _Hall:
    """Everybody who looks at the same stations, and the screen that they share."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.audiences: dict[str, Audience] = {}

    def tell(self, make: Callable[[Face, Screen], bytes]) -> None:
        """Let every face say something; what one cannot say is logged, and the others go on."""
        for name, audience in self.audiences.items():
            audience.snapshot = None
            try:
                if text := make(audience.face, self.screen):
                    audience.tell(text)
            except Exception:
                log.exception("the stream %r could not be told something; it gets it with the next board", name)


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
        self._halls: dict[Scope, _Hall] = {}
        self._places: dict[str, tuple[str, str]] = {}  # which scopes a station is in
        self._pending: dict[str, BoardRow] = {}
        self._flush_due: asyncio.TimerHandle | None = None
        self._flushed_at_s = float("-inf")
        self._view: BoardView | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._beats: asyncio.Task[None] | None = None

    @property
    def viewers(self) -> int:
        """How many watch now."""
        return sum(len(audience.viewers) for audience in self._audiences())

    def screen(self, scope: Scope, view: BoardView) -> Screen:
        """Return the screen that those who watch the scope share, or one made for a page that comes first."""
        hall = self._halls.get(scope)
        return hall.screen if hall is not None else Screen(scope.of(view.rows), view.as_of)

    def troubles(self) -> list[str]:
        """Say why open boards are not told anything; nothing where they are."""
        if self._beats is not None and self._beats.done():
            return ["the beat of the open boards has ended; see the log, start the hub again"]
        return []

    def join(
        self,
        scope: Scope,
        name: str,
        make_face: Callable[[], Face],
        wire: ViewerWire,
        *,
        is_packed: bool = False,
        shown: str = "",
    ) -> Viewer:
        """Let somebody watch a scope, and give them all of it that they do not show already.

        Args:
            scope: what they look at.
            name: of the face; made where nobody has it open for that scope yet.
            make_face: makes it.
            wire: the connection, its answer begun; chunks are written to it as they are.
            is_packed: whether they are to be gzip; a board of 1,000 stations is 0.8 MB without.
            shown: the mark of the screen that their page came with; empty where it has changed since.
        """
        view = self._open()
        hall = self._halls.get(scope)
        if hall is None:
            hall = self._halls[scope] = _Hall(Screen(scope.of(view.rows), view.as_of))
        name = f"{name} packed" if is_packed else name
        audience = hall.audiences.get(name)
        if audience is None:
            audience = hall.audiences[name] = Audience(make_face(), is_packed=is_packed)
        face = audience.face
        if shown and shown == hall.screen.mark():
            first = audience.begin(RETRY + face.beat(view))
        else:
            if audience.snapshot is None:
                audience.snapshot = audience.begin(RETRY + face.snapshot(hall.screen, view) + face.beat(view))
            first = audience.snapshot
        viewer = Viewer(wire, len(first) + self._viewer_limit_bytes)
        viewer.give(first)
        audience.viewers.add(viewer)
        return viewer

    def leave(self, viewer: Viewer) -> None:
        """Forget a viewer; with the last one, all work ends."""
        for scope, hall in list(self._halls.items()):
            for name, audience in list(hall.audiences.items()):
                audience.viewers.discard(viewer)
                if not audience.viewers:
                    del hall.audiences[name]
            if not hall.audiences:
                del self._halls[scope]
        if not self._halls:
            self._shut()

    def close(self) -> None:
        """End all streams; without it, a server waits for its viewers for ever."""
        for audience in self._audiences():
            for viewer in audience.viewers:
                viewer.end()

    def _audiences(self) -> Iterator[Audience]:
        return (audience for hall in self._halls.values() for audience in hall.audiences.values())

    def _open(self) -> BoardView:
        if self._unsubscribe is None or self._view is None:
            self._view = self._source.view()
            self._places = _places(self._view.rows)
            self._unsubscribe = self._source.subscribe(self._changed)
        if self._beats is None or self._beats.done():
            self._beats = asyncio.get_running_loop().create_task(self._beat_on(), name="board beat")
        return self._view

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
        if any(self._places.get(row.code) != _place(row) for row in rows):
            self._tell_all(self._source.view())  # a new station may bring a new district, which no page has a place for
            return
        assert self._view is not None
        as_of = self._view.as_of
        for scope, hall in self._halls.items():
            theirs = scope.of(rows)  # of forty scopes open at once most have none; what time alone changes, a beat does
            if theirs and (update := hall.screen.apply(theirs, as_of)):
                hall.tell(partial(_told, update, as_of))

    def _tell_all(self, view: BoardView) -> None:
        """Start over: everybody gets everything."""
        self._view = view
        self._places = _places(view.rows)
        for scope, hall in self._halls.items():
            hall.screen = Screen(scope.of(view.rows), view.as_of)
            hall.tell(lambda face, screen: face.snapshot(screen, view))

    async def _beat_on(self) -> None:
        loop = asyncio.get_running_loop()
        due_s = loop.time()
        while True:
            due_s = max(due_s + self._beat_every_s, loop.time())
            await asyncio.sleep(due_s - loop.time())
            try:
                self._beat()
            except Exception:
                log.exception("a beat of the open boards failed; the next one comes all the same")

    def _beat(self) -> None:
        view = self._view = self._source.view()
        if self._places != _places(view.rows):
            self._tell_all(view)  # stations were entered or taken away
        for hall in self._halls.values():
            if update := hall.screen.pass_time(view.as_of):
                hall.tell(partial(_told, update, view.as_of))
            hall.tell(lambda face, screen: face.beat(view))  # noqa: ARG005  a beat needs no screen


def _told(update: Update, as_of: datetime, face: Face, screen: Screen) -> bytes:
    return face.update(screen, update, as_of)


def _place(row: BoardRow) -> tuple[str, str]:
    return row.district, row.kind


def _places(rows: Iterable[BoardRow]) -> dict[str, tuple[str, str]]:
    return {row.code: _place(row) for row in rows}
