"""A kiosk on the bench for every test that asks for one."""

import pytest

from tests.edge.rig import Bench


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path / "data")
    yield made
    made.close()
