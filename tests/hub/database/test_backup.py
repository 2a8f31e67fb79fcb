"""A backup is whole or is not there; who serves one knows that it was put back."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from hub.database import backup as backup_module
from hub.database import file_copy
from hub.database.backup import PATTERN, BackupError, make_backup, prune
from hub.database.origin import note_backup, recall_origin
from tests.databases import file_url
from tests.hub.intake.bench import Bench, bench
from tests.hub.intake.messages import BEGAN, EPOCH, journal, tap


def unhurried(_remaining: int, _pages: int) -> None:
    """Go on at once."""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    directory = tmp_path / "backups"
    directory.mkdir()
    return directory


def names_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def made(hub: Bench, shelf: Path, days: int = 0) -> Path:
    return make_backup(hub.engine, shelf, BEGAN + timedelta(days=days), unhurried)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Bench]:
    with bench(file_url(tmp_path)) as opened:
        yield opened


def test_a_backup_holds_what_was_stored_and_nothing_that_comes_after(hub: Bench, shelf: Path):
    hub.take(journal(tap(1), tap(2)))

    copy = made(hub, shelf)
    hub.take(journal(tap(3), n=2))

    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("SELECT max(seq), count(*) FROM record").fetchone() == (2, 2)
    assert names_in(shelf) == ["zaigang-20260305T000000Z.sqlite"]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_the_hub_goes_on_storing_while_a_backup_is_made_and_it_is_of_one_moment(
    hub: Bench, shelf: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(file_copy, "_PAGES", 1)
    hub.take(journal(tap(1)))
    stored: list[int] = []

    def meanwhile(_remaining: int, _pages: int) -> None:
        stored.append(len(stored) + 2)
        hub.take(journal(tap(stored[-1]), n=stored[-1]))

    copy = make_backup(hub.engine, shelf, BEGAN, meanwhile)

    assert len(stored) > 10
    assert hub.seqs()[-1] == (EPOCH, stored[-1])
    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("SELECT max(seq) FROM record").fetchone() == (1,)


def test_a_backup_that_breaks_off_leaves_nothing_behind(hub: Bench, shelf: Path):
    def stop(_remaining: int, _pages: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_backup(hub.engine, shelf, BEGAN, stop)

    assert names_in(shelf) == []


def test_a_directory_that_is_not_there_is_not_made(hub: Bench, tmp_path: Path):
    with pytest.raises(BackupError, match="No such file or directory"):
        made(hub, tmp_path / "not-mounted")

    assert not (tmp_path / "not-mounted").exists()


def test_without_room_no_backup_is_begun(hub: Bench, shelf: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(backup_module, "_SPARE_BYTES", 1 << 60)

    with pytest.raises(BackupError, match=r"MB are free in .*; wanted are \d+"):
        made(hub, shelf)

    assert names_in(shelf) == []


def test_a_copy_that_is_not_sound_gets_no_name(hub: Bench, shelf: Path):
    hub.take(*(journal(*(tap(seq) for seq in range(n, n + 100)), n=n) for n in range(1, 2000, 100)))
    hub.engine.dispose()
    with hub.file.open("r+b") as stream:
        stream.seek(12 * 4096)
        stream.write(b"\xff" * 4096 * 4)

    with pytest.raises(BackupError):
        made(hub, shelf)

    assert names_in(shelf) == []


def test_the_oldest_backups_go_first_and_the_newest_never(hub: Bench, shelf: Path):
    backups = [made(hub, shelf, days) for days in range(4)]
    broken_off = shelf / "zaigang-20200101T000000Z.sqlite.part"
    broken_off.touch()
    (shelf / "somebody-elses").touch()

    prune(shelf, 2, newest=backups[0])

    assert sorted(shelf.glob(PATTERN + ".sqlite")) == [backups[0], *backups[2:]]
    assert (shelf / "somebody-elses").exists()
    assert not broken_off.exists()


def test_the_last_good_one_stays_where_all_newer_ones_hold_less_than_half(hub: Bench, shelf: Path):
    backups = [made(hub, shelf, days) for days in range(6)]
    for good in backups[:2]:
        with good.open("ab") as stream:
            stream.truncate(3 * good.stat().st_size)

    kept = prune(shelf, 2, newest=backups[-1])

    assert kept == backups[1]
    assert sorted(shelf.glob(PATTERN + ".sqlite")) == [backups[1], *backups[4:]]


def test_a_database_made_here_was_never_put_back(hub: Bench):
    first, again = recall_origin(hub.engine, 5), recall_origin(hub.engine, 6)

    assert (first.since_ms, first.is_put_back) == (0, False)
    assert again == first


def test_who_serves_a_backup_was_put_back_then_and_claims_nothing_of_later_backups(hub: Bench, shelf: Path):
    note_backup(hub.engine, "an-earlier-one", 1)
    copy = made(hub, shelf)
    hub.engine.dispose()
    for beside in ("-wal", "-shm"):
        Path(f"{hub.file}{beside}").unlink(missing_ok=True)
    hub.file.write_bytes(copy.read_bytes())

    put_back, later = recall_origin(hub.engine, 77), recall_origin(hub.engine, 88)

    assert (put_back.since_ms, put_back.backup, put_back.is_put_back) == (77, "", True)
    assert (later.since_ms, later.is_put_back) == (77, False)


def test_the_newest_backup_is_known_after_a_restart(hub: Bench):
    note_backup(hub.engine, "the-newest", 42)

    origin = recall_origin(hub.engine, 99)

    assert (origin.backup, origin.backup_ms, origin.since_ms) == ("the-newest", 42, 0)


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
def test_the_database_is_its_owners_alone(hub: Bench, suffix: str):
    hub.take(journal(tap(1)))

    mode = Path(f"{hub.file}{suffix}").stat().st_mode

    assert stat.S_IMODE(mode) == 0o600


def test_a_database_that_was_open_to_others_is_so_no_more(tmp_path: Path):
    (tmp_path / "hub.sqlite").touch(mode=0o644)

    with bench(file_url(tmp_path)) as opened:
        assert stat.S_IMODE(opened.file.stat().st_mode) == 0o600
