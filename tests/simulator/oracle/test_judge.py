"""Evidence written by hand: what is sound passes, and each rule can be broken."""

from copy import deepcopy

import pytest

from simulator.oracle.judge import judge

FIGURES = {"class": "minimum", "on_duty": 1, "stepped_out": 0}
NOBODY = {"class": "vacant", "on_duty": 0, "stepped_out": 0}
UNKNOWN = {"class": "unknown", "on_duty": 0, "stepped_out": 0}


def minute(at, rebuilt=FIGURES, *, truth=FIGURES, watched=True, sure=True, steady=True, hindered=False, **more):
    return {
        "station": "s", "at": f"2026-03-05T{at}:00+08:00", "watched": watched, "sure": sure, "steady": steady,
        "hindered": hindered, "truth": truth, "rebuilt": rebuilt, **more,
    }  # fmt: skip


SOUND = {
    "beeps": [
        {"kiosk": "k", "epoch": "e", "seq": 2, "card": "c", "told": "arrived", "should": "arrived", "at_ms": 1_000}
    ],
    "unheard": [("k", "e", 3)],
    "records": [
        {"kiosk": "k", "epoch": "e", "seq": 1, "kind": "started", "card": None, "action": None, "clock": "synced", "at_ms": 0},
        {"kiosk": "k", "epoch": "e", "seq": 2, "kind": "tap", "card": "c", "action": "arrive", "clock": "synced", "at_ms": 900},
        {"kiosk": "k", "epoch": "e", "seq": 3, "kind": "tap", "card": "d", "action": "arrive", "clock": "synced", "at_ms": 999},
    ],
    "minutes": [
        minute("09:00", live=FIGURES),
        minute("09:01", NOBODY, steady=False),
        minute("09:02", NOBODY, sure=False),
        *[minute(f"09:{m}", UNKNOWN, watched=False) for m in range(10, 20)],
        minute("09:20", UNKNOWN, truth=NOBODY),
        minute("09:40", UNKNOWN, truth=NOBODY, hindered=True),
        minute("09:59", NOBODY, truth=NOBODY),
    ],
    "findings": [{"kind": "unknown_kiosk", "text": "somebody else's"}],
}  # fmt: skip


def lose(evidence):
    del evidence["records"][1]
    evidence["records"][1]["seq"] = 1


def store_twice(evidence):
    evidence["records"].append(dict(evidence["records"][1]))


def promise_twice(evidence):
    evidence["beeps"].append(dict(evidence["beeps"][0]))


def swap_cards(evidence):
    evidence["records"][1]["card"] = "d"


def turn_round(evidence):
    evidence["records"][1]["action"] = "leave"


def be_late(evidence):
    evidence["records"][1]["at_ms"] = 3_001


def invent(evidence):
    evidence["unheard"] = []


def leave_a_hole(evidence):
    evidence["records"][0]["seq"] = 4


def find_a_conflict(evidence):
    evidence["findings"].append({"kind": "conflict", "text": "two contents"})


def answer_wrongly(evidence):
    evidence["beeps"][0]["should"] = "left"


def show_nobody(evidence):
    evidence["minutes"][0] |= {"rebuilt": NOBODY, "live": NOBODY}


def call_a_gap_vacant(evidence):
    evidence["minutes"][5]["rebuilt"] = NOBODY


def not_know(evidence):
    evidence["minutes"][-1]["rebuilt"] = UNKNOWN


def forget_in_memory(evidence):
    evidence["minutes"][0]["live"] = NOBODY


def test_sound_evidence_breaks_no_rule():
    assert judge(SOUND) == []


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lose, "at the hub 0 times"),
        (store_twice, "at the hub 2 times"),
        (promise_twice, "was promised 2 times"),
        (swap_cards, "as another's"),
        (turn_round, "another action"),
        (be_late, "2001 ms off"),
        (invent, "nobody heard a beep for"),
        (leave_a_hole, "lacks 1 of its first 4"),
        (find_a_conflict, "the hub found conflict"),
        (answer_wrongly, "should have been told left"),
        (show_nobody, "shows"),
        (call_a_gap_vacant, "though nobody watched"),
        (not_know, "09:59:00+08:00 shows"),
        (forget_in_memory, "live, rebuilt"),
    ],
)
def test_each_rule_can_be_broken(spoil, told):
    evidence = deepcopy(SOUND)

    spoil(evidence)

    assert any(told in rule for rule in judge(evidence))


def test_a_clock_that_was_not_right_may_be_off():
    evidence = deepcopy(SOUND)

    evidence["records"][1] |= {"at_ms": 9_000, "clock": "estimated"}

    assert judge(evidence) == []
