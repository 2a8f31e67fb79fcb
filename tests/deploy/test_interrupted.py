"""Whoever interrupts an install is told what to do, and gets no traceback."""

from pathlib import Path

import pytest

from deploy.installing import commands


@pytest.fixture(autouse=True)
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "LOCK", tmp_path / "lock")


def test_who_interrupts_an_install_is_told_to_run_it_again(capsys: pytest.CaptureFixture[str]) -> None:
    def install() -> str:
        raise KeyboardInterrupt

    assert commands.guarded(install) == 130
    assert capsys.readouterr().err == "zaigang: interrupted; run install again, and it goes on from there\n"
    assert commands.guarded(lambda: "done") == 0
