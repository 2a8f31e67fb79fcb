"""Whoever applies the moves in order sees what a fresh sort would show."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hub.presence.board_view import BoardRow, screen_order, totals, totals_by_kind
from hub.web.live.screen import Counted, Figure, Screen, group_of
from station.duty import DutyClass
from tests.hub.pages.board_source import MET, MINIMUM, UNKNOWN, VACANT, at, city

CHANGES = st.lists(
    st.tuples(
        st.integers(0, 10), st.sampled_from(DutyClass), st.one_of(st.none(), st.integers(0, 59)), st.integers(0, 3)
    ),
    max_size=40,
)


class PaperScreen:
    """A page as a browser keeps it: lists of codes, changed only by what a move says."""

    def __init__(self, rows: tuple[BoardRow, ...]) -> None:
        self.groups: dict[str, list[str]] = {"": [], **{row.district: [] for row in rows}}
        for row in screen_order(rows):
            self.groups[group_of(row)].append(row.code)

    def follow(self, screen: Screen, row: BoardRow) -> None:
        for move in screen.apply([row]).moves:
            if move.stays:
                assert move.row.code in self.groups[group_of(move.row)]
                continue
            for group in self.groups.values():
                if move.row.code in group:
                    group.remove(move.row.code)
            group = self.groups[group_of(move.row)]
            group.insert(group.index(move.next_code) if move.next_code else len(group), move.row.code)


@given(CHANGES)
def test_moves_lead_every_screen_to_the_sorted_order(
    changes: list[tuple[int, DutyClass, int | None, int]],
) -> None:
    rows = {row.code: row for row in city()}
    screen, paper = Screen(rows.values()), PaperScreen(tuple(rows.values()))

    for which, duty_class, minute, on_duty in changes:
        row = list(rows.values())[which]
        since = None if minute is None else at(9, minute)
        rows[row.code] = replace(row, duty_class=duty_class, since=since, on_duty=on_duty)
        paper.follow(screen, rows[row.code])

    assert screen.rows() == screen_order(rows.values())
    assert paper.groups == PaperScreen(tuple(rows.values())).groups
    for duty_class in DutyClass:
        assert screen.figure(Figure(Counted.CITY, "", duty_class)) == totals(rows.values()).of(duty_class)
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


def test_a_row_told_again_unchanged_moves_nothing() -> None:
    screen = Screen(city())

    update = screen.apply(city())

    assert update.moves == ()
    assert update.figures == ()


def test_only_numbers_that_changed_are_told() -> None:
    screen = Screen(city())

    update = screen.apply([replace(city()[0], duty_class=VACANT)])

    assert {(figure.scope, figure.name, figure.duty_class): count for figure, count in update.figures} == {
        ("city", "", MET): 4,
        ("city", "", VACANT): 3,
        ("district", "北湖区", MET): 1,
        ("district", "北湖区", VACANT): 2,
        ("kind", "hospital", MET): 0,
        ("kind", "hospital", VACANT): 1,
    }
