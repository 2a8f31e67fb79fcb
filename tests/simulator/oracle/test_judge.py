"""Evidence written by hand: what is sound passes, and each rule can be broken."""

from copy import deepcopy

import pytest

from simulator.oracle.judge import judge

RECORD = {
    "kiosk": "k", "epoch": "e", "kind": "tap", "card": "c", "action": "arrive", "clock": "synced",
    "boot": "b", "mono_ms": 900, "placed": {"clock": "synced", "at_ms": 900, "earliest_ms": None, "latest_ms": None},
}  # fmt: skip
SOUND = {
    "beeps": [
        {"kiosk": "k", "epoch": "e", "seq": 2, "card": "c", "told": "arrived", "should": "arrived", "at_ms": 1_000}
    ],
    "unheard": [("k", "e", 3)],
    "records": [
        {**RECORD, "seq": 1, "kind": "started", "card": None, "action": None},
        {**RECORD, "seq": 2},
        {**RECORD, "seq": 3, "card": "d"},
    ],
    "settled": [{"epoch": "e", "told": 3, "held": 3}],
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
    evidence["records"][1]["placed"]["at_ms"] = 3_001


def invent(evidence):
    evidence["unheard"] = []


def leave_a_hole(evidence):
    evidence["records"][0]["seq"] = 4


def find_a_conflict(evidence):
    evidence["findings"].append({"kind": "conflict", "text": "two contents"})


def forget_what_was_settled(evidence):
    evidence["settled"][0]["held"] = 2


def answer_wrongly(evidence):
    evidence["beeps"][0]["should"] = "left"


def keep_another_ledger(evidence):
    evidence["ledger"] = ["a stint more"]


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
        (forget_what_was_settled, "run e was settled to 3, and is held to 2"),
        (keep_another_ledger, "the ledger: a stint more"),
        (find_a_conflict, "the hub found conflict"),
        (answer_wrongly, "should have been told left"),
    ],
)
def test_each_rule_can_be_broken(spoil, told):
    evidence = deepcopy(SOUND)

    spoil(evidence)

    assert any(told in rule for rule in judge(evidence))
