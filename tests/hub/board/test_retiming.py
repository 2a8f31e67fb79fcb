"""Taps by clocks that were wrong: who is there is what the true times make of it, whatever order records come in."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.intake.rows import moment_of, ms_of
from hub.intake.runs import KnownRun
from hub.presence.liveness import Liveness
from hub.presence.pieces import MOST_DOUBTED, Doubtful
from hub.presence.presences import Presences
from hub.presence.watches import Watches
from station.fold import PlacedTap, fold
from station.hours import SHANGHAI
from station.names import Epoch, KioskId, PersonId, Seq
from station.records import Action, ClockState
from station.stints import Stint
from station.truetime import Mark, Placed, place
from station.watching import KioskWatch
from station.wire.messages import Holder
from tests.hub.board.town import STATION, TERMS, TODAY, token_of
from tests.station.kiosk_life import BEGAN_MS, MINUTE_MS, Made, claims

KIOSKS: Final = (KioskId("K-1"), KioskId("K-2"))
RULES: Final = {STATION: TERMS.rules(SHANGHAI, since=TODAY, until=TODAY + timedelta(days=30))}
HOLDERS: Final = {token_of(i): Holder(PersonId(f"p{i}")) for i in range(3)}
LATER: Final = moment_of(BEGAN_MS) + timedelta(days=40)
ACTIONS: Final = (Action.ARRIVE, Action.LEAVE, Action.RETURN)
NOW_HEARD: Final = Liveness(LATER)

Batch = tuple[KnownRun, list[tuple[Any, ...]]]


def kind_of(one: Made) -> str:
    """The first record of a run is its `started`, the second tells of the reader, the rest are taps and syncs."""
    return {1: "started", 2: "reader"}.get(one.seq, "clock" if one.is_sync else "tap")


def row_of(run: int, one: Made, received_ms: int) -> tuple[Any, ...]:
    kind, body = kind_of(one), None
    if kind == "started":
        body = json.dumps({"version": "1", **({"before": one.before} if one.before else {})})
    elif kind == "reader":
        body = json.dumps({"reader": "door", "state": "up" if one.mono_ms % 3 else "blind"})
    token = token_of(one.seq % 3) if kind == "tap" else None
    action = ACTIONS[one.seq // 3 % 3].value if kind == "tap" else None
    return (
        run, one.seq, kind, one.at_ms, one.clock.value, one.boot, one.mono_ms, token, action, None, "ntag213", "door",
        body, received_ms,
    )  # fmt: skip


def received_ms(one: Made) -> int:
    return one.true_ms + 1000 + one.seq % 7 * MINUTE_MS


def batches_of(kiosk: int, made: list[Made]) -> list[Batch]:
    """Its records as messages of at most two bring them."""
    found: list[Batch] = []
    for number, (epoch, records) in enumerate(groupby(made, key=lambda one: one.epoch)):
        run = KnownRun(100 * kiosk + number, KIOSKS[kiosk], epoch, STATION)
        rows = [row_of(run.id, one, received_ms(one)) for one in records]
        found += [(run, rows[first : first + 2]) for first in range(0, len(rows), 2)]
    return found


def taken(batches: Iterable[Batch], fold_every: int = 1) -> Presences:
    presences = Presences(RULES, HOLDERS)
    for number, (run, rows) in enumerate(batches):
        presences.take(run, rows, 0)
        if number % fold_every == 0:
            presences.fold()
    presences.fold()
    return presences


def stints_of(presences: Presences) -> dict[str, list[Stint]]:
    found: dict[str, list[Stint]] = defaultdict(list)
    for here in presences.stints(STATION, LATER):
        found[here.person.key].append(here.stint)
    return found


def placed(made: list[Made]) -> list[tuple[Made, Placed]]:
    marks = [
        Mark(one.epoch, one.at_ms, one.clock, one.boot, one.mono_ms, kind_of(one) == "clock", received_ms(one))
        for one in made
    ]
    return list(zip(made, place(marks), strict=True))


def stints_by_rule(lives_made: list[list[Made]]) -> dict[str, list[Stint]]:
    """Everything placed and folded at once, by the rooms' pure functions alone."""
    taps: dict[str, list[PlacedTap]] = defaultdict(list)
    for kiosk, made in zip(KIOSKS, lives_made, strict=False):
        for one, true in placed(made):
            if kind_of(one) == "tap":
                taps[f"p{one.seq % 3}"].append(
                    PlacedTap(
                        moment_of(true.at_ms), kiosk, one.epoch, Seq(one.seq), STATION, ACTIONS[one.seq // 3 % 3],
                        uncertain=true.clock is not ClockState.SYNCED,
                    )
                )  # fmt: skip
    courses = {key: fold(theirs, RULES) for key, theirs in taps.items()}
    return {key: list(course.stints_at(LATER)) for key, course in courses.items() if course.stints}


@settings(max_examples=150)
@given(claims(), claims(), st.data())
def test_any_order_of_arrival_is_what_the_true_times_make_of_it(
    one: list[Made], other: list[Made], data: st.DataObject
) -> None:
    batches = [*batches_of(0, one), *batches_of(1, other)]
    mixed = data.draw(st.permutations(batches))

    presences = taken(mixed, fold_every=data.draw(st.integers(1, 4)))

    assert stints_of(presences) == stints_by_rule([one, other])


@settings(max_examples=150)
@given(claims(), st.data())
def test_any_order_of_arrival_was_watched_as_a_rebuild_has_it(made: list[Made], data: st.DataObject) -> None:
    batches = batches_of(0, made)
    mixed = data.draw(st.permutations(batches))

    spans = Watches(taken(mixed).logs).watched_by(KIOSKS[0], NOW_HEARD, LATER)

    by_rule = KioskWatch()
    for one, true in placed(made):
        run = by_rule.run(one.epoch)
        run.take(one.seq, true.at_ms)
        if kind_of(one) == "reader":
            run.reader_is("door", "up" if one.mono_ms % 3 else "blind")
    stretches = by_rule.stretches(ms_of(LATER), is_heard=False)
    wanted = sorted((moment_of(stretch.since_ms), moment_of(stretch.until_ms)) for stretch in stretches)
    assert sorted(span for span in spans if span.since < span.until) == [pair for pair in wanted if pair[0] < pair[1]]


@settings(max_examples=30)
@given(claims(), st.data())
def test_a_new_day_leaves_everybody_where_they_were(made: list[Made], data: st.DataObject) -> None:
    batches = batches_of(0, made)
    known = data.draw(st.integers(0, len(batches)))
    presences = taken(batches[:known])

    presences.learn(RULES, HOLDERS, since=moment_of(0))
    for run, rows in batches[known:]:
        presences.take(run, rows, 0)
    presences.fold()

    assert stints_of(presences) == stints_by_rule([made])


def test_who_tapped_in_1970_is_there_once_the_clock_is_set() -> None:
    run, nine_ms = KnownRun(1, KIOSKS[0], Epoch("e" * 16), STATION), BEGAN_MS + 60 * MINUTE_MS
    tap = Made(run.epoch, None, 9, 5_000, ClockState.UNSET, "b", 5_000, is_sync=False, true_ms=nine_ms)
    clock = Made(run.epoch, None, 10, nine_ms, ClockState.SYNCED, "b", 15_000, is_sync=True, true_ms=nine_ms)
    presences = taken([(run, [row_of(1, tap, nine_ms + 8 * 60 * MINUTE_MS)])])

    presences.take(run, [row_of(1, clock, nine_ms + 8 * 60 * MINUTE_MS)], 0)
    touched = presences.fold()

    (stint,) = stints_of(presences)["p0"]
    assert (stint.began_at, stint.uncertain) == (moment_of(nine_ms - 10_000), False)
    assert list(touched) == [STATION]


def test_a_late_record_of_the_run_before_moves_a_tap_that_is_in_doubt() -> None:
    before, after = (KnownRun(run, KIOSKS[0], Epoch(name * 16), STATION) for run, name in ((1, "a"), (2, "b")))
    nine_ms, received_ms = BEGAN_MS + 60 * MINUTE_MS, BEGAN_MS + 240 * MINUTE_MS
    sure = [
        Made(before.epoch, None, seq, nine_ms + minutes * MINUTE_MS, ClockState.SYNCED, "a", 1 + seq, False, 0)
        for seq, minutes in ((4, 0), (5, 30))
    ]
    started = Made(after.epoch, before.epoch, 1, nine_ms, ClockState.ESTIMATED, "b", 1, False, 0)
    tap = Made(after.epoch, before.epoch, 9, nine_ms, ClockState.ESTIMATED, "b", 2, False, 0)
    presences = taken([(before, [row_of(1, sure[0], received_ms)])])

    for run, one in ((after, started), (after, tap), (before, sure[1])):
        presences.take(run, [row_of(run.id, one, received_ms)], 0)
        presences.fold()

    (stint,) = stints_of(presences)["p0"]
    assert (stint.began_at, stint.uncertain) == (
        moment_of(nine_ms + 30 * MINUTE_MS + 2),
        True,
    )  # as far behind `started` as since boot


def test_of_weeks_in_doubt_only_the_end_is_placed_record_by_record() -> None:
    run, many = KnownRun(1, KIOSKS[0], Epoch("e" * 16), STATION), 3 * MOST_DOUBTED
    end_ms = BEGAN_MS + 60 * MINUTE_MS
    rows = [
        row_of(1, Made(run.epoch, None, 9 * n, n, ClockState.UNSET, "b", n, is_sync=False, true_ms=0), end_ms)
        for n in range(1, many)
    ]
    rows = [(*row[:1], n, *row[2:]) for n, row in enumerate(rows, 1)]
    clock = Made(run.epoch, None, many, end_ms, ClockState.SYNCED, "b", many, is_sync=True, true_ms=end_ms)
    presences = taken([(run, rows), (run, [row_of(1, clock, end_ms)])])

    kept = presences.logs.take(run, [])

    assert kept.moment(many - 1, 0) == (end_ms - 1, False)
    assert kept.moment(1, 0) == (0, True)
    assert sum(len(piece.true_ms) for piece in kept.pieces if isinstance(piece, Doubtful)) <= MOST_DOUBTED * 5 // 4
