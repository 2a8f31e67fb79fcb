"""`zaigang-hub kiosk config` from two terminals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

from hub.__main__ import main
from hub.asking.configuring import read_wanted
from hub.database.transactions import changing, reading
from hub.verbs import kiosk_asking
from station.names import KioskId

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import pytest
    from sqlalchemy import Connection, Engine

    from tests.hub.importing.desk import Desk


def test_two_who_set_something_in_one_moment_set_both(city: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    both = Barrier(2, timeout=30)

    def together(engine: Engine) -> AbstractContextManager[Connection]:
        both.wait()
        return changing(engine)

    monkeypatch.setattr(kiosk_asking, "changing", together)
    monkeypatch.setattr(kiosk_asking, "WAIT_S", 0.0)
    main(["kiosk", "commands", "k1"])  # loads what two threads must not load at once
    pairs = ("limits.guard_s=8.0", "panel.brightness=0.5")

    with ThreadPoolExecutor(len(pairs)) as pool:
        done = list(pool.map(lambda pair: main(["kiosk", "config", "k1", "--set", pair]), pairs))

    with reading(city.engine) as connection:
        wanted = read_wanted(connection, KioskId("k1"))
    assert (done, wanted.version) == ([0, 0], 2)
    assert wanted.table == {"limits": {"guard_s": 8.0}, "panel": {"brightness": 0.5}}
