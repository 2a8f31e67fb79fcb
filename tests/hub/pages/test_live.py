"""The broadcast: one making for all, bursts told once, the slow let go, silence where nobody watches."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hub.web.live import Broadcast, Viewer
from tests.hub.pages.board_source import MET, VACANT, FakeBoardSource, make_row

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from datetime import datetime

    from hub.presence.board_view import BoardView
    from hub.web.screen import Screen, Update

PATIENCE_S = 5


class PlainFace:
    """Says codes and counts, and counts how often it was asked."""

    def __init__(self) -> None:
        self.made = 0

    def snapshot(self, screen: Screen, view: BoardView) -> bytes:
        self.made += 1
        return b"all:" + b"".join(b"%s=%d " % (row.code.encode(), row.on_duty) for row in screen.rows())

    def update(self, screen: Screen, update: Update, as_of: datetime) -> bytes:
        self.made += 1
        return b"".join(b"%s=%d " % (move.row.code.encode(), move.row.on_duty) for move in update.moves)

    def beat(self, view: BoardView) -> bytes:
        return b"|"


def run(story: Coroutine[None, None, None]) -> None:
    asyncio.run(asyncio.wait_for(story, PATIENCE_S))


def two_stations() -> FakeBoardSource:
    return FakeBoardSource([make_row(code, "站", "区", "bank", MET, on_duty=2) for code in ("A", "B")])


def calm(source: FakeBoardSource, **settings: float) -> Broadcast:
    return Broadcast(source, beat_every_s=3600, **settings)


def test_a_viewer_starts_with_everything_and_the_stations_time() -> None:
    async def story() -> None:
        viewer = calm(two_stations()).join("plain", PlainFace)

        assert await viewer.take() == b"all:A=2 B=2 |"

    run(story())


def test_a_row_that_changes_often_before_a_flush_is_told_once() -> None:
    async def story() -> None:
        source = two_stations()
        viewer = calm(source).join("plain", PlainFace)
        await viewer.take()

        for on_duty in (1, 5, 3):
            source.change("A", on_duty=on_duty)
        source.change("B", on_duty=7)

        assert await viewer.take() == b"A=3 B=7 "

    run(story())


def test_changes_soon_after_a_flush_wait_for_each_other() -> None:
    async def story() -> None:
        source = two_stations()
        viewer = calm(source, flush_every_s=0.1).join("plain", PlainFace)
        await viewer.take()
        source.change("A", on_duty=1)
        assert await viewer.take() == b"A=1 "

        for on_duty in range(2, 8):
            source.change("A", on_duty=on_duty)
            await asyncio.sleep(0)  # the loop goes round, and nothing is told yet
        source.change("B", on_duty=0)

        assert await viewer.take() == b"A=7 B=0 "

    run(story())


def test_bytes_are_made_once_for_all_viewers_of_a_face() -> None:
    async def story() -> None:
        source, face = two_stations(), PlainFace()
        broadcast = calm(source)
        viewers = [broadcast.join("plain", lambda: face) for _ in range(50)]
        first = [await viewer.take() for viewer in viewers]
        assert first == [b"all:A=2 B=2 |"] * 50
        assert face.made == 1

        source.change("A", on_duty=1)

        assert [await viewer.take() for viewer in viewers] == [b"A=1 "] * 50
        assert face.made == 2

    run(story())


def test_who_comes_later_finds_the_change_in_the_snapshot() -> None:
    async def story() -> None:
        source = two_stations()
        broadcast = calm(source)
        early = broadcast.join("plain", PlainFace)
        await early.take()
        source.change("A", on_duty=9)
        await early.take()

        late = broadcast.join("plain", PlainFace)

        assert await late.take() == b"all:A=9 B=2 |"

    run(story())


def test_nothing_is_subscribed_while_nobody_watches() -> None:
    async def story() -> None:
        source = two_stations()
        broadcast = calm(source)
        assert source.subscribers == []

        viewer = broadcast.join("plain", PlainFace)
        assert len(source.subscribers) == 1
        broadcast.leave(viewer)

        assert source.subscribers == []
        assert broadcast.viewers == 0

    run(story())


def test_a_viewer_that_does_not_read_is_let_go_and_the_others_stay() -> None:
    async def story() -> None:
        source = two_stations()
        broadcast = calm(source, viewer_limit_bytes=40, flush_every_s=0)
        asleep, awake = broadcast.join("plain", PlainFace), broadcast.join("plain", PlainFace)
        await awake.take()

        on_duty = 0
        while not asleep.let_go.done():
            on_duty += 1
            source.change("A", on_duty=on_duty)
            assert await awake.take() == b"A=%d " % on_duty

        assert broadcast.viewers == 1
        assert not awake.let_go.done()

    run(story())


def test_a_new_station_gives_everybody_the_whole_board() -> None:
    async def story() -> None:
        source = two_stations()
        viewer = calm(source).join("plain", PlainFace)
        await viewer.take()

        source.rows["C"] = make_row("C", "新站", "新区", "park", VACANT)
        source.change("C", on_duty=0)

        assert await viewer.take() == b"all:C=0 A=2 B=2 "

    run(story())


def test_a_station_taken_away_is_gone_with_the_next_beat() -> None:
    async def story() -> None:
        source = two_stations()
        viewer = Broadcast(source, beat_every_s=0.02).join("plain", PlainFace)
        await viewer.take()

        del source.rows["A"]
        said = b""
        while b"all:" not in said:
            said = await viewer.take()

        assert b"all:B=2 " in said

    run(story())


def test_closing_ends_every_stream_after_its_last_bytes() -> None:
    async def story() -> None:
        broadcast = calm(two_stations())
        viewer = broadcast.join("plain", PlainFace)

        broadcast.close()

        assert await viewer.take() == b"all:A=2 B=2 |"
        assert await viewer.take() == b""

    run(story())


def test_all_that_is_pending_is_taken_at_once() -> None:
    async def story() -> None:
        viewer = Viewer(limit_bytes=100)

        viewer.give(b"one ")
        viewer.give(b"two ")

        assert await viewer.take() == b"one two "

    run(story())
