"""Whoever taps now is shown before what comes late from elsewhere."""

import asyncio
from contextlib import closing

from hub.intake.gathering import Stored
from hub.intake.rows import ms_of, row_of
from hub.intake.runs import KnownRun
from hub.presence.feed import Feed
from hub.presence.leaving_out import plainly
from hub.presence.telling import Telling
from station.duty import DutyClass
from station.names import Epoch, KioskId, StationCode
from station.records import Action
from tests.hub.board.town import OTHER, STATION, Town, at, tap

LATE = 4_000  # records: a part of a second's work


def a_feed(town: Town, loop: asyncio.AbstractEventLoop) -> Feed:
    return Feed(
        loop=loop, clock=town.clock, presences=town.presences, liveness=town.liveness, board=town.board,
        telling=Telling(town.clock, town.presences, lambda _: DutyClass.MET), begin_day=lambda _: None,
        attempt=plainly,
    )  # fmt: skip


def stored(run: int, station: StationCode, moments: list[str], first_person: int) -> Stored:
    known = KnownRun(run, KioskId(f"K-{run}"), Epoch(f"{run:016x}"), station)
    rows = [
        row_of(tap(seq, at(text), Action.ARRIVE, first_person + seq), known.id, ms_of(at("09:00")))
        for seq, text in enumerate(moments, 1)
    ]
    known.add(1, len(rows))
    return Stored(known, rows, len(rows))


def looked_at(town: Town, late: list[Stored], live: Stored) -> tuple[list[str], int]:
    """Who is shown at the other station as soon as the live tap has been taken, and how much waits then."""
    found = []
    with closing(asyncio.new_event_loop()) as loop, closing(a_feed(town, loop)) as feed:
        feed.hand_on(late)
        feed.hand_on([live])
        loop.call_soon(
            lambda: found.append(([here.person.key for here in town.presences.here(OTHER, at("09:00"))], feed.behind))
        )
        loop.run_until_complete(asyncio.sleep(0))
    return found[0]


def test_a_tap_of_now_is_shown_though_a_month_from_elsewhere_waits():
    late = [stored(run, STATION, ["08:00"] * 100, 1000 * run) for run in range(1, 1 + LATE // 100)]

    shown, behind = looked_at(Town(now_text="09:00"), late, stored(99, OTHER, ["08:59:59"], 1))

    assert shown == ["p2"]
    assert behind > 0


def test_nothing_overtakes_what_waits_of_its_own_run():
    late = [stored(run, STATION, ["08:00"] * 100, 1000 * run) for run in range(1, 1 + LATE // 100)]
    before = stored(99, OTHER, ["08:01"], 500)
    after = stored(99, OTHER, ["08:59:59"], 1)

    shown, _ = looked_at(Town(now_text="09:00"), [*late, before], after)

    assert shown == []
