"""People at kiosks that answer by the rules, and at kiosks that do not."""

import pytest

from simulator.acts import Beeped, Gesture
from simulator.on_the_way import OnTheWay
from simulator.truth import Figures
from tests.simulator.world import CARD, PHONE, STATIONS, Stage, act, moment

ARRIVED, LEFT, STEPPED_OUT = Beeped.ARRIVED, Beeped.LEFT, Beeped.STEPPED_OUT


def test_a_day_as_planned_surprises_nobody():
    stage = Stage()

    outcome = stage.run(
        act("08:00", "ann", ARRIVED, Beeped.ALREADY_RECORDED, gesture=Gesture.DOUBLE),
        act("09:00", "ann", LEFT, STEPPED_OUT, gesture=Gesture.HOLD),
        act("09:10", "ann", Beeped.RETURNED),
        act("09:30", "stranger", Beeped.REFUSED, card=PHONE),
        act("11:31", "ann", LEFT),
    )

    assert outcome.surprises == []
    assert (outcome.taps, outcome.silent) == (6, 2)
    assert [beep.answer for beep in outcome.heard] == [ARRIVED, LEFT, STEPPED_OUT, Beeped.RETURNED, LEFT]
    assert all(beep.put_at <= beep.at for beep in outcome.heard)


def test_the_truth_is_told_what_was_done():
    stage = Stage()

    stage.run(act("08:00", "ann", ARRIVED), act("09:00", "ann", LEFT, STEPPED_OUT, gesture=Gesture.HOLD))

    assert stage.truth.figures("clinic", moment("09:05")) == ("vacant", 0, 1)


@pytest.mark.parametrize(
    ("lies", "by"),
    [
        ({ARRIVED: LEFT}, {"rules", "person"}),
        ({ARRIVED: None}, {"person"}),
        ({ARRIVED: Beeped.TROUBLE}, {"person"}),
    ],
)
def test_a_kiosk_that_answers_otherwise_surprises(lies, by):
    stage = Stage(lies)

    outcome = stage.run(act("08:00", "ann", ARRIVED))

    assert {surprise.by for surprise in outcome.surprises} == by
    assert not [beep for beep in outcome.heard if beep.answer is ARRIVED]


def test_holding_on_without_an_answer_surprises():
    stage = Stage({STEPPED_OUT: None})

    outcome = stage.run(act("08:00", "ann", ARRIVED), act("09:00", "ann", LEFT, STEPPED_OUT, gesture=Gesture.HOLD))

    assert {surprise.by for surprise in outcome.surprises} == {"rules", "person"}


def test_a_rule_that_the_person_did_not_know_surprises_only_the_person():
    stage = Stage()

    outcome = stage.run(act("08:00", "ann", ARRIVED), act("12:50", "ann", ARRIVED))

    assert [(s.by, s.expected, s.heard) for s in outcome.surprises] == [("person", "arrived", "left")]


def test_a_station_is_not_quiet_until_its_row_was_shown():
    stage = Stage()

    stage.run(act("08:00", "ann", ARRIVED))
    before = stage.on_the_way.is_quiet("clinic", 0)
    stage.on_the_way.show("clinic", stage.truth.figures("clinic", moment("08:00")), float("inf"))

    assert not before
    assert stage.on_the_way.is_quiet("clinic", 0)
    assert stage.on_the_way.is_quiet("library", 0)
    assert len(stage.on_the_way.latencies_ms) == 1


def test_moving_on_changes_both_stations():
    stage = Stage()
    stage.run(act("08:00", "ann", ARRIVED))
    turns = {code: stage.on_the_way.turn(code) for code in STATIONS}

    stage.run(act("09:00", "ann", ARRIVED, station="library"))

    assert all(stage.on_the_way.turn(code) > turns[code] for code in STATIONS)
    assert not stage.on_the_way.is_quiet("library", 0)


def test_what_is_never_shown_stops_waiting_and_is_counted():
    stage = Stage()

    stage.run(act("08:00", "ann", ARRIVED))

    assert stage.on_the_way.is_quiet("clinic", float("inf"))
    assert stage.on_the_way.never_shown == 1


def test_two_taps_that_cancel_each_other_before_a_row_is_sent_are_not_missed():
    on_the_way = OnTheWay()
    on_the_way.show("clinic", Figures("met", 2, 0), 0)

    on_the_way.expect("clinic", Figures("met", 3, 0), 1)
    on_the_way.expect("clinic", Figures("met", 2, 0), 1)

    assert not on_the_way.is_quiet("clinic", 2)
    assert on_the_way.is_quiet("clinic", 99)
    assert on_the_way.never_shown == 0


def test_no_act_begins_after_the_end():
    stage = Stage()
    stage.play.end()

    outcome = stage.run(act("08:00", "ann", ARRIVED))

    assert outcome.taps == 0
    assert CARD.number.hex() not in repr(outcome)
