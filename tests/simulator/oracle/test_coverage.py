"""One day of the coverage ledger written by hand: what is sound passes, and each figure of it can be wrong."""

from copy import deepcopy

import pytest

from simulator.oracle.judge import judge

MINUTE = 60_000
NINE = 1_772_672_400_000  # 2026-03-05T09:00+08:00
MIDNIGHT = NINE - 9 * 60 * MINUTE


def at(minute):
    return NINE + minute * MINUTE


def step(minute, duty_class, on_duty=0, stepped_out=0):
    return {"since_ms": at(minute), "class": duty_class, "on_duty": on_duty, "stepped_out": stepped_out}


def kept(**minutes):
    """Two hours open: somebody from the first half hour to the hour and a half, ten minutes of it outside."""
    lasted = {"opened": 120, "met": 0, "minimum": 50, "vacant": 70, "unknown": 0, "partial": 0} | minutes
    return {f"{name}_ms": minute * MINUTE for name, minute in lasted.items()} | {
        "until_ms": MIDNIGHT + 24 * 60 * MINUTE, "is_over": True, "union_ms": 60 * MINUTE, "person_ms": 60 * MINUTE,
        "supplemented_ms": 60 * MINUTE, "verdict": "short", "short_ms": 60 * MINUTE,
        "gaps": [gap(0, 30), gap(40, 50), gap(90, 120)],
    }  # fmt: skip


def gap(since, until, duty_class="vacant"):
    return {"began_ms": at(since), "ended_ms": at(until), "class": duty_class}


def unwatched(since, until):
    return {"kind": "unwatched", "since_ms": at(since), "until_ms": at(until)}


SOUND = {
    "station": "s", "day": "2026-03-05", "since_ms": MIDNIGHT, "sure": True, "open": [[at(0), at(120)]],
    "truth": [
        step(0, "vacant"), step(30, "minimum", 1), step(40, "vacant", 0, 1), step(50, "minimum", 1),
        step(90, "vacant"), step(120, "closed"),
    ],
    "gaps": [], "kiosks": [[]], "returned": [(at(40), at(50))], "corrected": [], "wanted": [1, 2], "off_ms": 0, "kept": kept(),
}  # fmt: skip


def judged(**changed):
    day = {**deepcopy(SOUND), **changed}
    return judge({"coverage": [day]})


def with_kept(**figures):
    return judged(kept={**kept(), **figures})


def test_a_sound_day_passes():
    assert judged() == []


def test_a_day_that_is_not_kept_is_found_and_a_closed_one_need_not_be():
    assert judged(kept=None) == ["coverage of s on 2026-03-05: is not kept"]
    assert judged(kept=None, open=[]) == []


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ({"vacant_ms": 69 * MINUTE, "minimum_ms": 51 * MINUTE}, "vacant for"),
        ({"vacant_ms": 60 * MINUTE, "unknown_ms": 10 * MINUTE, "verdict": "short"}, "unknown for"),
        ({"vacant_ms": 60 * MINUTE}, "the classes add up to"),
        ({"union_ms": 50 * MINUTE, "supplemented_ms": 60 * MINUTE}, "union for"),
        ({"person_ms": 50 * MINUTE}, "person for"),
        ({"partial_ms": MINUTE}, "partial for"),
        ({"verdict": "kept", "short_ms": 0}, "by its own figures it is"),
        ({"short_ms": 0}, "by its own figures it is"),
        ({"gaps": [gap(0, 30), gap(90, 120)]}, "no gap has it"),
        ({"gaps": [gap(0, 10), gap(10, 30), gap(40, 50), gap(90, 120)]}, "that is no gap"),
        ({"gaps": [gap(0, 35), gap(40, 50), gap(90, 120)]}, "and it was not"),
        ({"gaps": [gap(0, 30), gap(40, 50, "unknown"), gap(90, 120)]}, "a gap is unknown"),
    ],
)
def test_a_figure_that_is_otherwise_is_found(figures, told):
    assert any(told in fault for fault in with_kept(**figures))


def test_about_time_that_nobody_watched_a_vacancy_may_be_unknown_and_elsewhere_not():
    unseen = {
        **kept(vacant=42, unknown=28),
        "gaps": [gap(0, 30), gap(40, 50), gap(90, 92), gap(92, 120, "unknown")],
    }

    assert judged(kept=unseen, gaps=[unwatched(95, 200)]) == []
    assert any("unknown" in fault for fault in judged(kept=unseen, gaps=[unwatched(110, 200)]))


def test_time_that_nobody_watched_is_not_vacant():
    assert any("unknown for" in fault for fault in judged(gaps=[unwatched(90, 120)]))


def test_as_much_as_the_clocks_were_off_is_let_pass():
    late = {"vacant_ms": 70 * MINUTE + 3_000, "minimum_ms": 50 * MINUTE - 3_000, "union_ms": 60 * MINUTE - 3_000,
            "person_ms": 60 * MINUTE - 3_000, "short_ms": 60 * MINUTE}  # fmt: skip

    assert any("vacant for" in fault for fault in with_kept(**late))
    assert judged(kept={**kept(), **late}, off_ms=3_000) == []


@pytest.mark.parametrize(
    ("opened", "union", "unknown", "verdict"),
    [
        (300, 290, 0, ("kept", 0)),
        (300, 289, 0, ("short", 11)),
        (300, 280, 10, ("unproven", 20)),
        (420, 290, 0, ("kept", 0)),
        (0, 0, 0, ("closed", 0)),
    ],
)
def test_five_hours_or_as_long_as_it_was_open(opened, union, unknown, verdict):
    told, short = verdict
    figures = kept(opened=opened, minimum=union, vacant=opened - union - unknown, unknown=unknown) | {
        "union_ms": union * MINUTE, "supplemented_ms": union * MINUTE, "verdict": told, "short_ms": short * MINUTE,
    }  # fmt: skip
    wrong = figures | {"verdict": "running"}

    assert judged(sure=False, kept=figures) == []
    assert judged(sure=False, kept=wrong) != []
