"""SQL put into words once a process, however many databases the tests open; a hub does it once a start."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine

from hub.database import postgresql, sqlite
from simulator.world.statements import compiled_here

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def compiled_once() -> Iterator[None]:
    """Let all engines that are opened as the hub opens its own share what they compiled."""
    opened = partial(create_engine, execution_options={"compiled_cache": compiled_here()})
    with pytest.MonkeyPatch.context() as patch:
        for dialect in (sqlite, postgresql):
            patch.setattr(dialect, "create_engine", opened)
        yield
