"""The check can fail: boards that are right, wrong, late, and read while something was on its way."""

from datetime import timedelta

import pytest

from simulator.board_watch import SeenBoard, SeenRow
from simulator.comparison import Comparison
from simulator.on_the_way import OnTheWay
from simulator.truth import Figures
from tests.simulator.world import STATIONS, moment, new_truth

SLACK = timedelta(seconds=15)


@pytest.fixture
def truth():
    told = new_truth()
    told.touch("ann", "clinic", moment("08:00"))
    return told


@pytest.fixture
def on_the_way():
    return OnTheWay()


@pytest.fixture
def comparison(truth, on_the_way):
    return Comparison(STATIONS, truth, on_the_way, SLACK)


def board(at, clinic=("minimum", 1, 0), library=("vacant", 0, 0)):
    rows = {"clinic": clinic, "library": library}
    return SeenBoard(
        moment(at), {code: SeenRow(code, "", Figures(*figures), all_heard=True) for code, figures in rows.items()}
    )


def counts(comparison):
    comparison.close()
    return comparison.minutes_compared, comparison.minutes_different, comparison.minutes_missed


def test_a_right_board_is_no_different(comparison):
    comparison.compare(board("08:10"), comparison.turns(), 0)
    comparison.compare(board("08:11"), comparison.turns(), 0)

    assert counts(comparison) == (2, 0, 0)


@pytest.mark.parametrize("wrong", [("met", 1, 0), ("minimum", 2, 0), ("minimum", 1, 1), ("closed", 0, 0)])
def test_a_wrong_board_is_different(comparison, wrong):
    comparison.compare(board("08:10", clinic=wrong), comparison.turns(), 0)

    assert counts(comparison) == (1, 1, 0)
    assert [(each.station, each.board) for each in comparison.differences] == [("clinic", wrong)]


def test_a_station_that_the_board_does_not_have_is_different(comparison):
    comparison.compare(SeenBoard(moment("08:10"), {}), comparison.turns(), 0)

    assert counts(comparison) == (1, 1, 0)


def test_what_the_board_does_not_know_is_not_compared(comparison):
    comparison.compare(board("08:10:10", clinic=("unknown", 0, 0)), comparison.turns(), 0)

    assert counts(comparison) == (0, 0, 1)


def test_what_the_board_knows_again_within_the_minute_is_compared(comparison):
    comparison.compare(board("08:10:10", clinic=("unknown", 0, 0)), comparison.turns(), 0)
    comparison.compare(board("08:10:50"), comparison.turns(), 0)

    assert counts(comparison) == (1, 0, 0)


def test_there_is_no_second_try_within_a_minute(comparison):
    comparison.compare(board("08:10:10", clinic=("vacant", 0, 0)), comparison.turns(), 0)
    comparison.compare(board("08:10:50"), comparison.turns(), 0)

    assert counts(comparison) == (1, 1, 0)


def test_what_is_on_its_way_is_not_compared_yet(comparison, on_the_way):
    on_the_way.expect("clinic", Figures("minimum", 1, 0), beeped_s=0)
    comparison.compare(board("08:10:10", clinic=("vacant", 0, 0)), comparison.turns(), 0)
    on_the_way.show("clinic", Figures("minimum", 1, 0), shown_s=0)
    comparison.compare(board("08:10:20"), comparison.turns(), 0)

    assert counts(comparison) == (1, 0, 0)


def test_a_card_held_up_while_the_board_was_asked_spoils_the_reading(comparison, on_the_way):
    turns = comparison.turns()
    with on_the_way.in_hand("clinic"):
        pass
    comparison.compare(board("08:10", clinic=("met", 2, 0)), turns, 0)

    assert counts(comparison) == (0, 0, 1)


def test_a_board_asked_for_before_the_row_was_shown_is_no_reading(comparison, on_the_way):
    on_the_way.expect("clinic", Figures("minimum", 1, 0), beeped_s=0)
    turns = comparison.turns()
    on_the_way.show("clinic", Figures("minimum", 1, 0), shown_s=0)
    comparison.compare(board("08:10", clinic=("vacant", 0, 0)), turns, 0)

    assert counts(comparison) == (0, 0, 1)


def test_what_is_never_shown_is_a_difference_in_the_end(comparison, on_the_way):
    on_the_way.expect("clinic", Figures("minimum", 1, 0), beeped_s=0)
    comparison.compare(board("08:10:10", clinic=("vacant", 0, 0)), comparison.turns(), 99)
    comparison.compare(board("08:10:20", clinic=("vacant", 0, 0)), comparison.turns(), 99)

    assert counts(comparison) == (1, 1, 0)


def test_a_change_by_time_alone_is_given_the_time_of_a_beep(comparison):
    comparison.compare(board("12:00:05", clinic=("closed", 0, 0), library=("closed", 0, 0)), comparison.turns(), 0)

    assert counts(comparison) == (0, 0, 1)


def test_the_minute_in_which_everything_ends_is_not_missed(comparison):
    comparison.compare(board("12:00:05"), comparison.turns(), 0)
    comparison.close(is_cut_short=True)

    assert comparison.minutes_missed == 0
