"""The kiosk's directory: what is made in it has a name that a power cut does not take away."""

import os
from pathlib import Path

import pytest

from edge.data_dir import DataDir
from edge.store import open_store


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> dict[Path, set[str]]:
    """The names in each directory that was synced, as they were at the last time."""
    found: dict[Path, set[str]] = {}
    fsync = os.fsync

    def sync(fd: int) -> None:
        fsync(fd)
        path = Path(f"/proc/self/fd/{fd}").resolve()
        if path.is_dir():
            found[path] = {each.name for each in path.iterdir()}

    monkeypatch.setattr(os, "fsync", sync)
    return found


def test_a_new_journal_has_a_name_that_outlives_a_power_cut(tmp_path: Path, synced: dict[Path, set[str]]):
    data = tmp_path / "kiosk" / "data"

    open_store(data).close()

    assert "journal.db" in synced.get(data, ())
    assert "data" in synced.get(data.parent, ())
    assert "kiosk" in synced.get(tmp_path, ())


def test_a_broken_journal_is_set_aside_with_its_log(tmp_path: Path, synced: dict[Path, set[str]]):
    home = DataDir(tmp_path)
    for suffix in ("", "-wal", "-shm"):
        Path(f"{home.journal}{suffix}").write_text(f"what was in journal.db{suffix}")

    aside = home.set_journal_aside()
    home.release()

    left = {path.name: path.read_text() for path in tmp_path.glob("journal*")}
    assert left == {f"{aside.name}{suffix}": f"what was in journal.db{suffix}" for suffix in ("", "-wal", "-shm")}
    assert left.keys() <= synced[tmp_path]
