from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub.intake.bench import Bench, bench


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as made:
        yield made
