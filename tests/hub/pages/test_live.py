"""The broadcast: one making for all, bursts told once, the slow let go, silence where nobody watches."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hub.web.gate.scope import CITY, Scope
from hub.web.live.broadcast import RETRY, Broadcast
from tests import virtual_loop
from tests.hub.pages.board_source import MET, VACANT, FakeBoardSource, make_row
from tests.hub.pages.line import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from datetime import datetime

    from hub.presence.board_view import BoardView
    from hub.web.live.face import Face
    from hub.web.live.screen import Screen, Update

PATIENCE_S = 60


class PlainFace:
    """Says codes and counts, and counts how often it was asked."""

    def __init__(self) -> None:
        self.made = 0

    def snapshot(self, screen: Screen, view: BoardView) -> bytes:
        self.made += 1
        return b"all:" + b"".join(b"%s=%d " % (row.code.encode(), row.on_duty) for row in screen.rows())

    def update(self, screen: Screen, update: Update, as_of: datetime) -> bytes:
        self.made += 1
        return b"".join(b"%s=%d " % (row.code.encode(), row.on_duty) for row in update.rows)

    def beat(self, view: BoardView) -> bytes:
        return b"|"


def run(story: Coroutine[None, None, None]) -> None:
    virtual_loop.run(asyncio.wait_for(story, PATIENCE_S))


def two_stations() -> FakeBoardSource:
    return FakeBoardSource([make_row(code, "站", "区", "bank", MET, on_duty=2) for code in ("A", "B")])


def calm(source: FakeBoardSource, **settings: float) -> Broadcast:
    return Broadcast(source, beat_every_s=3600, **settings)


def watch(broadcast: Broadcast, make_face: Callable[[], Face] = PlainFace) -> Line:
    """Somebody opens a stream."""
    line = Line()
    broadcast.join(CITY, "plain", make_face, line)
    return line


def test_a_viewer_starts_with_everything_and_the_stations_time() -> None:
    async def story() -> None:
        line = watch(calm(two_stations()))

        assert await line.read() == RETRY + b"all:A=2 B=2 |"

    run(story())


def test_a_row_that_changes_often_before_a_flush_is_told_once() -> None:
    async def story() -> None:
        source = two_stations()
        line = watch(calm(source))
        await line.read()

        for on_duty in (1, 5, 3):
            source.change("A", on_duty=on_duty)
        source.change("B", on_duty=7)

        assert await line.read() == b"A=3 B=7 "

    run(story())


def test_changes_soon_after_a_flush_wait_for_each_other() -> None:
    async def story() -> None:
        source = two_stations()
        line = watch(calm(source, flush_every_s=2.0))
        await line.read()
        source.change("A", on_duty=1)
        assert await line.read() == b"A=1 "

        for on_duty in range(2, 8):
            source.change("A", on_duty=on_duty)
            await asyncio.sleep(0)  # the loop goes round, and nothing is told yet
        source.change("B", on_duty=0)

        assert await line.read() == b"A=7 B=0 "

    run(story())


def test_bytes_are_made_once_for_all_viewers_of_a_face() -> None:
    async def story() -> None:
        source, face = two_stations(), PlainFace()
        broadcast = calm(source)
        lines = [watch(broadcast, lambda: face) for _ in range(50)]
        first = [await line.read() for line in lines]
        assert first == [RETRY + b"all:A=2 B=2 |"] * 50
        assert face.made == 1

        source.change("A", on_duty=1)

        assert [await line.read() for line in lines] == [b"A=1 "] * 50
        assert face.made == 2

    run(story())


def test_who_comes_later_finds_the_change_in_the_snapshot() -> None:
    async def story() -> None:
        source = two_stations()
        broadcast = calm(source)
        early = watch(broadcast)
        await early.read()
        source.change("A", on_duty=9)
        await early.read()

        late = watch(broadcast)

        assert await late.read() == RETRY + b"all:A=9 B=2 |"

    run(story())


def test_nothing_is_subscribed_while_nobody_watches() -> None:
    async def story() -> None:
        source = two_stations()
        broadcast = calm(source)
        assert source.subscribers == []

        viewer = broadcast.join(CITY, "plain", PlainFace, Line())
        assert len(source.subscribers) == 1
        broadcast.leave(viewer)

        assert source.subscribers == []
        assert broadcast.viewers == 0

    run(story())


def test_a_viewer_that_does_not_read_is_let_go_and_the_others_stay() -> None:
    async def story() -> None:
        source = two_stations()
        broadcast = calm(source, viewer_limit_bytes=40, flush_every_s=0)
        asleep, awake = watch(broadcast), watch(broadcast)
        await awake.read()

        on_duty = 0
        while not asleep.is_aborted:
            on_duty += 1
            source.change("A", on_duty=on_duty)
            assert await awake.read() == b"A=%d " % on_duty

        assert on_duty > 2
        assert broadcast.viewers == 1
        assert not awake.is_aborted

    run(story())


def test_a_whole_board_on_its_way_is_nobodys_delay() -> None:
    async def story() -> None:
        source = FakeBoardSource([make_row(f"S-{i}", "站", "区", "bank", MET) for i in range(1000)])
        broadcast = calm(source, viewer_limit_bytes=40)
        line = watch(broadcast)

        source.change("S-1", on_duty=3)

        assert (await line.read()).startswith(RETRY)
        assert await line.read() == b"S-1=3 "
        assert not line.is_aborted

    run(story())


def test_a_new_station_gives_everybody_the_whole_board() -> None:
    async def story() -> None:
        source = two_stations()
        line = watch(calm(source))
        await line.read()

        source.rows["C"] = make_row("C", "新站", "东区", "park", VACANT)
        source.change("C", on_duty=0)

        assert await line.read() == b"all:C=0 A=2 B=2 "  # "东" stands before "区"

    run(story())


def test_a_station_taken_away_is_gone_with_the_next_beat() -> None:
    async def story() -> None:
        source = two_stations()
        line = watch(Broadcast(source, beat_every_s=0.02))
        await line.read()

        del source.rows["A"]
        said = b""
        while b"all:" not in said:
            said = await line.read()

        assert said == b"all:B=2 "

    run(story())


def test_closing_ends_every_stream_after_its_last_bytes() -> None:
    async def story() -> None:
        broadcast = calm(two_stations())
        line = watch(broadcast)

        broadcast.close()

        assert await line.read() == RETRY + b"all:A=2 B=2 |"
        assert await line.read() == b""
        assert line.is_closed

    run(story())


class BrokenLine(Line):
    def write(self, data: bytes, /) -> None:
        if self._chunks:
            raise RuntimeError("the handler is closed")
        super().write(data)


def test_a_viewer_whose_connection_breaks_is_its_own_trouble() -> None:
    async def story() -> None:
        source = two_stations()
        broadcast = calm(source)
        broadcast.join(CITY, "plain", PlainFace, BrokenLine())
        line = watch(broadcast)
        await line.read()

        source.change("A", on_duty=1)

        assert await line.read() == b"A=1 "
        assert broadcast.viewers == 1

    run(story())


class FailingFace(PlainFace):
    def beat(self, view: BoardView) -> bytes:
        self.made += 1
        if self.made > 2:
            raise ValueError("a row that no template can say")
        return b"|"


def test_a_face_that_fails_stops_neither_the_beat_nor_the_others() -> None:
    async def story() -> None:
        broadcast = Broadcast(two_stations(), beat_every_s=0.02)
        broadcast.join(CITY, "failing", FailingFace, Line())
        line = watch(broadcast)
        await line.read()

        assert [await line.read() for _ in range(3)] == [b"|"] * 3
        assert broadcast.troubles() == []

    run(story())


def test_viewers_of_one_district_hear_of_no_other() -> None:
    async def story() -> None:
        source = FakeBoardSource([make_row("A", "站", "东", "bank", MET), make_row("B", "站", "西", "bank", MET)])
        broadcast = calm(source)
        line = Line()
        broadcast.join(Scope(district="西"), "plain", PlainFace, line)
        assert await line.read() == RETRY + b"all:B=0 |"

        source.change("A", on_duty=1)
        await asyncio.sleep(1)
        source.change("B", on_duty=2)

        assert await line.read() == b"B=2 "

    run(story())


def test_a_beat_that_has_ended_is_a_trouble_and_begins_again_with_the_next_viewer() -> None:
    async def story() -> None:
        broadcast = Broadcast(two_stations(), beat_every_s=0.02)
        watch(broadcast)
        assert broadcast._beats is not None
        broadcast._beats.cancel()
        await asyncio.wait([broadcast._beats])

        assert len(broadcast.troubles()) == 1

        watch(broadcast)
        assert broadcast.troubles() == []

    run(story())
