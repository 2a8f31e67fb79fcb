"""One station's wall written by hand: what is sound passes, and each rule of rows and liveness can be broken."""

from copy import deepcopy

import pytest

from simulator.oracle.board import shown_ms
from simulator.oracle.judge import judge

MINUTE = 60_000
NINE = 1_772_672_400_000  # 2026-03-05T09:00+08:00


def row(minute, duty_class, on_duty=0, held=None, *, ms=0):
    at_ms = NINE + minute * MINUTE + ms
    held_ms = NINE + (minute if held is None else held) * MINUTE
    return {
        "since_ms": at_ms, "told_ms": at_ms, "class": duty_class, "on_duty": on_duty, "stepped_out": 0,
        "held_ms": held_ms,
    }  # fmt: skip


def known(minute, duty_class, on_duty=0):
    return {"since_ms": NINE + minute * MINUTE, "class": duty_class, "on_duty": on_duty, "stepped_out": 0}


def state(minute, word):
    return {"since_ms": NINE + minute * MINUTE, "state": word}


SOUND = {
    "walls": [
        {
            "station": "s",
            "day": "2026-03-05",
            "since_ms": NINE - 60 * MINUTE,
            "until_ms": NINE + 180 * MINUTE,
            "sure": True,
            "heartbeat_ms": 30_000,
            "gathers_ms": 0,
            "rows": [
                row(-60, "closed"), row(0, "vacant"), row(23, "unknown"), row(40, "vacant"), row(50, "minimum", 1),
                row(60, "met", 2), row(70, "met", 3, held=60), row(90, "dark"), row(95, "met", 3, held=60),
                row(120, "closed", 3),
            ],
            "known": [
                known(0, "vacant"), known(50, "minimum", 1), known(60, "met", 2), known(70, "met", 3),
                known(120, "closed", 3),
            ],
            "torn": [],
            "late_ms": [],
            "hub": [state(-60, "up"), state(90, "down"), state(95, "up")],
            "kiosks": [
                {
                    "kiosk": "k",
                    "stood": [state(-60, "up"), state(20, "away"), state(39, "up"), state(150, "blind")],
                    "shown": [
                        state(-60, "online"), state(21, "stale"), state(23, "lost"), state(40, "online"),
                        state(90, "dark"), state(95, "online"), state(150, "blind"),
                    ],
                    "heard": [NINE + minute * MINUTE for minute in (*range(-60, 21), *range(40, 181))],
                }
            ],
        }
    ]
}  # fmt: skip


def forget_a_tap(wall):
    del wall["rows"][5]


def count_one_too_many(wall):
    wall["rows"][6]["on_duty"] = 4


def call_silence_vacant(wall):
    del wall["rows"][2]


def not_know_what_is_watched(wall):
    wall["rows"][1]["class"] = "unknown"


def move_since(wall):
    wall["rows"][6]["held_ms"] += 2_001


def move_since_by_a_restart(wall):
    wall["rows"][8]["held_ms"] += 2_001


def promise(wall):
    wall["rows"][5]["held_ms"] += 2_001


def stay_open(wall):
    wall["rows"].pop()


def miss_nobody(wall):
    del wall["kiosks"][0]["shown"][1:3]


def miss_them_only_a_little(wall):
    del wall["kiosks"][0]["shown"][2]


def not_see_them_back(wall):
    del wall["kiosks"][0]["shown"][3]


def take_the_blind_for_seeing(wall):
    wall["kiosks"][0]["shown"].pop()


def test_a_sound_wall_breaks_no_rule():
    assert judge(SOUND) == []


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (forget_a_tap, "'minimum', 'on_duty': 1, 'stepped_out': 0}, known is {'class': 'met', 'on_duty': 2"),
        (count_one_too_many, "'on_duty': 4"),
        (call_silence_vacant, "vacant, though no kiosk was heard to watch"),
        (not_know_what_is_watched, "unknown, though its kiosks were heard"),
        (move_since, "met holds on, and its since moves by 2001 ms"),
        (move_since_by_a_restart, "met holds on, and its since moves by 2001 ms"),
        (promise, "its since lies ahead"),
        (stay_open, "known is {'class': 'closed'"),
        (miss_nobody, "is called online, and is lost"),
        (miss_them_only_a_little, "is called stale, and is lost"),
        (not_see_them_back, "is called lost, and is online"),
        (take_the_blind_for_seeing, "is called online, and is blind"),
    ],
)
def test_each_rule_of_the_board_can_be_broken(spoil, told):
    evidence = deepcopy(SOUND)

    spoil(evidence["walls"][0])

    assert any(told in rule for rule in judge(evidence))


@pytest.mark.parametrize(("gathers_min", "is_a_lie"), [(30, True), (90, False)])
def test_a_kiosk_that_lets_what_it_says_gather_may_be_taken_for_what_it_was(gathers_min, is_a_lie):
    evidence = deepcopy(SOUND)
    wall = evidence["walls"][0]
    not_know_what_is_watched(wall)  # it stood well for an hour then

    wall["gathers_ms"] = gathers_min * MINUTE

    assert any("unknown, though its kiosks were heard" in rule for rule in judge(evidence)) is is_a_lie


@pytest.mark.parametrize(("gathers_min", "is_a_lie"), [(5, True), (15, False)])
def test_a_blind_kiosk_that_lets_what_it_says_gather_may_be_taken_to_see(gathers_min, is_a_lie):
    evidence = deepcopy(SOUND)
    wall = evidence["walls"][0]
    wall["kiosks"][0]["stood"][1:1] = [state(2, "blind"), state(14, "up")]  # while nobody is there

    wall["gathers_ms"] = gathers_min * MINUTE

    assert any("vacant, though no kiosk was heard to watch" in rule for rule in judge(evidence)) is is_a_lie


def test_what_became_known_late_may_move_since():
    evidence = deepcopy(SOUND)
    move_since(evidence["walls"][0])

    evidence["walls"][0]["late_ms"] = [NINE + 70 * MINUTE]

    assert judge(evidence) == []


def test_what_is_torn_is_not_judged_and_not_counted():
    evidence = deepcopy(SOUND)
    wall = evidence["walls"][0]
    count_one_too_many(wall)

    wall["torn"] = [state(69, "torn"), state(91, "whole")]

    assert judge(evidence) == []
    assert shown_ms(wall) < shown_ms(SOUND["walls"][0])


def test_one_lost_kiosk_of_two_makes_a_shortfall_unknown():
    evidence = deepcopy(SOUND)
    wall = evidence["walls"][0]
    call_silence_vacant(wall)
    other = deepcopy(wall["kiosks"][0])
    wall["kiosks"].append(other | {"kiosk": "l", "heard": [NINE + minute * MINUTE for minute in range(-60, 181)]})

    assert any("vacant, though no kiosk was heard to watch" in rule for rule in judge(evidence))


def fall_silent_while_people_are_there(wall):
    wall["kiosks"][0]["heard"] = [
        at_ms for at_ms in wall["kiosks"][0]["heard"] if not 72 < (at_ms - NINE) / MINUTE < 84
    ]


def call_them_silent_who_are_heard(wall):
    wall["rows"][5]["is_silent"] = True


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (fall_silent_while_people_are_there, "no kiosk silent, though one was"),
        (call_them_silent_who_are_heard, "a kiosk silent, though all were heard"),
    ],
)
def test_a_silent_kiosk_is_shown_whatever_the_class(spoil, told):
    evidence = deepcopy(SOUND)

    spoil(evidence["walls"][0])

    assert any(told in rule for rule in judge(evidence))


def test_the_dark_is_not_counted_as_shown():
    lit = deepcopy(SOUND["walls"][0])
    del lit["rows"][7]

    assert shown_ms(lit) - shown_ms(SOUND["walls"][0]) == 5 * MINUTE


CALM = {
    "beeps": [{"kiosk": "k", "epoch": "e", "seq": 1, "card": "c", "told": "arrived", "should": "arrived",
               "at_ms": NINE, "known_ms": NINE + 400}],
    "records": [
        {"kiosk": "k", "epoch": "e", "seq": 1, "kind": "tap", "card": "c", "action": "arrive", "clock": "synced",
         "boot": "b", "mono_ms": 1,
         "placed": {"clock": "synced", "at_ms": NINE, "earliest_ms": None, "latest_ms": None}},
    ],
    "since_ms": NINE - 60 * MINUTE,
    "until_ms": NINE + 60 * MINUTE,
    "gathers_ms": 0,
    "stood": [state(-10, "up")],
    "hub": [state(-10, "up")],
}  # fmt: skip


@pytest.mark.parametrize("known_ms", [None, NINE + 60_001])
def test_a_beep_is_known_soon_while_all_is_well(known_ms):
    evidence = deepcopy(CALM)
    assert judge(evidence) == []

    evidence["beeps"][0]["known_ms"] = known_ms

    assert any("is not known soon" in rule for rule in judge(evidence))


@pytest.mark.parametrize("who", ["stood", "hub"])
def test_a_beep_may_wait_while_something_is_wrong(who):
    evidence = deepcopy(CALM)
    evidence["beeps"][0]["known_ms"] = NINE + 10 * MINUTE

    evidence[who].append(state(0, "away"))

    assert judge(evidence) == []
