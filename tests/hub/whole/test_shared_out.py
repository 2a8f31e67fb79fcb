"""Two intakes on one database and no truth in either's memory: nothing is lost, doubled, or taken back."""

from random import Random

import pytest

from tests.hub.whole.shared_out import share_out


@pytest.mark.parametrize("seed", [7, 8])
def test_each_message_to_either_at_random_and_one_killed_now_and_then(database_url: str, seed: int):
    found = share_out(database_url, kiosks=25, messages=600, kills=4, rng=Random(seed))

    assert [found[what] for what in ("lost", "doubled", "aside", "fallen")] == [0, 0, 0, 0]
    assert found["answered"] >= 600
