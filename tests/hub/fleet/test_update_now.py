"""`zaigang-hub update now`: a person wants a kiosk updated although its station is open."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.database.command_table import KioskCommand
from hub.database.transactions import table_of
from tests.hub.updates.test_shelf import bundle

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hub.importing.desk import Desk


def asked(city: Desk) -> list[tuple[str, str, dict[str, str]]]:
    with city.engine.connect() as connection:
        rows = connection.execute(select(table_of(KioskCommand))).all()
    return [(row.kiosk, row.name, json.loads(row.args)) for row in rows]


def test_a_kiosk_is_asked_once_and_told_that_it_is_wanted_now(city: Desk, said: Any, tmp_path: Path) -> None:
    said("update", "offer", bundle(tmp_path, "1.2.0"))

    for _ in range(2):
        status, printed = said("update", "now", "k1")

    assert (status, printed.startswith("version 1.2.0: ")) == (0, True)
    assert asked(city) == [("k1", "update", {"version": "1.2.0", "open": "yes"})]


def test_a_halt_takes_back_what_was_asked_and_is_not_begun(city: Desk, said: Any, tmp_path: Path) -> None:
    """Who was away when it was halted took it up to two hours later."""
    said("update", "offer", bundle(tmp_path, "1.2.0"))
    said("update", "now", "k1")

    said("update", "halt", "--why", "the reader beeps twice")

    with city.engine.connect() as connection:
        (row,) = connection.execute(select(table_of(KioskCommand))).all()
    assert row.expires_ms < row.asked_ms + ms_of_hours(2)


def ms_of_hours(hours: int) -> int:
    return hours * 3_600_000


def test_where_nothing_is_offered_nobody_is_asked(city: Desk, said: Any) -> None:
    status, printed = said("update", "now", "k1")

    assert (status, "nothing is offered" in printed) == (1, True)
    assert asked(city) == []


def test_a_copy_that_its_user_may_not_write_is_a_sentence(city: Desk, said: Any, tmp_path: Path) -> None:
    said("update", "offer", bundle(tmp_path, "1.2.0"))
    (tmp_path / "file").touch()

    status, printed = said("update", "copy", "--out", tmp_path / "file" / "stick")

    assert (status, "as under /var/lib/zaigang; from there root copies it" in printed) == (1, True)
