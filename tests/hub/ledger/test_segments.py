"""Wherever a person's taps are cut, and in whatever order they come, their stints are the fold of everything."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from hub.database.transactions import Database, writing
from hub.ledger.change import Change
from hub.ledger.known import EVER_MS, Known
from hub.ledger.persons import PersonFolding
from hub.ledger.queries import RUN, StoredTap
from hub.ledger.segments import AGAIN, UNMATCHED, Segment, cut_before
from hub.ledger.stint_rows import LedgerStint
from hub.register.directory import Directory, KnownStation
from hub.register.rulebook import Identity, Rulebook
from hub.register.terms import Clause, StationTerms
from station.fold import Course, fold
from station.hours import SHANGHAI, Span
from station.milliseconds import ms_of
from station.names import Epoch, KioskId, RecordName, StationCode
from station.records import Action
from station.stints import Stint
from tests.hub.ledger.bench import in_memory, small_city

MIDNIGHT = datetime(2026, 3, 4, 16, tzinfo=UTC)
IN_THE_END = datetime.max.replace(tzinfo=UTC)
HALL, NIGHT, ALWAYS, LATE = (StationCode(code) for code in ("hall", "night", "always", "late"))
HOURS = {
    HALL: (Span(480, 690), Span(870, 1050)),
    NIGHT: (Span(0, 360), Span(1320, 1440)),
    ALWAYS: (Span(0, 1440),),
    LATE: (Span(870, 1440),),
}
RUNS = {code: number for number, code in enumerate(HOURS, 1)}
ARRIVE, LEAVE, RETURN, STEP_OUT = Action
CARD = "c" * 32
DAYS = [timedelta(days=day) for day in range(5)]


def directory() -> Directory:
    stations = {
        code: KnownStation(
            code, code, code, "", "hospital", "", "", StationTerms((Clause(date(2020, 1, 1), (spans,) * 7),)), SHANGHAI
        )
        for code, spans in HOURS.items()
    }
    return Directory(1, "", SHANGHAI, stations, {}, {}, {})


BOOK = Rulebook(directory())
RULES = {code: BOOK.rules(code, MIDNIGHT.date(), (MIDNIGHT + timedelta(days=60)).date()) for code in HOURS}


class Step(NamedTuple):
    """What a person does.

    Attributes:
        seconds: after what they did before.
        back: with a `step_out`, how many taps before it the leave is that it names; 0 is a tap that there is none of.
    """

    seconds: float
    code: str
    action: Action
    back: int = 1


def kiosk_of(code: StationCode) -> KioskId:
    return KioskId(f"k-{RUNS[code]}")


def taps_of(steps: Iterable[Step]) -> list[StoredTap]:
    """One person's taps, in order."""
    found: list[StoredTap] = []
    at = MIDNIGHT
    for seq, step in enumerate(steps, 1):
        at += timedelta(seconds=step.seconds)
        code = StationCode(step.code)
        of = None
        if step.action is STEP_OUT:
            of = max(seq - step.back, 1) if step.back else 99
        found.append(
            StoredTap(
                RUNS[code], seq, CARD, ms_of(at), step.action.value, of, "synced", None, None, None,
                None, None, True, kiosk_of(code), Epoch("e" * 16), code,
            )
        )  # fmt: skip
    return sorted(found, key=lambda tap: tap.placed)


APART = st.one_of(
    st.integers(0, 900),  # within a budget
    st.integers(0, 2 * 3600),
    st.integers(0, 33 * 3600),
    st.sampled_from([hours * 3600 + more for hours in (1, 12, 14, 24) for more in (-1, 0, 1)]),
    st.integers(0, 12 * 86_400),
)
STEP = st.builds(
    Step, APART, st.sampled_from(list(HOURS)), st.sampled_from(list(Action)), st.sampled_from((0, 1, 1, 1, 2))
)
LEFT_FOR_A_WHILE = st.builds(
    lambda step, seconds: [step._replace(action=LEAVE), step._replace(action=STEP_OUT, seconds=seconds, back=1)],
    STEP,
    st.one_of(st.just(8), APART),
)
STEPS = st.lists(st.one_of(STEP.map(lambda step: [step]), LEFT_FOR_A_WHILE), max_size=14).map(
    lambda pieces: [step for piece in pieces for step in piece]
)
KNOWN = (
    [Step(22 * 3600, NIGHT, ARRIVE), Step(13 * 3600, NIGHT, LEAVE)],
    [Step(22 * 3600, LATE, ARRIVE), Step(13 * 3600, LATE, LEAVE)],
    [Step(22 * 3600, NIGHT, ARRIVE), Step(300, HALL, LEAVE), Step(13 * 3600, NIGHT, LEAVE)],
    [Step(8 * 3600, HALL, ARRIVE), Step(7200, HALL, LEAVE), Step(5400, HALL, STEP_OUT), Step(600, HALL, RETURN)],
)


def whole(taps: Iterable[StoredTap]) -> Course:
    """All of them at once, by the pure rule."""
    return fold([tap.placed for tap in taps], RULES)


def nameless(stints: Iterable[Stint]) -> list[Stint]:
    return [replace(stint, begun_by=None) for stint in stints]


def marks_of(course: Course) -> dict[RecordName, str]:
    return dict.fromkeys(course.again, AGAIN) | dict.fromkeys(course.unmatched, UNMATCHED)


def segments(taps: Iterable[StoredTap]) -> tuple[list[Segment], dict[RecordName, str]]:
    """The taps cut wherever that may be, and the marks."""
    found: list[Segment] = []
    marks: dict[RecordName, str] = {}
    for tap in taps:
        if not found or found[-1].may_begin_anew(tap):
            found.append(Segment(Identity(CARD, counted=False), BOOK))
        mark = found[-1].apply(tap)
        if mark is not None:
            marks[tap.placed.name] = mark
    return found, marks


def kept(taps: Iterable[StoredTap]) -> list[LedgerStint]:
    return [one for segment in segments(taps)[0] for one in segment.stints]


@settings(max_examples=100, deadline=None)
@given(STEPS)
@example(KNOWN[0])
@example(KNOWN[1])
@example(KNOWN[2])
@example(KNOWN[3])
def test_segments_folded_each_by_itself_are_the_fold_of_everything(steps: list[Step]) -> None:
    taps = taps_of(steps)

    cut, marks = segments(taps)

    course = whole(taps)
    found = [one for segment in cut for one in segment.stints]
    assert [one.stint for one in found] == nameless(course.stints_at(IN_THE_END))
    assert [stint_in_the_end(one) for one in found] == [one.stint for one in found]
    assert marks == marks_of(course)


def stint_in_the_end(one: LedgerStint) -> Stint:
    """As time ends what the taps alone said."""
    (found,) = fold([], RULES, base=one.told).stints_at(IN_THE_END)
    return found


def test_each_ordinary_day_is_a_segment_of_its_own_and_so_is_each_shift() -> None:
    day = [
        Step(8 * 3600, HALL, ARRIVE), Step(3 * 3600, HALL, LEAVE), Step(4 * 3600, HALL, ARRIVE), Step(7200, HALL, LEAVE)
    ]  # fmt: skip

    cut, _ = segments(taps_of([*day, *day]))

    assert [len(segment.stints) for segment in cut] == [1] * 4


@settings(max_examples=100, deadline=None)
@given(STEPS, st.data())
def test_folding_from_the_last_cut_before_any_moment_makes_what_was_made_since(
    steps: list[Step], data: st.DataObject
) -> None:
    taps = taps_of(steps)
    stints = kept(taps)
    at_ms = data.draw(st.one_of(st.integers(ms_of(MIDNIGHT), ms_of(MIDNIGHT) + 40 * 86_400_000), *moments(taps)))

    begin_ms = cut_before(stints, at_ms, is_all=True)

    assert begin_ms is None or begin_ms <= at_ms
    since_ms = at_ms if begin_ms is None else begin_ms
    assert kept(tap for tap in taps if tap.at_ms >= since_ms) == [one for one in stints if one.tapped_ms >= since_ms]


def moments(taps: list[StoredTap]) -> list[st.SearchStrategy[int]]:
    return [st.sampled_from([tap.at_ms for tap in taps])] if taps else []


class Person:
    """Their taps in a ledger that can be made to forget."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._folding = PersonFolding(known, BOOK)

    def tap(self, *taps: StoredTap) -> None:
        change = Change(taps=list(taps))
        self._folding.fold_new(change)
        self._known.accept(change)

    def move(self, before: StoredTap, after: StoredTap) -> None:
        """A tap's place is another now."""
        change = Change(taps=[after._replace(mark=self._now(before).mark)], before=[self._now(before)])
        self._folding.fold_new(change)
        self._known.accept(change)

    def _now(self, tap: StoredTap) -> StoredTap:
        """As the ledger has it, with its mark."""
        (found,) = [one for one in self.taps() if (one.run, one.seq) == (tap.run, tap.seq)]
        return found

    def be_forgotten(self, *, is_written: bool) -> None:
        """Nothing is remembered; or nothing in memory at all."""
        self._folding.forget()
        if is_written:
            self._known.write()

    def taps(self) -> list[StoredTap]:
        return self._known.taps([CARD], -EVER_MS, EVER_MS)

    def stints(self) -> list[LedgerStint]:
        return self._known.stints(CARD, -EVER_MS, EVER_MS)


@contextmanager
def person() -> Iterator[Person]:
    engine = in_memory(small_city())
    with writing(engine) as connection:
        for code, run in RUNS.items():
            row = {"id": run, "kiosk": kiosk_of(code), "epoch": "e" * 16, "station": code}
            connection.execute(insert(RUN).values(row))
    try:
        yield Person(Known(Database(engine)))
    finally:
        engine.dispose()


def assert_whole(them: Person, taps: list[StoredTap]) -> None:
    """The ledger says of them what all their taps at once come to."""
    course = whole(taps)
    assert [one.stint for one in them.stints()] == nameless(course.stints_at(IN_THE_END))
    assert {tap.placed.name: tap.mark for tap in them.taps() if tap.mark} == marks_of(course)
    assert [(tap.run, tap.seq, tap.at_ms) for tap in sorted(them.taps(), key=by_seq)] == [
        (tap.run, tap.seq, tap.at_ms) for tap in sorted(taps, key=by_seq)
    ]


def by_seq(tap: StoredTap) -> tuple[int, int]:
    return tap.seq, tap.run


HOW = st.sampled_from(("remembered", "remembered", "cold", "cold, written", "written"))


def pass_by(them: Person, how: str) -> None:
    if how.startswith("cold"):
        them.be_forgotten(is_written=how != "cold")
    elif how == "written":
        them._known.write()


@settings(max_examples=100, deadline=None)
@given(STEPS, st.data())
@example(KNOWN[3], None)
def test_live_one_by_one_is_the_fold_of_everything_cold_or_remembered(
    steps: list[Step], data: st.DataObject | None
) -> None:
    taps = taps_of(steps)
    with person() as them:
        for tap in taps:
            pass_by(them, "cold, written" if data is None else data.draw(HOW))
            them.tap(tap)

        assert_whole(them, taps)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.data())
def test_in_any_order_and_by_any_number_at_once_is_the_fold_of_everything(
    steps: list[Step], data: st.DataObject
) -> None:
    taps = taps_of(steps)
    mixed = data.draw(st.permutations(taps))
    with person() as them:
        while mixed:
            pass_by(them, data.draw(HOW))
            count = data.draw(st.integers(1, 3))
            them.tap(*mixed[:count])
            mixed = mixed[count:]

        assert_whole(them, taps)


@settings(max_examples=100, deadline=None)
@given(STEPS, st.data())
def test_taps_that_move_leave_the_fold_of_where_they_are(steps: list[Step], data: st.DataObject) -> None:
    taps = taps_of(steps)
    with person() as them:
        them.tap(*taps)
        for _ in range(data.draw(st.integers(1, 3)) if taps else 0):
            pass_by(them, data.draw(HOW))
            index = data.draw(st.integers(0, len(taps) - 1))
            moved = taps[index]._replace(at_ms=ms_of(MIDNIGHT) + 1000 * data.draw(st.integers(0, 20 * 86_400)))
            them.move(taps[index], moved)
            taps[index] = moved

        assert_whole(them, taps)


@pytest.mark.parametrize("day", DAYS)
def test_a_months_rules_are_those_of_all_time(day: timedelta) -> None:
    rules = BOOK.rules(HALL, (MIDNIGHT + day).date(), (MIDNIGHT + day).date())

    assert rules.calendar.periods_on(MIDNIGHT.date()) == RULES[HALL].calendar.periods_on(MIDNIGHT.date())
