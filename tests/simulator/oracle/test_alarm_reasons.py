"""A morning of one station by what people tapped, written by hand: alarms have their reason, or are found out."""

from copy import deepcopy

import pytest

from simulator.oracle.judge import judge

MINUTE = 60_000
NINE = 1_772_672_400_000  # 2026-03-05T09:00+08:00


def at(minute):
    return NINE + round(minute * MINUTE)


def known(minute, shown, on_duty=0):
    return {"since_ms": at(minute), "class": shown, "on_duty": on_duty, "stepped_out": 0}


def row(minute, shown, on_duty=0):
    return {**known(minute, shown, on_duty), "held_ms": at(minute), "told_ms": at(minute)}


def told(minute, lack="vacant"):
    return {"made_ms": at(minute), "at_ms": at(minute), "channel": "lead", "what": "raised", "lack": lack}


STEPS = (("closed", 0), ("vacant", 0), ("minimum", 1), ("met", 2), ("closed", 0))
FROM = (-60, 0, 30, 60, 120)
SOUND = {
    "walls": [
        {
            "station": "s", "day": "2026-03-05", "since_ms": at(-60), "until_ms": at(180), "sure": True,
            "known": [known(minute, *step) for minute, step in zip(FROM, STEPS, strict=True)],
            "rows": [row(minute, *step) for minute, step in zip(FROM, STEPS, strict=True)],
            "torn": [{"since_ms": at(-60), "state": "whole"}],
            "late_ms": [], "heartbeat_ms": 30_000, "gathers_ms": 0,
            "hub": [{"since_ms": at(-60), "state": "up"}],
            "told": [told(5), told(45, "short")],
            "doubts": [],
            "kiosks": [
                {
                    "kiosk": "s-a", "stood": [{"since_ms": at(-60), "state": "up"}],
                    "shown": [{"since_ms": at(-60), "state": "online"}],
                    "heard": [at(minute / 2) for minute in range(-120, 360)],
                }
            ],
        }
    ]
}  # fmt: skip


@pytest.fixture
def world():
    return deepcopy(SOUND)


def broken(world):
    return [rule.partition("Z: ")[2] for rule in judge(world)]


def test_alarms_with_a_reason_pass(world):
    assert judge(world) == []


@pytest.mark.parametrize(
    ("one", "fault"),
    [
        (told(4), "vacant was told after 245 s in which by what people tapped it was so"),
        (told(70), "vacant was told after 0 s in which by what people tapped it was so"),
        (told(75, "short"), "short was told after 0 s in which by what people tapped it was so"),
        (told(80, "unwatched"), "it was told that nobody watches, and all kiosks were heard"),
    ],
)
def test_an_alarm_without_a_reason_is_found_whatever_the_board_showed(world, one, fault):
    world["walls"][0]["told"].append(one)

    assert broken(world) == [fault]


def test_a_long_vacancy_that_nobody_is_told_of_is_found(world):
    world["walls"][0]["told"].pop(0)

    (rule,) = broken(world)
    assert "nobody was told" in rule


def test_one_who_comes_where_two_are_needed_begins_no_vacancy_of_its_own(world):
    world["walls"][0]["known"].insert(2, known(10, "vacant", 1))
    world["walls"][0]["rows"].insert(2, row(10, "vacant", 1) | {"held_ms": at(0)})

    assert judge(world) == []


@pytest.mark.parametrize(
    "doubtful",
    [
        {"doubts": [at(3)]},
        {"sure": False},
        {"hub": [{"since_ms": at(-60), "state": "up"}, {"since_ms": at(2), "state": "hampered"}]},
        {"torn": [{"since_ms": at(2), "state": "torn"}, {"since_ms": at(3), "state": "whole"}]},
    ],
)
def test_what_is_open_to_doubt_is_left_open(world, doubtful):
    world["walls"][0] |= doubtful
    world["walls"][0]["told"] = [told(4)]

    assert [rule for rule in judge(world) if rule.startswith("alarms, ")] == []
