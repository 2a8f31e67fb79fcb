"""What had become of a journal's files before an agent begins there again."""

from pathlib import Path

import pytest

from edge.store import open_store
from tests.edge.offline_agent import OfflineAgent
from tests.ports import free_port


@pytest.fixture
def cut_off(tmp_path):
    """A directory as a power cut leaves it: a journal, and records in its log alone."""
    left = tmp_path / "left"
    left.mkdir()
    with OfflineAgent(tmp_path / "at-work", free_port()) as kiosk:
        kiosk.record(5)
        for path in kiosk.agent.kiosk.config.data_dir.iterdir():
            (left / path.name).write_bytes(path.read_bytes())
    return left


def loss(folder: Path) -> str:
    store = open_store(folder)
    store.close()
    return store.loss


def test_a_power_cut_is_no_loss(cut_off):
    assert loss(cut_off) == ""


def test_a_first_start_is_no_loss(tmp_path):
    assert loss(tmp_path / "new") == ""


@pytest.mark.parametrize("found", [b"", b"\xa5" * 9000, b"\x37\x7f\x06\x82"])
def test_a_log_that_is_none_is_told(cut_off, found):
    (cut_off / "journal.db-wal").write_bytes(found)

    assert "log" in loss(cut_off)


@pytest.mark.parametrize("take_away", [Path.unlink, lambda path: path.write_bytes(b"")])
def test_a_journal_that_is_gone_is_told(cut_off, take_away):
    take_away(cut_off / "journal.db")

    assert "deleted or emptied" in loss(cut_off)
