"""The oracle's own reading of corrections: it finds a tap that is not as they leave it."""

from itertools import pairwise

from simulator.oracle.amendments import as_corrected
from simulator.oracle.judge import judge

TAP = ["k", "e" * 16, 2]
VOID = {"name": ["hub", "a" * 16, 1], "change": "void", "of": TAP}
BACK = {"name": ["hub", "a" * 16, 2], "change": "void", "of": VOID["name"]}
MOVED = {"name": ["hub", "a" * 16, 3], "change": "retime", "of": TAP, "at_ms": 50}


def tap(**fields):
    return {"name": TAP, "recorded_ms": 10, "at_ms": 10, "void": False, "confirmed_ms": None, **fields}


def test_a_tap_that_counts_though_it_was_taken_out_is_found():
    assert len(judge({"amendments": [VOID], "amended": [tap()]})) == 1
    assert judge({"amendments": [VOID], "amended": [tap(void=True)]}) == []


def test_what_was_taken_back_was_never_said():
    assert judge({"amendments": [VOID, BACK], "amended": [tap()]}) == []
    assert judge({"amendments": [BACK, VOID, MOVED], "amended": [tap(at_ms=50)]}) == []


def test_a_tap_that_moved_though_nobody_said_so_is_found():
    assert "at_ms is 50" in judge({"amendments": [], "amended": [tap(at_ms=50)]})[0]


MINUTE = 60_000
CAME, LEFT = ["k", "e" * 16, 4], ["k", "e" * 16, 5]
DAY = {
    "open": [[0, 120 * MINUTE]],
    "wanted": [1, 2],
    "truth": [
        {"since_ms": 0, "class": "vacant", "on_duty": 0, "stepped_out": 0},
        {"since_ms": 30 * MINUTE, "class": "minimum", "on_duty": 1, "stepped_out": 0},
        {"since_ms": 60 * MINUTE, "class": "vacant", "on_duty": 0, "stepped_out": 0},
        {"since_ms": 120 * MINUTE, "class": "closed", "on_duty": 0, "stepped_out": 0},
    ],
    "corrected": [
        [
            {"name": CAME, "action": "arrive", "at_ms": 30 * MINUTE, "is_own": True},
            {"name": LEFT, "action": "leave", "at_ms": 60 * MINUTE, "is_own": True},
        ]
    ],
}


def said(seq, change, of=None, minute=None):
    return {
        "name": ["hub", "a" * 16, seq], "change": change, "of": of, "at_ms": None if minute is None else minute * MINUTE,
    }  # fmt: skip


def read(*amendments, **changed):
    """Since which minute who was there, and for whose sake recorded time counts besides."""
    found = as_corrected({**DAY, **changed}, {"amendments": amendments})
    if found is None:
        return None
    steps = [
        step for before, step in pairwise([{"class": ""}, *found.steps])
        if step["class"] != before["class"] and step["class"] != "closed"
    ]  # fmt: skip
    return [(step["since_ms"] // MINUTE, step["class"]) for step in steps], [
        (one.since_ms // MINUTE, one.until_ms // MINUTE) for one in found.accepted
    ]


AS_IT_WAS = [(0, "vacant"), (30, "minimum"), (60, "vacant")]


def test_a_day_of_which_nothing_was_said_is_as_it_was():
    assert read() == (AS_IT_WAS, [])
    assert read(said(1, "void", CAME), said(2, "void", ["hub", "a" * 16, 1])) == (AS_IT_WAS, [])


def test_who_never_came_was_not_there_and_who_never_left_was_there_until_it_closed():
    assert read(said(1, "void", CAME)) == ([(0, "vacant")], [])
    assert read(said(1, "void", LEFT)) == ([(0, "vacant"), (30, "minimum")], [])


def test_a_tap_that_was_moved_counts_where_it_is_now():
    assert read(said(1, "retime", LEFT, 90)) == ([(0, "vacant"), (30, "minimum"), (90, "vacant")], [])
    assert read(said(1, "retime", CAME, 10)) == ([(0, "vacant"), (10, "minimum"), (60, "vacant")], [])


def test_what_was_accepted_is_recorded_time_and_changes_no_class():
    assert read(said(1, "confirm", CAME)) == (AS_IT_WAS, [(30, 60)])
    assert read(said(1, "confirm", CAME, 100)) == (AS_IT_WAS, [(30, 100)])


def test_who_was_entered_counts_where_it_is_written_down():
    def entered(*, proves):
        return [
            {
                "name": ["hub", "a" * 16, seq],
                "action": action,
                "at_ms": minute * MINUTE,
                "is_own": False,
                "proves": proves,
            }
            for seq, action, minute in ((1, "arrive", 80), (2, "leave", 100))
        ]

    there = [*AS_IT_WAS, (80, "minimum"), (100, "vacant")]
    assert read(corrected=[entered(proves=True)]) == (there, [(80, 100)])
    assert read(corrected=[entered(proves=False)]) == (AS_IT_WAS, [(80, 100)])


def test_what_is_more_than_coming_and_leaving_is_not_read():
    assert read(said(1, "retime", LEFT, 20)) is None
    assert read(said(1, "retime", LEFT, 151)) is None
    assert read(said(1, "retime", CAME, 120)) is None
