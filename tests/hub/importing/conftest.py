from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.hub.importing.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture
def desk(tmp_path: Path, engine: Engine) -> Desk:
    return Desk(tmp_path, engine)
