from collections.abc import Iterator

import pytest

from tests.hub.intake.bench import Bench, bench


@pytest.fixture
def hub(database_url: str) -> Iterator[Bench]:
    with bench(database_url) as made:
        yield made
