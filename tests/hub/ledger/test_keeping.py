"""What the ledger says of days that an operator would know: late records, wrong clocks, restarts, new hours."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import event, select
from sqlmodel import Session

from hub.database.tables import TermsRow
from hub.database.transactions import reading
from hub.intake.gathering import Stored
from hub.intake.rows import RecordRow
from hub.intake.runs import KnownRun
from hub.ledger import ledger as ledger_module
from hub.ledger.following import MOST_ROWS
from hub.ledger.queries import LEDGER_RUN, LEDGER_TAP, RECORD, STINT, WATCHED
from hub.register.spelling import spell_week
from station.hours import Span
from station.names import KioskId, StationCode
from station.records import Action, ClockState, ReaderChange, ReaderState
from tests.hub.cities import raise_edition
from tests.hub.ledger.bench import LedgerBench, clock_of, ledger_bench
from tests.hub.ledger.stories import BAD_START, BEGAN, MINUTE, KioskStory, a_working_day

pytestmark = pytest.mark.usefixtures("either_database")

ARRIVE, LEAVE, RETURN = Action.ARRIVE, Action.LEAVE, Action.RETURN
S_01, K_01 = StationCode("S-01"), KioskId("K-01-1")


def tap_at(story: KioskStory, text: str, action: Action, person: int = 1) -> None:
    hours, minutes = text.split(":")
    story.now = BEGAN + int(hours) * 60 * MINUTE + int(minutes) * MINUTE
    story.tap(person, action)


def a_morning() -> KioskStory:
    story = a_working_day()
    tap_at(story, "08:00", ARRIVE)
    tap_at(story, "09:00", ARRIVE, person=2)
    tap_at(story, "10:30", LEAVE)
    return story


def test_who_left_and_who_forgot() -> None:
    with ledger_bench() as hub:
        hub.take(a_morning().written)

        assert hub.stints() == [("p1", "08:00", "10:30", "leave"), ("p2", "09:00", "11:30", "assumed")]


def test_off_hours_that_ended_before_the_opening_have_no_period() -> None:
    story = a_working_day()
    tap_at(story, "12:40", ARRIVE)
    tap_at(story, "13:00", LEAVE)
    tap_at(story, "13:10", ARRIVE, person=2)
    tap_at(story, "15:00", LEAVE, person=2)
    with ledger_bench() as hub:
        hub.take(story.written)

        rows = sorted(hub.rows(STINT), key=lambda row: row["person"])
        assert [(clock_of(row["began_ms"]), row["period_opens_ms"] is None) for row in rows] == [
            ("12:40", True),
            ("13:10", False),
        ]


def test_the_same_records_again_change_nothing() -> None:
    with ledger_bench() as hub:
        written = a_morning().written
        hub.take(written)
        before = hub.everything()

        hub.take(written)

        assert hub.everything() == before


def test_a_record_that_comes_a_month_late_is_folded_on_its_day() -> None:
    story = a_morning()
    for _ in range(30):
        story.now += timedelta(days=1)
        story.tap(2, ARRIVE)
    (leave,) = [one for one in story.written if getattr(one.record, "action", "") is LEAVE]
    with ledger_bench() as hub:
        hub.take(one for one in story.written if one is not leave)
        forgotten = hub.stints()[0]

        hub.take([leave])

        assert forgotten == ("p1", "08:00", "11:30", "assumed")
        assert hub.stints()[0] == ("p1", "08:00", "10:30", "leave")
        assert len(hub.stints()) == 32


def test_a_late_tap_elsewhere_ends_the_stint_here() -> None:
    elsewhere = a_working_day("K-02-1", "S-02")
    tap_at(elsewhere, "09:30", ARRIVE)
    with ledger_bench() as hub:
        hub.take(a_morning().written)

        hub.take(elsewhere.written)

        assert hub.stints()[0] == ("p1", "08:00", "09:30", "moved")
        assert [row["mark"] for row in hub.rows(LEDGER_TAP)] == [None, None, "unmatched", None]


def test_taps_in_1970_move_to_their_day_when_the_clock_is_set() -> None:
    story = KioskStory(K_01, S_01, Random(1), now=BEGAN + 470 * MINUTE)
    story.start(boots=True, state=ClockState.UNSET)
    tap_at(story, "08:00", ARRIVE)
    tap_at(story, "10:30", LEAVE)
    with ledger_bench() as hub:
        hub.take(story.written)
        (unset,) = [row["clock"] for row in hub.rows(LEDGER_TAP)][:1]
        assert [row["uncertain"] for row in hub.rows(STINT)] == [True]
        already = len(story.written)
        story.now += 5 * MINUTE
        story.sync()

        hub.take(story.written[already:])

        assert unset == "unset"
        assert hub.stints() == [("p1", "08:00", "10:30", "leave")]
        assert not any(row["uncertain"] for row in hub.rows(STINT))
        assert hub.differences() == []


def test_a_tap_that_moves_to_its_day_is_missed_where_it_was_taken_to_be() -> None:
    here, elsewhere = (
        a_morning(),
        KioskStory(KioskId("K-02-1"), StationCode("S-02"), Random(1), now=BEGAN - 960 * MINUTE),
    )
    elsewhere.start(boots=True, state=ClockState.UNSET)
    tap_at(elsewhere, "-15:00", ARRIVE)
    elsewhere.sync()
    *taps, sync = [replace(one, sent_after=timedelta(hours=24)) for one in elsewhere.written]
    with ledger_bench() as hub:
        hub.take(here.written)
        hub.take(taps)
        mistaken = hub.stints()

        hub.take([sync])

        assert ("p1", "08:00", "09:00", "moved") in mistaken
        assert ("p1", "08:00", "10:30", "leave") in hub.stints()
        assert hub.differences() == []


def test_boots_that_were_never_synced_bound_each_other() -> None:
    story = KioskStory(K_01, S_01, Random(1), now=BEGAN + 470 * MINUTE)
    for text, person in (("08:00", 1), ("09:00", 2)):
        story.start(boots=True, state=ClockState.UNSET)
        tap_at(story, text, ARRIVE, person)
    first, second = story.written[:3], story.written[3:]
    with ledger_bench() as hub:
        hub.take(second)

        hub.take(replace(one, sent_after=timedelta(hours=5)) for one in first)

        early, late = sorted(hub.rows(LEDGER_TAP), key=lambda row: row["token"])
        assert early["at_ms"] < late["at_ms"]
        assert hub.differences() == []


def test_a_tap_that_nothing_dates_has_bounds_that_hold_the_truth() -> None:
    story = a_morning()
    story.now += 20 * MINUTE
    story.start(boots=True, state=ClockState.UNSET)
    tap_at(story, "11:00", RETURN, person=4)
    story.now += 10 * MINUTE
    story.start(boots=True)
    with ledger_bench() as hub:
        hub.take(story.written)

        (row,) = [row for row in hub.rows(LEDGER_TAP) if row["clock"] != "synced"]
        assert clock_of(row["earliest_ms"]) <= "11:00" <= clock_of(row["latest_ms"])


@pytest.mark.parametrize("state", [ClockState.UNSET, ClockState.ESTIMATED])
def test_records_in_doubt_that_only_follow_are_read_alone(state: ClockState, monkeypatch: pytest.MonkeyPatch) -> None:
    story = KioskStory(K_01, S_01, Random(1), now=BEGAN + 470 * MINUTE)
    story.start(boots=True, state=state)
    story.sync()
    story.state = state
    story.pulse(1)
    with ledger_bench() as hub:
        hub.take(story.written)
        already = len(story.written)
        tap_at(story, "08:10", ARRIVE)
        story.pulse(6)
        tap_at(story, "09:00", LEAVE)
        monkeypatch.setattr(ledger_module, "place_anew", never)

        for one in story.written[already:]:
            hub.take([one])

        monkeypatch.undo()
        assert [(person, end) for person, _, _, end in hub.stints()] == [("p1", "leave")]
        assert all(row["clock"] != "synced" for row in hub.rows(LEDGER_TAP))
        assert hub.differences() == []


def never(*_: object) -> None:
    raise AssertionError("a kiosk was read whole")


def test_a_record_that_came_sooner_than_those_before_it_moves_them_all() -> None:
    story = KioskStory(K_01, S_01, Random(1), now=BEGAN + 470 * MINUTE)
    story.start(boots=True, state=ClockState.UNSET)
    tap_at(story, "08:10", ARRIVE)
    tap_at(story, "09:00", LEAVE)
    *slow, quick = story.written
    slow = [replace(one, sent_after=2 * MINUTE) for one in slow]
    with ledger_bench() as hub:
        hub.take(slow)
        (before,) = hub.rows(LEDGER_TAP)

        hub.take([replace(quick, sent_after=MINUTE)])

        after, _ = hub.rows(LEDGER_TAP)
        assert [clock_of(row["at_ms"]) for row in (before, after)] == ["08:12", "08:11"]
        assert hub.differences() == []


def test_a_later_boot_that_is_synced_bounds_what_nothing_dated_before_it() -> None:
    story = KioskStory(K_01, S_01, Random(1), now=BEGAN + 470 * MINUTE)
    story.start(boots=True, state=ClockState.UNSET)
    tap_at(story, "08:10", ARRIVE)
    undated = [replace(one, sent_after=timedelta(hours=5)) for one in story.written]
    story.now += 10 * MINUTE
    story.start(boots=True)
    with ledger_bench() as hub:
        hub.take(undated)
        (before,) = hub.rows(LEDGER_TAP)

        hub.take(story.written[len(undated) :])

        (after,) = hub.rows(LEDGER_TAP)
        assert [clock_of(row["latest_ms"]) for row in (before, after)] == ["13:10", "08:20"]
        assert hub.differences() == []


def test_a_sync_that_comes_late_dates_a_later_run_of_its_boot_that_is_not_known_to_be_later() -> None:
    story = a_working_day()
    story.pulse(6)
    already = len(story.written)
    story.start(boots=False)
    story.state, story.off = ClockState.UNSET, BAD_START - story.booted_at
    tap_at(story, "08:10", ARRIVE)
    *first, late = story.written[:already]
    with ledger_bench() as hub:
        hub.take(story.written[-1:])
        hub.take(first)
        (before,) = hub.rows(LEDGER_TAP)

        hub.take([late])

        (after,) = hub.rows(LEDGER_TAP)
        assert before["earliest_ms"] < after["earliest_ms"]
        assert hub.differences() == []


def test_watching_goes_on_over_a_short_restart_and_not_over_a_blind_reader() -> None:
    story = a_working_day()
    story.pulse(2)
    story.now += MINUTE
    story.start(boots=False)
    story.pulse(1)
    story.write(ReaderChange, reader="door", state=ReaderState.BLIND)
    story.pulse(1)
    with ledger_bench() as hub:
        hub.take(story.written)

        assert hub.watched() == [("07:00", "07:10"), ("07:10", "07:11"), ("07:11", "07:16")]
        assert [row["joint"] for row in sorted(hub.rows(WATCHED), key=lambda row: row["since_ms"])] == [0, 1, 0]


def test_a_record_that_comes_after_the_next_start_shows_how_long_was_watched_between() -> None:
    story = a_working_day()
    story.pulse(2)
    story.now += MINUTE
    story.start(boots=False)
    late = story.written[3]
    with ledger_bench() as hub:
        hub.take(one for one in story.written if one is not late)
        before = hub.watched()

        hub.take([late])

        assert before == [("07:00", "07:05"), ("07:05", "07:11")]
        assert hub.watched() == [("07:00", "07:10"), ("07:10", "07:11")]
        assert hub.differences() == []


def test_a_pulse_makes_the_last_stretch_longer() -> None:
    story = a_working_day()
    with ledger_bench() as hub:
        hub.take(story.written)
        for _ in range(3):
            already = len(story.written)
            story.pulse(1)
            hub.take(story.written[already:])

        assert hub.watched() == [("07:00", "07:15")]


def test_new_hours_judge_the_days_from_which_they_hold() -> None:
    story = a_morning()
    story.now += timedelta(days=1)
    tap_at_next = story.now
    story.tap(2, ARRIVE)
    with ledger_bench() as hub:
        hub.take(story.written)
        new_hours(hub, BEGAN.date() + timedelta(days=2), closes_min=12 * 60)

        hub.ledger.catch_up()

        assert tap_at_next.hour == 2  # 10:30 where the stations are
        assert [stint[2] for stint in hub.stints()] == ["10:30", "11:30", "12:00"]
        assert hub.differences() == []


def test_what_was_piled_up_is_followed_in_parts() -> None:
    story, other = a_working_day(), a_working_day("K-02-1", "S-02")
    with ledger_bench() as hub:
        hub.take([*story.written, *other.written])
        for each in (story, other):
            each.pulse(MOST_ROWS)
            hub.ledger.touch(hub.store(each.written))

        hub.step()
        (first, second) = hub.rows(LEDGER_RUN)
        hub.ledger.catch_up()

        assert (first["folded"], second["folded"]) == (2 + MOST_ROWS, 2)
        assert [row["folded"] for row in hub.rows(LEDGER_RUN)] == [2 + MOST_ROWS] * 2
        assert hub.differences() == []


def test_who_stands_at_a_kiosk_is_folded_before_what_was_piled_up() -> None:
    """However much waits; but where it is of their own kiosk, their tap comes after it."""
    story, other = a_working_day(), a_working_day("K-02-1", "S-02")
    with ledger_bench() as hub:
        hub.take([*story.written, *other.written])
        story.pulse(3 * MOST_ROWS)
        hub.ledger.touch(hub.store(story.written))
        for each, person in ((story, 1), (other, 4)):
            tap_at(each, "08:00", ARRIVE, person)
            hub.ledger.touch(hub.store(each.written), is_live=True)

        hub.step()
        (first, second) = hub.rows(LEDGER_RUN)
        hub.ledger.catch_up()

        assert (first["folded"], second["folded"]) == (2, 3)
        assert hub.differences() == []


def as_stored(hub: LedgerBench, story: KioskStory, seq: int) -> Stored:
    """A record of a story, as the intake hands it on."""
    (one,) = [one for one in story.written if one.record.seq == seq]
    (run,) = hub.store([one])
    with reading(hub.engine) as connection:
        row = connection.execute(select(RECORD).where(RECORD.c.run == run, RECORD.c.seq == seq)).one()
    return Stored(KnownRun(run, one.kiosk, one.epoch, one.station), [RecordRow(*row)], seq)


def test_of_people_at_many_kiosks_the_database_is_asked_at_once() -> None:
    """Each question costs more of the processor than a tap: one after the other, all would wait for all of them."""
    stories = a_working_day(), a_working_day("K-02-1", "S-02")
    with ledger_bench() as hub:
        hub.take([one for story in stories for one in story.written])
        for story, person in zip(stories, (1, 4), strict=True):
            tap_at(story, "08:00", ARRIVE, person)
        came = [as_stored(hub, story, 3) for story in stories]
        asked: list[str] = []
        shown: list[int] = []
        event.listen(hub.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))

        hub.ledger.take_all(came, lambda change: shown.append(len(change.taps)))

        assert (shown, len(asked)) == ([2], len(set(asked)))
        hub.ledger.catch_up()
        assert hub.differences() == []


def test_records_of_one_run_that_were_handed_over_apart_follow_each_other() -> None:
    story = a_working_day()
    with ledger_bench() as hub:
        hub.take(story.written)
        tap_at(story, "08:00", ARRIVE)
        tap_at(story, "09:00", LEAVE)
        shown: list[int] = []

        hub.ledger.take_all(
            [as_stored(hub, story, seq) for seq in (3, 4)], lambda change: shown.append(len(change.taps))
        )

        assert shown == [1, 1]
        hub.ledger.catch_up()
        assert hub.differences() == []


def test_new_runs_of_many_kiosks_are_read_at_once() -> None:
    stories = a_working_day(), a_working_day("K-02-1", "S-02")
    with ledger_bench() as hub:
        hub.ledger.catch_up()
        hub.ledger.touch(run for story in stories for run in hub.store(story.written))
        asked: list[str] = []
        event.listen(hub.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))

        hub.ledger.step()

        assert len([text for text in asked if text.startswith("SELECT record.")]) == 1
        hub.ledger.catch_up()
        assert hub.differences() == []


def test_runs_that_begin_one_after_the_other_are_written_together() -> None:
    """After a power cut all kiosks begin one; each writing is a commit, for which every tap waits."""
    story, other = a_morning(), a_working_day("K-02-1", "S-02")
    with ledger_bench() as hub:
        hub.ledger.catch_up()
        for each in (story, other):
            hub.ledger.touch(hub.store(each.written))
            hub.ledger.step()

        written = hub.rows(LEDGER_RUN)
        story.start(boots=False)
        hub.ledger.touch(hub.store(story.written)[-1:])
        hub.ledger.step()

        assert (written, len(hub.rows(LEDGER_RUN))) == ([], 2)
        hub.ledger.catch_up()
        assert hub.differences() == []


def test_a_long_run_that_is_new_is_taken_in_parts() -> None:
    story = a_working_day()
    story.pulse(3 * MOST_ROWS)
    story.tap(1, ARRIVE)
    story.start(boots=False)
    with ledger_bench() as hub:
        hub.ledger.touch(hub.store(story.written))
        folded = []

        while hub.ledger.has_more:
            hub.step()
            folded.append(sum(row["folded"] for row in hub.rows(LEDGER_RUN)))

        assert folded[:3] == [MOST_ROWS, 2 * MOST_ROWS, 3 * MOST_ROWS]
        assert folded[-1] == len(story.written)
        assert hub.differences() == []


def test_hours_that_hold_from_some_later_day_fold_nobody_anew() -> None:
    with ledger_bench() as hub:
        hub.take(a_morning().written)
        new_hours(hub, BEGAN.date() + timedelta(days=300), closes_min=12 * 60)

        hub.step()

        assert not hub.ledger.has_more
        assert hub.differences() == []


def new_hours(hub: LedgerBench, since, closes_min: int) -> None:
    week = spell_week(((Span(480, closes_min),),) * 7)
    with Session(hub.engine) as session:
        session.add(TermsRow(station="S-01", from_day=since, week=week))
        session.commit()
    raise_edition(hub.engine)
    hub.ledger.learn(hub.directory())


def test_a_card_of_nobody_is_a_person_that_does_not_count() -> None:
    story = a_working_day()
    tap_at(story, "08:00", ARRIVE, person=99)
    with ledger_bench() as hub:
        hub.take(story.written)

        assert [row["counted"] for row in hub.rows(STINT)] == [0]


def test_a_record_that_says_nonsense_of_its_time_stops_nothing() -> None:
    story = a_working_day()
    for field, value in (("at", BEGAN.replace(year=1)), ("at", BEGAN.replace(year=9998)), ("mono_ms", 2**63 - 1)):
        tap_at(story, "08:00", ARRIVE)
        object.__setattr__(story.written[-1].record, field, value)
    tap_at(story, "09:00", LEAVE)
    with ledger_bench() as hub:
        hub.take(story.written)

        assert len(hub.rows(LEDGER_TAP)) == 4
        assert hub.differences() == []


@pytest.mark.parametrize("is_one_by_one", [False, True])
def test_a_record_that_cannot_be_read_ends_watching_and_the_next_begins_it_anew(is_one_by_one: bool) -> None:
    story = KioskStory(K_01, S_01, Random(1), now=BEGAN + 480 * MINUTE)
    story.start(boots=True)
    story.pulse(2)
    story.spoil()
    story.pulse(2)
    with ledger_bench() as hub:
        for written in [[one] for one in story.written] if is_one_by_one else [story.written]:
            hub.take(written)

        assert hub.watched() == [("08:00", "08:10"), ("08:15", "08:20")]
        assert hub.differences() == []


def test_a_run_whose_last_record_cannot_be_read_did_not_watch_until_the_restart() -> None:
    story = KioskStory(K_01, S_01, Random(1), now=BEGAN + 480 * MINUTE)
    story.start(boots=True)
    story.pulse(2)
    story.spoil()
    story.now += MINUTE
    story.start(boots=False)
    with ledger_bench() as hub:
        hub.take(story.written)

        assert hub.watched() == [("08:00", "08:10")]
        assert hub.differences() == []


@pytest.mark.parametrize("seqs", [[3, 3], [4, 3], [3, 5], [2, 3]])
def test_records_that_are_handed_over_twice_or_out_of_turn_are_counted_once(seqs: list[int]) -> None:
    story = a_working_day()
    story.pulse(4)
    with ledger_bench() as hub:
        hub.take(story.written[:2])
        hub.store(story.written)
        with reading(hub.engine) as connection:
            rows = {row.seq: RecordRow(*row) for row in connection.execute(select(RECORD))}

        hub.ledger.take([Stored(KnownRun(1, K_01, story.written[0].epoch, S_01), [rows[seq] for seq in seqs], 6)])
        hub.ledger.catch_up()

        assert [row["folded"] for row in hub.rows(LEDGER_RUN)] == [6]
        assert hub.differences() == []


def test_an_arrival_that_comes_after_its_leave_and_after_a_restart_is_theirs() -> None:
    """The leave alone, off hours, made no stint: nothing else says that there is more of that person to know."""
    story = a_working_day()
    tap_at(story, "08:00", ARRIVE)
    tap_at(story, "22:00", LEAVE)
    (arrival,) = [one for one in story.written if getattr(one.record, "action", "") is ARRIVE]
    with ledger_bench() as hub:
        hub.take(one for one in story.written if one is not arrival)
        assert [row["mark"] for row in hub.rows(LEDGER_TAP)] == ["unmatched"]
        hub.restart()

        hub.take([arrival])

        assert [row["mark"] for row in hub.rows(LEDGER_TAP)] == [None, None]
        assert hub.differences() == []
