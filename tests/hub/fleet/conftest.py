"""A city that was imported, in the data directory that the commands find, and a site's CA."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.__main__ import main
from tests.hub.importing.desk import Desk
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture
def city(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    data = tmp_path / "data"
    monkeypatch.setenv("ZAIGANG_HUB_DATA_DIR", str(data))
    for name, value in {
        "USERNAME": "hub", "PASSWORD_FILE": data / "password", "PORT": free_port(), "TLS_PORT": free_port(),
    }.items():  # fmt: skip
        monkeypatch.setenv(f"ZAIGANG_HUB_BROKER__{name}", str(value))
    monkeypatch.setenv("SUDO_USER", "clerk")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("ZAIGANG_HUB_DATABASE", engine.url.render_as_string())
    desk = Desk(tmp_path, engine)
    assert main(["import", *map(str, desk.write())]) == 0
    assert main(["ca", "init"]) == main(["ca", "issue-broker", "localhost", "192.0.2.7"]) == 0
    return desk


@pytest.fixture
def said(city: Desk, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run a command; its exit status, and what it printed."""
    capsys.readouterr()

    def run(*words: Any) -> tuple[int, str]:
        status = main([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return run
