"""The board's own lamp tells a field worker without a screen that an install was refused."""

import sys
from pathlib import Path

import pytest

from deploy.kiosk.installer import __main__ as installer
from deploy.kiosk.installer.own_lamp import blink


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
