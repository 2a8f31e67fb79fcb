"""What makes a run a bad one."""

import json
from datetime import timedelta

import pytest

from simulator.acts import Beeped
from simulator.board_watch import SeenBoard, SeenRow
from simulator.comparison import Comparison, Difference
from simulator.on_the_way import OnTheWay
from simulator.play import HeardBeep, PlayOutcome, Surprise
from simulator.report import Report, percentiles
from simulator.stored import BeepCount
from simulator.truth import Figures
from tests.simulator.world import CARD, moment, new_truth

MET, VACANT = Figures("met", 2, 0), Figures("vacant", 0, 0)


def report(count=None, shown=MET, complaints=None, spoil=lambda outcome, comparison, on_the_way: None):
    outcome, on_the_way = PlayOutcome(taps=1), OnTheWay()
    outcome.heard.append(HeardBeep("clinic-a", CARD, Beeped.ARRIVED, moment("08:00"), moment("08:00")))
    comparison = Comparison(["clinic"], new_truth(), on_the_way, timedelta(0))
    comparison.minutes_compared = 10
    spoil(outcome, comparison, on_the_way)
    board = SeenBoard(moment("08:10"), {"clinic": SeenRow("clinic", "hospital", shown, all_heard=True)})
    return Report(
        1, complaints or [], outcome, count or BeepCount(1, 0, 0, 0), comparison, on_the_way, board, {"clinic": MET}
    )


def differ(outcome, comparison, on_the_way):
    comparison.minutes_different = 1
    comparison.differences.append(Difference(moment("08:01"), "clinic", None, VACANT))


def surprise(outcome, comparison, on_the_way):
    outcome.surprises.append(Surprise(moment("08:01"), "clinic-a", "arrive", "rules", "arrived", "left"))


def miss(outcome, comparison, on_the_way):
    comparison.minutes_missed = 20


def never_show(outcome, comparison, on_the_way):
    on_the_way.never_shown = 1


def test_a_good_run_has_no_fault():
    assert report().faults() == []


def test_a_newcomer_is_told_what_came_of_it():
    def refuse_a_telephone(outcome, comparison, on_the_way):
        outcome.taps += 2
        outcome.silent += 2
        on_the_way.latencies_ms.append(11.0)

    assert list(report(spoil=refuse_a_telephone).summary()) == [
        "3 times somebody held out a card, and once that was recorded, with a beep.",
        "A beep promises a record for good: each has one at the hub, none is lost, none is there twice.",
        "Nothing new was recorded 2 times: a telephone, or a card that was taken away too early or held out twice.",
        "The board was compared with what people did in 10 minutes of the day, and was right in each.",
        "From the beep to the board it usually took 11.0 ms.",
    ]


def test_who_held_on_beeped_twice_and_that_adds_up():
    def step_out(outcome, comparison, on_the_way):
        outcome.heard.append(HeardBeep("clinic-a", CARD, Beeped.STEPPED_OUT, moment("08:01"), moment("08:02")))

    told = list(report(spoil=step_out).summary())

    assert told[:2] == [
        "Once somebody held out a card, and once that was recorded, with a beep.",
        "Once they held on to step out, and it beeped once more.",
    ]
    assert not any("Nothing new" in line for line in told)


def test_what_went_wrong_is_in_the_words_for_a_newcomer_too():
    told = "\n".join(report(BeepCount(0, 1, 2, 0), spoil=differ).summary())

    assert "1 have none at the hub, 2 are there twice" in told
    assert "right in all but 1" in told


@pytest.mark.parametrize(
    "bad",
    [
        report(BeepCount(0, 1, 0, 0)),
        report(BeepCount(1, 0, 1, 0)),
        report(BeepCount(1, 0, 0, 1)),
        report(shown=VACANT),
        report(spoil=differ),
        report(spoil=surprise),
        report(spoil=miss),
        report(spoil=never_show),
        report(complaints=["hub: KeyError: 1"]),
    ],
    ids=["lost", "doubled", "unheard", "end", "minute", "surprise", "missed", "never shown", "log"],
)
def test_every_fault_is_told(bad):
    assert len(bad.faults()) == 1


def test_the_report_is_json_with_all_that_was_asked_for():
    plain = json.loads(report(spoil=differ).spell())

    assert plain["stations"] == [{"code": "clinic", "kind": "hospital", "board": MET.plain(), "truth": MET.plain()}]
    assert set(plain) >= {
        "taps", "beeped", "settled", "lost", "doubled", "stations", "tap_to_board_ms", "minutes_compared",
        "minutes_different", "minutes_missed", "surprises", "seed",
    }  # fmt: skip
    assert CARD.number.hex() not in json.dumps(plain).lower()


def test_percentiles_are_of_what_was_measured():
    assert percentiles([float(n) for n in range(100)]) == {"p50": 50.0, "p95": 95.0, "p99": 99.0}
    assert percentiles([]) == {"p50": None, "p95": None, "p99": None}
