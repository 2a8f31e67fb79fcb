"""A hub that starts again shows what it showed before, taps by clocks that were wrong among them."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.intake.rows import row_of
from hub.ledger.stint_rows import LedgerStint
from hub.presence.recent import LOOK_BACK
from station.duty import DutyClass
from station.milliseconds import moment_of, ms_of
from station.names import Epoch, KioskId, Seq
from station.records import Action, ClockState, Pulse, ReaderChange, ReaderState
from tests.hub.board.test_retiming import KIOSKS, Come, at_once, come, stints_of, stored, taken
from tests.hub.board.town import OTHER, STATION, Town, at
from tests.station.kiosk_life import BEGAN_MS, DAY_MS, MINUTE_MS, Made, claims, lives

Span = tuple[datetime, datetime]


def stints(town: Town) -> list[LedgerStint]:
    """All that a new day does not let go of."""
    since_ms = ms_of(town._now - LOOK_BACK)
    found = [one for code in (STATION, OTHER) for one in town.city.recent.stints(code)]
    return sorted(one for one in found if max(ms_of(one.stint.ended_at), one.tapped_ms) >= since_ms)


def spans(town: Town) -> list[tuple[KioskId, Span]]:
    since = moment_of(ms_of(town._now - LOOK_BACK))
    return sorted(
        (kiosk, span)
        for kiosk in KIOSKS
        for heard in (True, False)
        for span in town.city.watching.watched_by(kiosk, town._now, is_heard=heard)
        if span[1] >= since
    )


def rows(town: Town) -> list[Any]:
    return list(town.board.view().rows)


def shown(town: Town) -> tuple[Any, ...]:
    """All that may differ. Since when a class holds, a hub that went on may know from before."""
    at_each = [(town.city.recent.present(code, town._now), town.board.duty_class(code)) for code in (STATION, OTHER)]
    return stints(town), spans(town), at_each


def folded(town: Town) -> dict[tuple[KioskId, Epoch], int]:
    """What is told of runs."""
    told = town.city.recent.folded(STATION)
    return {(kiosk, epoch): seq for kiosk, runs in told.items() for epoch, seq in runs.items()}


def assert_starts_again_the_same(town: Town) -> None:
    """But that a hub that starts tells nothing of runs that ended before what it reads."""
    before, told = shown(town), folded(town)

    town.start()

    assert shown(town) == before
    assert folded(town) == {run: told[run] for run in folded(town)}


@settings(max_examples=15, deadline=None)
@given(lives(), lives(2), st.integers(0, 48 * 60))
def test_a_hub_that_starts_again_shows_what_the_one_before_did(
    made: list[Made], other: list[Made], minutes_later: int
) -> None:
    coming = sorted([*come(0, made, 5), *come(1, other, 3)], key=lambda some: some.made[-1].true_ms)
    town = Town(KIOSKS)
    for one in coming:
        town.go_to(moment_of(one.made[-1].true_ms + 1000))
        town.core.fold_stored([stored(town, one, at_once)])
        town.fold()
    town.go_to(town._now + timedelta(minutes=minutes_later))

    assert_starts_again_the_same(town)


@settings(max_examples=15, deadline=None)
@given(claims(), st.data())
def test_a_hub_that_starts_again_after_records_in_any_order_shows_what_the_one_before_did(
    made: list[Made], data: st.DataObject
) -> None:
    town = taken(data.draw(st.permutations(come(0, made))), now_text="33:00")
    town.pass_time("33:00:01")

    assert_starts_again_the_same(town)


def test_a_clock_that_was_right_days_ago_in_the_run_before_is_read_back_with_what_hangs_on_it() -> None:
    first, second = Epoch("a" * 16), Epoch("b" * 16)
    began_ms, later_ms, wrong_ms = BEGAN_MS, BEGAN_MS + 5 * DAY_MS, BEGAN_MS + 2 * DAY_MS
    made = [
        Made(first, None, 1, began_ms, ClockState.SYNCED, "boot", 1, is_sync=False, true_ms=began_ms),
        Made(second, first, 1, wrong_ms, ClockState.ESTIMATED, "boot", 5 * DAY_MS, is_sync=False, true_ms=later_ms),
        Made(second, first, 9, wrong_ms, ClockState.ESTIMATED, "boot", 5 * DAY_MS + 1, is_sync=False, true_ms=later_ms),
    ]
    town = taken([Come(KIOSKS[0], one.epoch, [one]) for one in made], at_once)
    town.go_to(moment_of(later_ms) + timedelta(hours=1))

    town.start()

    (stint,) = stints_of(town)["p1"]
    assert (stint.began_at, stint.uncertain) == (moment_of(later_ms), True)


def test_who_tapped_by_a_clock_that_is_still_in_1970_is_there_after_a_restart() -> None:
    run, true_ms = Epoch("a" * 16), BEGAN_MS + 60 * MINUTE_MS
    made = [
        Made(run, None, seq, ms, ClockState.UNSET, "boot", ms, is_sync=False, true_ms=true_ms)
        for seq, ms in ((1, 1000), (9, 5000))
    ]
    town = taken([Come(KIOSKS[0], run, made)], at_once, "09:00:30")

    town.start()

    (stint,) = stints_of(town)["p1"]
    assert (stint.began_at, stint.uncertain) == (moment_of(true_ms + 1000), True)


def test_a_restart_in_the_middle_of_a_backlog_shows_in_the_end_what_one_hub_would() -> None:
    once, twice = (Town(KIOSKS, "09:00") for _ in range(2))
    for town in (once, twice):
        for number in range(1, 30):
            one = Come(KIOSKS[number % 2], Epoch(f"{number:016x}"), nine_records(ms_of(at(f"08:{number:02}"))))
            town.core.ledger.touch([stored(town, one, at_once).run.id])
            if number % 5 == 0:
                town.core.fold()

    once.fold()
    twice.core.fold()
    twice.start()
    twice.fold()

    assert (shown(twice), folded(twice)) == (shown(once), folded(once))
    assert rows(twice) == rows(once)
    assert stints(once)


def test_a_reader_that_was_stated_days_ago_by_a_doubtful_clock_watches_after_a_restart() -> None:
    run, began_ms = Epoch("a" * 16), ms_of(at("08:30")) - 50 * 60 * MINUTE_MS
    stamp = {"clock": ClockState.ESTIMATED, "boot": "boot"}
    moments = range(began_ms, ms_of(at("08:30")) + 1, 5 * MINUTE_MS)
    records = [
        Pulse(seq=Seq(seq), at=moment_of(ms), mono_ms=1000 + ms - began_ms, **stamp)
        for seq, ms in enumerate(moments, 1)
    ]
    reader = {"reader": "door", "state": ReaderState.UP}
    records[0] = ReaderChange(seq=Seq(1), at=records[0].at, mono_ms=1000, **stamp, **reader)
    town = Town(KIOSKS[:1], "08:30:30")
    town.heard()
    known = town.run("K-1", run)
    town.take(known, [row_of(record, known.id, ms_of(at("08:30:01"))) for record in records])
    before = spans(town)
    assert town.row().duty_class == "vacant"

    town.start()
    town.heard()

    assert spans(town) == before
    assert before[0][1][1] >= at("08:30")
    assert town.row().duty_class == "vacant"


def nine_records(at_ms: int) -> list[Made]:
    """All but the first two are taps."""
    return [
        Made(Epoch(""), None, seq, at_ms, ClockState.SYNCED, f"b{at_ms}", seq, is_sync=False, true_ms=at_ms)
        for seq in range(1, 10)
    ]


def test_a_class_holds_since_when_it_held_before_the_restart() -> None:
    town = Town(now_text="08:00:10")
    town.heard()
    for text, person, action in (
        ("08:10", 1, Action.ARRIVE), ("08:20", 2, Action.ARRIVE), ("08:40", 1, Action.LEAVE), ("08:50", 3, Action.ARRIVE),
    ):  # fmt: skip
        town.go(text)
        town.heard()
        town.tap(person, text, action)
    town.go("09:00")
    before = town.row()

    town.start()
    town.heard()

    assert (before.duty_class, before.since) == ("met", at("08:50"))
    assert town.row().since == before.since


def test_who_tapped_at_a_kiosk_that_woke_with_fridays_clock_and_its_line_up_is_there_now_and_after_a_restart() -> None:
    """Nothing has set it since: it says 18:01 of a day long over, and is heard at once all the same."""
    before, after = (Epoch(name * 16) for name in "ab")
    stopped_ms, woke_ms = ms_of(at("18:00")) - 3 * DAY_MS, ms_of(at("07:44"))
    last = Made(before, None, 1, stopped_ms, ClockState.SYNCED, "a", 1, is_sync=False, true_ms=stopped_ms)
    made = [
        Made(
            after,
            before,
            seq,
            stopped_ms + mono,
            ClockState.ESTIMATED,
            "b",
            mono,
            is_sync=False,
            true_ms=woke_ms + mono,
        )
        for seq, mono in ((1, MINUTE_MS), (2, 5 * MINUTE_MS + 1), (9, 6 * MINUTE_MS))
    ]
    town = taken([Come(KIOSKS[0], one.epoch, [one]) for one in (last, *made)], at_once, "08:01")

    assert (town.row().on_duty, town.row().duty_class) == (1, DutyClass.MINIMUM)
    town.start()

    (stint,) = stints_of(town)["p1"]
    assert (stint.began_at, stint.uncertain) == (at("07:50:01"), True)
    assert (town.row().on_duty, town.row().duty_class) == (1, DutyClass.MINIMUM)
