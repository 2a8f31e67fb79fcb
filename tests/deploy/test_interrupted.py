"""Whoever interrupts an install is told what to do, and gets no traceback."""

import os
import subprocess
from pathlib import Path

import pytest

from deploy.installing import commands

DEPLOY = Path(__file__).parents[2] / "deploy"


@pytest.fixture(autouse=True)
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "LOCK", tmp_path / "lock")


def test_who_interrupts_an_install_is_told_to_run_it_again(capsys: pytest.CaptureFixture[str]) -> None:
    def install() -> str:
        raise KeyboardInterrupt

    assert commands.guarded(install) == 130
    assert capsys.readouterr().err == "zaigang: interrupted; run install again, and it goes on from there\n"
    assert commands.guarded(lambda: "done") == 0


def test_who_interrupts_a_kiosks_install_leaves_nothing_in_memory(tmp_path: Path) -> None:
    stubs = {
        "id": "echo 0",
        "tar": "exit 0",
        "python3": 'case "$*" in *installer*) kill -INT $PPID; exit 130 ;; esac',
    }
    (tmp_path / "bin").mkdir()
    for name, body in stubs.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    script = (DEPLOY / "kiosk/install").read_text().replace("/run/zaigang-install", str(tmp_path / "work"))
    (tmp_path / "install").write_text(script)
    (tmp_path / "zaigang-kiosk-0.1.0.tar").touch()

    done = subprocess.run(
        ["sh", tmp_path / "install"],
        check=False,
        env={**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"},
    )

    assert (done.returncode, list(tmp_path.glob("work*"))) == (130, [])
