"""The oracle's own reading of corrections: it finds a tap that is not as they leave it."""

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
