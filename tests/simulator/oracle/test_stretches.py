"""What two rows of stretches have in common, however they lie."""

from hypothesis import given
from hypothesis import strategies as st

from simulator.oracle.stretches import Stretch, common, within

STRETCHES = st.lists(st.builds(Stretch, st.integers(0, 20), st.integers(0, 20)), max_size=8)


@given(STRETCHES, STRETCHES)
def test_what_lies_in_both_is_what_each_two_have_in_common(ones, others):
    each_two = [common(one, other) for one in ones for other in sorted(others)]

    assert within(ones, others) == [both for both in each_two if both is not None]


def test_a_long_one_that_began_before_others_is_met_after_they_ended():
    others = [Stretch(0, 100), Stretch(10, 20), Stretch(30, 40)]

    assert within([Stretch(50, 60), Stretch(15, 35)], others) == [
        Stretch(50, 60), Stretch(15, 35), Stretch(15, 20), Stretch(30, 35),
    ]  # fmt: skip
