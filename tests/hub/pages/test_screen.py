"""Whoever applies the updates in order sees what a fresh board would show."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.presence.board_totals import totals, totals_by_kind
from hub.presence.board_view import screen_order
from hub.web.live.screen import LISTED_AFTER, MANY, MOST_LISTED, Counted, Figure, Screen, Update
from station.duty import DutyClass
from tests.hub.pages.board_source import CLOSED, MET, MINIMUM, MORNING, UNKNOWN, VACANT, at, city
from tests.hub.pages.cities import big_city

CHANGES = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.sampled_from(DutyClass),
        st.one_of(st.none(), st.integers(0, 59)),
        st.integers(0, 3),
        st.integers(0, 400),
    ),
    max_size=60,
)
SECOND = timedelta(seconds=1)


class PaperScreen:
    """A page as a browser keeps it: cells by code and a list of codes, changed only by what an update says."""

    def __init__(self, screen: Screen) -> None:
        self.cells = {row.code: row for row in screen.rows()}
        self.listed = [row.code for row in screen.listed()]
        self.lines = {row.code: row for row in screen.listed()}
        self.marked = set(self.listed)
        self.notice = screen.notice

    def follow(self, update: Update) -> None:
        for code in update.gone:
            self.listed.remove(code)
            del self.lines[code]
        for placed in update.placed:
            code = placed.row.code
            assert placed.is_new == (code not in self.listed)
            self.lines[code] = placed.row
            if placed.stays:
                continue
            if not placed.is_new:
                self.listed.remove(code)
            self.listed.insert(self.listed.index(placed.next_code) if placed.next_code else len(self.listed), code)
        for cell in update.cells:
            assert self.cells[cell.row.code] == cell.before
            self.cells[cell.row.code] = cell.row
            (self.marked.add if cell.is_listed else self.marked.discard)(cell.row.code)
        self.notice = update.notice or self.notice


@given(CHANGES)
def test_updates_lead_every_screen_to_the_fresh_one(
    changes: list[tuple[int, DutyClass, int | None, int, int]],
) -> None:
    rows = {row.code: row for row in big_city(41, "trouble")}
    as_of = MORNING
    screen = Screen(rows.values(), as_of)
    paper = PaperScreen(screen)

    for which, duty_class, minute, on_duty, seconds in changes:
        as_of += timedelta(seconds=seconds)
        row = list(rows.values())[which]
        since = None if minute is None else as_of - timedelta(seconds=minute)
        rows[row.code] = replace(row, duty_class=duty_class, since=since, on_duty=on_duty)
        paper.follow(screen.apply([rows[row.code]], as_of))
        paper.follow(screen.pass_time(as_of + SECOND))
    as_of += timedelta(hours=1)
    paper.follow(screen.pass_time(as_of))

    fresh = Screen(rows.values(), as_of)
    assert screen.rows() == fresh.rows()
    assert paper.cells == {row.code: row for row in fresh.rows()}
    assert paper.listed == [row.code for row in fresh.listed()]
    assert paper.lines == {row.code: row for row in fresh.listed()}
    assert paper.marked == set(paper.listed)
    assert paper.notice == fresh.notice
    for duty_class in DutyClass:
        assert screen.figure(Figure(Counted.ALL, "", duty_class)) == totals(rows.values()).of(duty_class)
        hospital = totals_by_kind(rows.values())["hospital"].of(duty_class)
        assert screen.figure(Figure(Counted.KIND, "hospital", duty_class)) == hospital


def test_vacant_stands_above_unknown_above_minimum_and_the_longest_first() -> None:
    long_vacant, vacant, unknown, minimum, met = (
        replace(city()[0], code=code, duty_class=duty_class, since=since)
        for code, duty_class, since in (
            ("E", VACANT, at(8)),
            ("D", VACANT, at(9)),
            ("C", UNKNOWN, at(7)),
            ("B", MINIMUM, at(6)),
            ("A", MET, at(5)),
        )
    )

    assert screen_order([met, minimum, unknown, vacant, long_vacant]) == (long_vacant, vacant, unknown, minimum, met)


def test_districts_stand_in_the_order_of_their_codes() -> None:
    rows = [replace(row, district_code={"北湖区": "2", "南山区": "1", "云溪县": "3"}[row.district]) for row in city()]

    assert list(dict.fromkeys(row.district for row in Screen(rows, MORNING).rows())) == ["南山区", "北湖区", "云溪县"]


def test_a_row_told_again_unchanged_changes_nothing() -> None:
    screen = Screen(city(), MORNING)

    assert not screen.apply(city(), MORNING)


def test_only_numbers_that_changed_are_told() -> None:
    screen = Screen(city(), MORNING)

    update = screen.apply([replace(city()[0], duty_class=VACANT)], MORNING)

    assert {(figure.counted, figure.name, figure.duty_class): count for figure, count in update.figures} == {
        ("all", "", MET): 4,
        ("all", "", VACANT): 3,
        ("district", "北湖区", MET): 1,
        ("district", "北湖区", VACANT): 2,
        ("kind", "hospital", MET): 0,
        ("kind", "hospital", VACANT): 1,
    }


def test_a_minimum_of_seconds_is_told_to_programs_and_drawn_nowhere() -> None:
    screen = Screen(city(), MORNING)
    short = replace(city()[0], duty_class=MINIMUM, on_duty=1, since=MORNING)

    fell = screen.apply([short], MORNING + SECOND)
    rose = screen.apply([city()[0]], MORNING + 3 * SECOND)

    assert (fell.rows, fell.cells, fell.figures) == ((short,), (), ())
    assert (rose.rows, rose.cells, rose.figures) == ((city()[0],), (), ())


def test_a_minimum_that_lasts_is_drawn_after_five_seconds_and_listed_after_five_minutes() -> None:
    screen = Screen(city(), MORNING)
    short = replace(city()[0], duty_class=MINIMUM, on_duty=1, since=MORNING)
    screen.apply([short], MORNING)

    assert not screen.pass_time(MORNING + 4 * SECOND)
    assert [cell.row for cell in screen.pass_time(MORNING + 5 * SECOND).cells] == [short]
    assert short not in screen.listed()

    listed = screen.pass_time(MORNING + LISTED_AFTER)
    assert [placed.row for placed in listed.placed] == [short]
    assert short in screen.listed()


def test_somebody_out_for_a_while_makes_no_line() -> None:
    out = replace(city()[0], duty_class=MINIMUM, on_duty=1, stepped_out=1, since=at(8))

    assert out not in Screen([out], MORNING).listed()


def test_a_vacant_station_is_drawn_at_once() -> None:
    screen = Screen(city(), MORNING)
    empty = replace(city()[0], duty_class=VACANT, on_duty=0, since=MORNING)

    assert [placed.row for placed in screen.apply([empty], MORNING).placed] == [empty]


@pytest.mark.parametrize("count", [MANY - 1, MANY])
def test_many_unknown_are_one_thing(count: int) -> None:
    rows = [replace(row, duty_class=UNKNOWN, since=at(9)) for row in big_city(count)]
    screen = Screen(rows, MORNING)

    assert screen.notice.unknown == (count if count == MANY else 0)
    assert len(screen.listed()) == (0 if count == MANY else count)


def test_a_list_is_no_longer_than_anybody_reads_and_says_how_many_more() -> None:
    rows = [replace(row, duty_class=VACANT, since=at(9)) for row in big_city(200)]
    screen = Screen(rows, MORNING)

    assert len(screen.listed()) == MOST_LISTED
    assert screen.notice.urgent == 200


@pytest.mark.parametrize(
    ("opens_at", "heard", "silent"),
    [(at(10, 40), 0, 1), (at(10, 41), 0, 0), (at(10, 40), 1, 0), (None, 0, 0)],
)
def test_a_kiosk_that_is_off_before_an_opening_is_told(opens_at: datetime | None, heard: int, silent: int) -> None:
    row = city()[7]
    closed = replace(row, duty_class=CLOSED, is_open=False, next_change_at=opens_at, kiosks_heard=heard)

    assert Screen([closed], MORNING).notice.silent == silent


@pytest.mark.parametrize(
    ("more", "unready"),
    [({}, 1), ({"on_duty": 1}, 0), ({"on_duty": 1, "minimum": 2}, 1), ({"opens_soon": False}, 0)],
)
def test_before_an_opening_is_told_where_fewer_are_there_than_there_must_be(more: dict[str, Any], unready: int) -> None:
    closed = replace(city()[7], duty_class=CLOSED, is_open=False, next_change_at=at(10), opens_soon=True, on_duty=0)
    screen = Screen([replace(closed, **more)], MORNING)

    assert (screen.notice.unready, screen.notice.unready_at) == (unready, at(10) if unready else None)

    opened = replace(closed, duty_class=VACANT, is_open=True, opens_soon=False, next_change_at=at(11, 30))
    screen.apply([opened], at(10))
    assert screen.notice.unready == 0
