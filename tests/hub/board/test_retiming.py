"""Taps by clocks that were wrong: who is there is what the true times make of it, whatever order records come in."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any, Final, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.intake.gathering import Stored
from hub.intake.rows import RecordRow
from hub.register.terms import Clause, StationTerms
from station.fold import PlacedTap, fold
from station.hours import SHANGHAI
from station.milliseconds import moment_of, ms_of
from station.names import Epoch, KioskId, Seq
from station.records import Action, ClockState
from station.stints import Stint
from station.truetime import Placed, TimeMark, place
from station.watching import RunWatch
from tests.hub.board.town import STATION, WEEK, Town, at, token_of
from tests.station.kiosk_life import BEGAN_MS, MINUTE_MS, Made, claims, lives

KIOSKS: Final = (KioskId("K-1"), KioskId("K-2"))
TERMS: Final = StationTerms((Clause(date(2000, 1, 1), WEEK),))
RULES: Final = {STATION: TERMS.rules(SHANGHAI, since=date(2026, 3, 1), until=date(2026, 4, 30))}
LATER: Final = moment_of(BEGAN_MS) + timedelta(days=40)
IN_THE_END: Final = datetime.max.replace(tzinfo=UTC)
LATELY: Final = timedelta(hours=47)
AFTER_ALL: Final = "33:00"  # of what `claims` makes
ACTIONS: Final = (Action.ARRIVE, Action.LEAVE, Action.RETURN)


class Come(NamedTuple):
    """Records of one run that come together."""

    kiosk: KioskId
    epoch: Epoch
    made: list[Made]


def kind_of(one: Made) -> str:
    """The first record of a run is its `started`, the second tells of the reader, the rest are taps and syncs."""
    return {1: "started", 2: "reader"}.get(one.seq, "clock" if one.is_sync else "tap")


def row_of(run: int, one: Made, received_ms: int) -> RecordRow:
    kind, body = kind_of(one), None
    if kind == "started":
        body = json.dumps({"version": "1", **({"before": one.before} if one.before else {})})
    elif kind == "reader":
        body = json.dumps({"reader": "door", "state": reader_of(one)})
    token = token_of(1 + one.seq % 3) if kind == "tap" else None
    action = action_of(one).value if kind == "tap" else None
    return RecordRow(
        run, one.seq, kind, one.at_ms, one.clock.value, one.boot, one.mono_ms, token, action, None, "ntag213", "door",
        body, received_ms,
    )  # fmt: skip


def reader_of(one: Made) -> str:
    return "up" if one.mono_ms % 3 else "blind"


def action_of(one: Made) -> Action:
    return ACTIONS[one.seq // 3 % 3]


def received_ms(one: Made) -> int:
    return one.true_ms + 1000 + one.seq % 7 * MINUTE_MS


def at_once(one: Made) -> int:
    return one.true_ms + 1000


def come(kiosk: int, made: list[Made], together: int = 2) -> list[Come]:
    """Its records as messages of at most so many bring them."""
    found: list[Come] = []
    for epoch, records in groupby(made, key=lambda one: one.epoch):
        rest = list(records)
        while rest:
            found.append(Come(KIOSKS[kiosk], epoch, rest[:together]))
            rest = rest[together:]
    return found


def stored(town: Town, one: Come, when: Any = received_ms) -> Stored:
    run = town.run(one.kiosk, one.epoch)
    return town.store(run, [row_of(run.id, made, when(made)) for made in one.made])


def taken(coming: Iterable[Come], when: Any = received_ms, now_text: str = "07:00") -> Town:
    """A town to which all of it came, one after the other."""
    town = Town(KIOSKS, now_text)
    for one in coming:
        town.core.fold_stored([stored(town, one, when)])
        town.fold()
    return town


def lately(found: dict[str, list[Stint]]) -> dict[str, list[Stint]]:
    """Of each person what the board remembers for sure: what was not over two days before they tapped last."""
    return {
        key: [one for one in some if one.ended_at and one.ended_at > max(s.began_at for s in some) - LATELY]
        for key, some in found.items()
    }


def stints_of(town: Town) -> dict[str, list[Stint]]:
    """As time ends them; as the taps said, they come to the same."""
    found: dict[str, list[Stint]] = defaultdict(list)
    for one in town.city.recent.stints(STATION):
        assert list(fold([], RULES, base=one.told).stints_at(IN_THE_END)) == [one.stint]
        found[one.person].append(one.stint)
    return lately(found)


def placed(made: list[Made], when: Any = received_ms) -> list[tuple[Made, Placed]]:
    marks = [
        TimeMark(one.epoch, one.at_ms, one.clock, one.boot, one.mono_ms, kind_of(one) == "clock", when(one))
        for one in made
    ]
    return list(zip(made, place(marks), strict=True))


def stints_by_rule(lives_made: list[list[Made]], when: Any = received_ms) -> dict[str, list[Stint]]:
    """Everything placed and folded at once, by the rooms' pure functions alone."""
    taps: dict[str, list[PlacedTap]] = defaultdict(list)
    for kiosk, made in zip(KIOSKS, lives_made, strict=False):
        for one, true in placed(made, when):
            if kind_of(one) == "tap":
                taps[f"p{1 + one.seq % 3}"].append(
                    PlacedTap(
                        moment_of(true.at_ms), kiosk, one.epoch, Seq(one.seq), STATION, action_of(one),
                        uncertain=true.clock is not ClockState.SYNCED,
                    )
                )  # fmt: skip
    courses = {key: fold(theirs, RULES) for key, theirs in taps.items()}
    return lately(
        {
            key: [replace(stint, begun_by=None) for stint in course.stints_at(IN_THE_END)]
            for key, course in courses.items()
            if course.stints
        }
    )


def watched_by_rule(made: list[Made], when: Any = received_ms) -> list[tuple[datetime, datetime]]:
    runs: dict[Epoch, RunWatch] = defaultdict(RunWatch)
    for one, true in placed(made, when):
        run = runs[one.epoch]
        run.take(one.seq, true.at_ms)
        if kind_of(one) == "reader":
            run.reader_is("door", reader_of(one))
    return sorted(
        (moment_of(one.since_ms), moment_of(one.until_ms))
        for run in runs.values()
        for one in run.stretches
        if one.since_ms < one.until_ms
    )


def watched(town: Town) -> list[tuple[datetime, datetime]]:
    spans = town.city.watching.watched_by(KIOSKS[0], LATER, is_heard=False)
    return sorted(span for span in spans if span[0] < span[1])


@settings(max_examples=25, deadline=None)
@given(claims(), claims(), st.data())
def test_any_order_of_arrival_is_what_the_true_times_make_of_it(
    one: list[Made], other: list[Made], data: st.DataObject
) -> None:
    """Handed on or only due, folded at once or later, by one hub or by several one after the other."""
    mixed = data.draw(st.permutations([*come(0, one), *come(1, other)]))
    town = Town(KIOSKS, AFTER_ALL)

    for some in mixed:
        came = stored(town, some)
        match data.draw(st.sampled_from(("live", "live", "live, written", "due", "lost"))):
            case "live":
                town.core.fold_stored([came])
            case "live, written":
                town.core.fold_stored([came])
                town.core.write()
            case "due":
                town.core.ledger.touch([came.run.id])
                town.core.fold()
            case "lost":
                town.start()
    town.fold()

    assert stints_of(town) == stints_by_rule([one, other])


@settings(max_examples=25, deadline=None)
@given(claims(), st.data())
def test_any_order_of_arrival_was_watched_as_the_rules_have_it(made: list[Made], data: st.DataObject) -> None:
    mixed = data.draw(st.permutations(come(0, made)))

    assert watched(taken(mixed)) == watched_by_rule(made)


@settings(max_examples=12, deadline=None)
@given(lives(), lives(), st.integers(1, 9))
def test_in_the_order_of_life_it_is_what_the_true_times_make_of_it(
    one: list[Made], other: list[Made], together: int
) -> None:
    coming = sorted([*come(0, one, together), *come(1, other, together)], key=lambda some: some.made[-1].true_ms)

    town = taken(coming, at_once)

    assert stints_of(town) == stints_by_rule([one, other], at_once)
    assert watched(town) == watched_by_rule(one, at_once)


@settings(max_examples=10, deadline=None)
@given(claims(), st.data())
def test_a_new_day_leaves_everybody_where_they_were(made: list[Made], data: st.DataObject) -> None:
    coming = come(0, made)
    known = data.draw(st.integers(0, len(coming)))
    town = taken(coming[:known])

    town.pass_time("25:00")
    for one in coming[known:]:
        town.core.fold_stored([stored(town, one)])
        town.fold()

    assert stints_of(town) == stints_by_rule([made])


def test_who_tapped_in_1970_is_there_once_the_clock_is_set() -> None:
    run, nine_ms = Epoch("e" * 16), BEGAN_MS + 60 * MINUTE_MS
    tap = Made(run, None, 9, 5_000, ClockState.UNSET, "b", 5_000, is_sync=False, true_ms=nine_ms)
    clock = Made(run, None, 10, nine_ms, ClockState.SYNCED, "b", 15_000, is_sync=True, true_ms=nine_ms)
    town = taken([Come(KIOSKS[0], run, [tap])], lambda _: nine_ms + 8 * 60 * MINUTE_MS, "17:00")
    mistaken = town.row().on_duty
    town.rows.clear()

    town.core.fold_stored([stored(town, Come(KIOSKS[0], run, [clock]), lambda _: nine_ms + 8 * 60 * MINUTE_MS)])
    town.fold()

    (stint,) = stints_of(town)["p1"]
    assert (stint.began_at, stint.uncertain) == (moment_of(nine_ms - 10_000), False)
    assert (mistaken, [(row.code, row.on_duty) for row in town.rows]) == (1, [(STATION, 0)])


def test_a_late_record_of_the_run_before_moves_a_tap_that_is_in_doubt() -> None:
    before, after = (Epoch(name * 16) for name in "ab")
    nine_ms = BEGAN_MS + 60 * MINUTE_MS
    sure = [
        Made(before, None, seq, nine_ms + minutes * MINUTE_MS, ClockState.SYNCED, "a", 1 + seq, False, 0)
        for seq, minutes in ((4, 0), (5, 30))
    ]
    started = Made(after, before, 1, nine_ms, ClockState.ESTIMATED, "b", 1, False, 0)
    tap = Made(after, before, 9, nine_ms, ClockState.ESTIMATED, "b", 2, False, 0)

    town = taken(
        [Come(KIOSKS[0], one.epoch, [one]) for one in (sure[0], started, tap, sure[1])],
        lambda _: ms_of(at("12:00")),
    )

    (stint,) = stints_of(town)["p1"]
    since_boot_ms = tap.mono_ms  # which was no sooner than the last record before it
    assert (stint.began_at, stint.uncertain) == (moment_of(nine_ms + 30 * MINUTE_MS + since_boot_ms), True)
