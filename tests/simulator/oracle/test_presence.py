"""One station's day written by hand: what is sound passes, and each rule of presence can be broken."""

from copy import deepcopy

import pytest

from simulator.oracle.judge import judge
from simulator.oracle.presence import judged_ms

MINUTE = 60_000
NINE = 1_772_672_400_000  # 2026-03-05T09:00+08:00


def step(minute, duty_class, on_duty=0, stepped_out=0, *, ms=0):
    at_ms = NINE + minute * MINUTE + ms
    return {"since_ms": at_ms, "class": duty_class, "on_duty": on_duty, "stepped_out": stepped_out}


def gap(kind, since, until):
    return {"kind": kind, "since_ms": NINE + since * MINUTE, "until_ms": NINE + until * MINUTE}


SOUND = {
    "days": [
        {
            "station": "s",
            "day": "2026-03-05",
            "since_ms": NINE - 60 * MINUTE,
            "until_ms": NINE + 180 * MINUTE,
            "sure": True,
            "open": [],
            "wanted": [1, 2],
            "corrected": [],
            "kiosks": [],
            "truth": [step(0, "vacant"), step(30, "minimum", 1), step(90, "vacant"), step(120, "closed")],
            "gaps": [gap("unwatched", 10, 20), gap("hindered", 100, 105)],
            "rebuilt": [
                step(0, "vacant"), step(8, "unknown"), step(22, "vacant"), step(30, "minimum", 1, ms=3_000),
                step(90, "vacant"), step(99, "unknown"), step(106, "vacant"), step(120, "closed"),
            ],
        }
    ]
}  # fmt: skip
SOUND["days"][0]["live"] = SOUND["days"][0]["rebuilt"]


def show_nobody(day):
    day["rebuilt"][3] = step(31, "minimum", 1)


def call_a_gap_vacant(day):
    day["rebuilt"][1:1] = [step(11, "vacant"), step(19, "unknown")]


def not_know(day):
    day["rebuilt"][1] = step(2, "unknown")


def forget_in_memory(day):
    day["live"] = day["rebuilt"][:-2]


def show_one_too_many_where_nothing_changes(day):
    day["rebuilt"].insert(4, step(60, "met", 2))
    day["rebuilt"].insert(5, step(60, "minimum", 1, ms=1))


def test_a_sound_day_breaks_no_rule():
    assert judge(SOUND) == []


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (show_nobody, "s from 2026-03-05T01:30:05Z to 01:31:00Z shows"),
        (call_a_gap_vacant, "though nobody watched"),
        (not_know, "from 2026-03-05T01:02:00Z to 01:03:00Z shows"),
        (forget_in_memory, "live, rebuilt"),
        (show_one_too_many_where_nothing_changes, "shows {'class': 'met', 'on_duty': 2"),
    ],
)
def test_each_rule_of_presence_can_be_broken(spoil, told):
    evidence = deepcopy(SOUND)

    spoil(evidence["days"][0])

    assert any(told in rule for rule in judge(evidence))


def test_what_is_not_known_for_sure_is_not_judged():
    evidence = deepcopy(SOUND)
    show_nobody(evidence["days"][0])

    evidence["days"][0]["sure"] = False

    assert judge(evidence) == []
    assert judged_ms(evidence["days"][0]) == 0


def test_only_open_and_watched_time_is_counted_as_judged():
    assert judged_ms(SOUND["days"][0]) == (120 - 10) * MINUTE - 40_000  # five seconds at eight edges


def test_while_the_truth_was_learnt_late_nothing_is_judged():
    evidence = deepcopy(SOUND)
    show_nobody(evidence["days"][0])

    evidence["days"][0]["gaps"].append(gap("learnt late", 30, 31))

    assert judge(evidence) == []
    assert judged_ms(evidence["days"][0]) < judged_ms(SOUND["days"][0])


def test_two_kiosks_that_are_down_one_after_the_other_may_prove_nothing_of_the_time_between():
    """Each watched up to its own gap; its last record is minutes older."""
    day = deepcopy(SOUND["days"][0])
    day["gaps"], day["kiosks"] = [], [[gap("unwatched", 9, 19)], [gap("unwatched", 19, 24)]]

    assert judge({"days": [{**day, "rebuilt": day["truth"], "live": day["truth"]}]}) == []
    unknown = [step(0, "vacant"), step(14, "unknown"), step(19, "vacant"), *day["truth"][1:]]
    assert judge({"days": [{**day, "rebuilt": unknown, "live": unknown}]}) == []
    day["kiosks"] = [[gap("unwatched", 9, 19)], []]
    assert judge({"days": [{**day, "rebuilt": unknown, "live": unknown}]}) != []
