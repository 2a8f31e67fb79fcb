"""A backup of a PostgreSQL database: whole and read back, or not there."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from hub.database import dump
from hub.database.backup import BackupError, make_backup
from hub.database.engine import open_backup, open_engine
from hub.database.origin import note_backup, recall_origin
from hub.intake.store import Store
from tests.databases import restore
from tests.hub.intake.messages import BEGAN, EPOCH, KIOSK, journal, tap

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hub.intake.bench import Bench

only_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
pytestmark = only_postgresql


def unhurried(_remaining: int, _pages: int) -> None:
    """Go on at once."""


def test_a_dump_tells_how_far_each_run_is_stored_and_nothing_that_came_after(hub: Bench, tmp_path: Path):
    hub.take(journal(tap(1)), journal(tap(4), tap(5), n=2, kept_from=4))
    made = make_backup(hub.engine, tmp_path, BEGAN, unhurried)
    hub.take(journal(tap(6), n=3, kept_from=4))

    copy = open_backup(made)
    run = Store(copy).find_run(KIOSK, EPOCH)
    copy.dispose()

    assert run is not None
    assert [run.through_from(kept_from) for kept_from in (1, 2, 4)] == [1, 1, 5]
    assert (made.name, stat.S_IMODE(made.stat().st_mode)) == ("zaigang-20260305T000000Z.dump", 0o600)


def test_who_serves_a_restored_dump_was_put_back_then_and_claims_nothing_of_later_backups(hub: Bench, tmp_path: Path):
    hub.take(journal(tap(1)))
    note_backup(hub.engine, "an-earlier-one", 1)
    made = make_backup(hub.engine, tmp_path, BEGAN, unhurried)
    hub.close()
    restore(hub.engine.url, made)

    put_back, later = recall_origin(hub.engine, 77), recall_origin(hub.engine, 88)

    assert (put_back.since_ms, put_back.backup, put_back.is_put_back) == (77, "", True)
    assert (later.since_ms, later.is_put_back) == (77, False)


def test_a_dump_that_breaks_off_leaves_nothing_behind(hub: Bench, tmp_path: Path):
    def stop(_remaining: int, _pages: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_backup(hub.engine, tmp_path, BEGAN, stop)

    assert list(tmp_path.iterdir()) == []


def test_a_server_that_does_not_answer_is_told_in_its_words(hub: Bench, tmp_path: Path):
    hub.close()
    gone = open_engine("postgresql+psycopg://hub@/hub?host=/nowhere")

    with pytest.raises(BackupError, match="No such file or directory"):
        make_backup(gone, tmp_path, BEGAN, unhurried)

    assert list(tmp_path.iterdir()) == []


def test_a_machine_without_pg_dump_is_told_which_package_has_it(
    hub: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(dump, "_DEBIAN", tmp_path)

    with pytest.raises(BackupError, match="pg_dump is not installed; wanted is the package postgresql-client"):
        make_backup(hub.engine, tmp_path, BEGAN, unhurried)


def test_no_list_of_processes_shows_the_password(hub: Bench):
    engine = open_engine("postgresql+psycopg://hub:secret@somewhere/hub")

    command, password = dump._addressed(["pg_dump"], engine)

    assert (password, "secret" in " ".join(command)) == ("secret", False)
