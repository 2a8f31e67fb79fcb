"""The board's own lamp tells a field worker without a screen that an install was refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.kiosk.installer import __main__ as installer
from deploy.kiosk.installer.own_lamp import HALF_MS, blink

DEPLOY = Path(__file__).parents[2] / "deploy"


def test_the_lamp_of_a_board_that_has_one_blinks_quickly(tmp_path: Path) -> None:
    (tmp_path / "ACT").mkdir()

    blink(tmp_path)

    said = {path.name: path.read_text() for path in (tmp_path / "ACT").iterdir()}
    assert said == {"trigger": "timer", "delay_on": "100", "delay_off": "100"}


def test_without_a_lamp_nothing_is_made(tmp_path: Path) -> None:
    blink(tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("status", "blinks"), [(1, True), (0, False)])
def test_it_blinks_where_an_install_was_refused_and_only_there(
    status: int, blinks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    blinked: list[bool] = []
    monkeypatch.setattr(sys, "argv", ["install", "/media/stick"])
    monkeypatch.setattr(installer, "guarded", lambda install: status)
    monkeypatch.setattr(installer.own_lamp, "blink", lambda: blinked.append(True))

    assert (installer.main(), blinked) == (status, [True] * blinks)


@pytest.mark.parametrize(
    "bundles", [(), ("zaigang-kiosk-0.1.0.tar",), ("zaigang-kiosk-0.1.0.tar", "zaigang-kiosk-0.2.0.tar")]
)
def test_a_stick_that_was_pulled_out_too_early_makes_it_blink_too(tmp_path: Path, bundles: tuple[str, ...]) -> None:
    """No bundle, or one that is cut short: it was refused before anything of the bundle could run, and the lamp was still."""
    lamp = tmp_path / "leds" / "ACT"
    lamp.mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/id").write_text("#!/bin/sh\necho 0\n")
    (tmp_path / "bin/id").chmod(0o755)
    script = (DEPLOY / "kiosk/install").read_text().replace("/sys/class/leds", str(tmp_path / "leds"))
    (tmp_path / "install").write_text(script.replace("/run/zaigang-install", str(tmp_path / "work")))
    for name in bundles:
        (tmp_path / name).write_bytes(b"cut short")

    done = subprocess.run(
        ["sh", tmp_path / "install"], capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"},
    )  # fmt: skip

    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    told = [(lamp / name).read_text().strip() for name in ("trigger", "delay_on", "delay_off")]
    assert told == ["timer", str(HALF_MS), str(HALF_MS)]
