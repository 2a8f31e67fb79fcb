"""The class of one instant."""

import pytest

from station.duty import DutyClass, DutyRule, class_of


@pytest.mark.parametrize(
    ("on", "out", "is_open", "watched", "expected"),
    [
        (2, 0, True, True, DutyClass.MET),
        (1, 1, True, True, DutyClass.MET),
        (1, 0, True, True, DutyClass.MINIMUM),
        (0, 1, True, True, DutyClass.VACANT),
        (0, 2, True, True, DutyClass.VACANT),
        (0, 0, True, False, DutyClass.UNKNOWN),
        (1, 0, True, False, DutyClass.MINIMUM),
        (5, 0, False, True, DutyClass.CLOSED),
    ],
)
def test_the_class_follows_from_who_is_there(on, out, is_open, watched, expected) -> None:
    assert class_of(DutyRule(), on, out, is_open=is_open, watched=watched) is expected


def test_of_several_stepped_out_one_counts_for_the_target() -> None:
    assert class_of(DutyRule(minimum=1, target=3), 1, 2, is_open=True, watched=True) is DutyClass.MINIMUM


@pytest.mark.parametrize(("minimum", "target"), [(0, 2), (3, 2)])
def test_a_rule_that_cannot_be_is_refused(minimum, target) -> None:
    with pytest.raises(ValueError, match="wanted is 1 <= minimum <= target"):
        DutyRule(minimum, target)
