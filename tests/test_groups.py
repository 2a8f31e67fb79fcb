"""That tests which share a machine or a town are kept together by who hands them out."""

import pytest


@pytest.mark.xdist_group("alike")
def test_tests_of_a_group_are_handed_out_together(request):
    """With pytest 9.2 pytest-xdist 3.8 loses the groups and says nothing: each test then meets another machine."""
    is_grouping = request.config.getoption("loadgroup", False)

    assert not is_grouping or request.node.nodeid.endswith("@alike")
