from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.database.engine import open_engine
from hub.database.schema import prepare_schema
from tests.hub.importing.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    engine = open_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    prepare_schema(engine)
    yield Desk(tmp_path, engine)
    engine.dispose()
