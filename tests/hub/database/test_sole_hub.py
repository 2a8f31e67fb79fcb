"""One hub a database, and who looks whether there is one stands in no hub's way."""

import fcntl
from pathlib import Path

import pytest

from hub.database import sole_hub as module
from hub.database.sole_hub import TakenError, is_served, sole_hub


def test_a_database_is_served_while_a_hub_has_it(tmp_path: Path) -> None:
    file = tmp_path / "hub.sqlite"

    before = is_served(file)
    with sole_hub(file):
        meanwhile = is_served(file)

    assert (before, meanwhile, is_served(file)) == (False, True, False)


def test_looking_makes_no_file(tmp_path: Path) -> None:
    is_served(tmp_path / "hub.sqlite")

    assert list(tmp_path.iterdir()) == []


def test_a_second_hub_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    file = tmp_path / "hub.sqlite"

    with sole_hub(file), pytest.raises(TakenError, match=r"process [0-9]+ on .* serves"), sole_hub(file):
        pass


def test_a_hub_that_starts_while_somebody_looks_is_not_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "hub.sqlite"
    with sole_hub(file):
        pass  # which makes the file
    looking = (tmp_path / "hub.sqlite.lock").open("rb")
    fcntl.flock(looking, fcntl.LOCK_SH)
    monkeypatch.setattr(module.time, "sleep", lambda _: looking.close())

    with sole_hub(file):
        served = is_served(file)

    assert served
    assert looking.closed
