"""A city that was imported, and commands as somebody types them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.__main__ import main
from tests.hub.importing.desk import Desk
from tests.standing_clock import set_clock

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture
def city(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A city that was imported, in the data directory that the commands find."""
    monkeypatch.setenv("ZAIGANG_HUB_DATA_DIR", str(tmp_path / "data"))
    set_clock(monkeypatch, "2026-03-06T10:00+08:00")
    monkeypatch.setenv("SUDO_USER", "clerk")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("ZAIGANG_HUB_DATABASE", engine.url.render_as_string())
    desk = Desk(tmp_path, engine)
    assert main(["import", *map(str, desk.write())]) == 0
    return desk


@pytest.fixture
def said(city: Desk, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command; its exit status, and what it printed."""
    capsys.readouterr()

    def run(*words: str) -> tuple[int, str]:
        status = main(list(words))
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return run
