"""Nothing that a tap does reaches beyond its cluster: the clusters folded each by itself are the fold of everything."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hub.ledger.clusters import around, clusters
from hub.register.directory import Directory, KnownStation
from hub.register.rulebook import Rulebook
from hub.register.terms import Clause, StationTerms
from station.fold import PlacedTap, fold
from station.hours import SHANGHAI, Span
from station.names import Epoch, KioskId, Seq, StationCode
from station.records import Action

MIDNIGHT = datetime(2026, 3, 4, 16, tzinfo=UTC)
IN_THE_END = datetime.max.replace(tzinfo=UTC)
HALL, NIGHT, ALWAYS, LATE = (StationCode(code) for code in ("hall", "night", "always", "late"))
HOURS = {
    HALL: (Span(480, 690), Span(870, 1050)),
    NIGHT: (Span(0, 360), Span(1320, 1440)),
    ALWAYS: (Span(0, 1440),),
    LATE: (Span(870, 1440),),
}
ARRIVE, LEAVE, RETURN, STEP_OUT = Action
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
RULES = {code: BOOK.rules(code, MIDNIGHT.date(), (MIDNIGHT + timedelta(days=9)).date()) for code in HOURS}


def taps_of(steps: list[tuple[int, str, Action]]) -> list[PlacedTap]:
    """Taps so many minutes after each other; a `step_out` comes eight seconds after a leave."""
    found: list[PlacedTap] = []
    at = MIDNIGHT
    for minutes, code, action in steps:
        at += timedelta(minutes=minutes)
        seq, station = Seq(len(found) + 1), StationCode(code)
        made = PlacedTap(at, KioskId(f"k-{code}"), Epoch("e" * 16), seq, station, action)
        if action is STEP_OUT:
            found.append(made._replace(action=LEAVE))
            at += timedelta(seconds=8)
            made = made._replace(at=at, seq=Seq(seq + 1), of=seq)
        found.append(made)
    return found


STEPS = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 120), st.integers(0, 2000), st.sampled_from((720, 721, 840, 1440))),
        st.sampled_from(list(HOURS)),
        st.sampled_from(list(Action)),
    ),
    max_size=14,
)


@settings(max_examples=200, deadline=None)
@given(STEPS)
@example([(22 * 60, "night", ARRIVE), (13 * 60, "night", LEAVE)])
@example([(22 * 60, "late", ARRIVE), (13 * 60, "late", LEAVE)])
@example([(22 * 60, "night", ARRIVE), (5, "hall", LEAVE), (13 * 60, "night", LEAVE)])
@example([(23 * 60 + 30, "night", ARRIVE), (13 * 60, "night", LEAVE)])
def test_clusters_folded_each_by_itself_are_the_fold_of_everything(steps: list[tuple[int, str, Action]]) -> None:
    taps = taps_of(steps)

    courses = [fold(cluster, RULES) for cluster in clusters(taps, BOOK)]

    whole = fold(taps, RULES)
    assert [stint for course in courses for stint in course.stints_at(IN_THE_END)] == list(whole.stints_at(IN_THE_END))
    assert [name for course in courses for name in course.again] == whole.again
    assert [name for course in courses for name in course.unmatched] == whole.unmatched


def test_each_ordinary_day_is_a_cluster_of_its_own() -> None:
    day = [(450, "hall", ARRIVE), (600, "hall", LEAVE)]

    found = clusters(taps_of([*day, (840, "hall", ARRIVE), (600, "hall", LEAVE)]), BOOK)

    assert [len(cluster) for cluster in found] == [2, 2]


def test_looking_around_a_tap_goes_as_far_as_taps_are_linked() -> None:
    taps = taps_of([(11 * 60, "hall", ARRIVE)] * 30)

    found = around([taps[15]], lambda since, until: [tap for tap in taps if since <= tap.at <= until], BOOK)

    assert found == taps


def test_a_year_at_a_station_that_never_closes_is_found_in_a_few_looks() -> None:
    year = taps_of([(14 * 60, "always", ARRIVE), *[(180, "always", LEAVE), (1260, "always", ARRIVE)] * 365])
    looks = []

    def look(since: datetime, until: datetime) -> list[PlacedTap]:
        looks.append(since)
        return [tap for tap in year if since <= tap.at <= until]

    found = around([year[-1]], look, BOOK)

    assert found == year
    assert len(looks) < 12


@settings(max_examples=100, deadline=None)
@given(STEPS, st.data())
def test_looking_around_a_tap_finds_its_whole_cluster(
    steps: list[tuple[int, str, Action]], data: st.DataObject
) -> None:
    taps = taps_of(steps)
    if not taps:
        return
    one = data.draw(st.sampled_from(taps))

    found = around([one], lambda since, until: [tap for tap in taps if since <= tap.at <= until], BOOK)

    (wanted,) = [cluster for cluster in clusters(taps, BOOK) if one in cluster]
    assert found == wanted


@pytest.mark.parametrize("day", DAYS)
def test_a_months_rules_are_those_of_all_time(day: timedelta) -> None:
    rules = BOOK.rules(HALL, (MIDNIGHT + day).date(), (MIDNIGHT + day).date())

    assert rules.calendar.periods_on(MIDNIGHT.date()) == RULES[HALL].calendar.periods_on(MIDNIGHT.date())
