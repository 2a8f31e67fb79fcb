"""Which seqs are stored, and how far without a break."""

from hypothesis import given
from hypothesis import strategies as st

from hub.intake.runs import KnownRun, SeqStretch, stored_stretches
from station.names import Epoch, KioskId, StationCode


def run(kept_from: int = 1) -> KnownRun:
    return KnownRun(1, KioskId("K"), Epoch("e" * 16), StationCode("S"), kept_from)


@given(st.lists(st.integers(1, 30)), st.integers(1, 30))
def test_stretches_hold_what_was_added_whatever_the_order(seqs: list[int], kept_from: int):
    known = run(kept_from)
    for seq in seqs:
        if known.lacks_all(seq, seq):
            known.add(seq, seq)

    held = [seq for stretch in known.stored for seq in range(stretch.first, stretch.last + 1)]
    missing = [seq for gap in known.gaps() for seq in range(gap.first, gap.last + 1)]

    assert held == sorted(set(seqs))
    assert missing == [seq for seq in range(1, kept_from) if seq not in seqs]
    assert all(known.holds(seq) for seq in seqs)


@given(st.sets(st.integers(1, 30)), st.integers(1, 30))
def test_through_is_the_end_of_the_unbroken_run_from_what_the_kiosk_holds(seqs: set[int], kept_from: int):
    known = run(kept_from)
    for seq in seqs:
        known.add(seq, seq)

    end = kept_from - 1
    while end + 1 in seqs:
        end += 1
    assert known.through == (end if end in seqs else 0)


@given(st.sets(st.integers(1, 30)), st.integers(1, 30))
def test_what_the_database_says_of_a_run_is_what_it_was(seqs: set[int], kept_from: int):
    known = run(kept_from)
    for seq in seqs:
        known.add(seq, seq)
    beyond = [SeqStretch(max(s.first, known.through + 1), s.last) for s in known.stored if s.last > known.through]

    assert stored_stretches(known.through, known.gaps(), beyond) == known.stored
