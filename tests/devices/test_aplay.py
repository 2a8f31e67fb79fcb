"""Sound through a stand-in for aplay: which file, on which device, and never in the way of the next."""

from __future__ import annotations

import os
import textwrap
import time
from contextlib import closing
from pathlib import Path

import pytest

from devices.aplay import AplaySound, make_files
from devices.errors import AnnunciatorLostError
from devices.performer import Performer
from devices.signals import Lines, Signal
from tests.patience import eventually


@pytest.fixture
def player(tmp_path, monkeypatch):
    """An aplay that writes down how it was called, then does as a test says."""
    folder = tmp_path / "bin"
    folder.mkdir()
    path = folder / "aplay"

    def does(what: str) -> Path:
        path.write_text(f'#!/bin/sh\necho "$@" >> {folder}/called\n{textwrap.dedent(what)}\n')
        path.chmod(0o755)
        return folder / "called"

    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return does


def calls(called: Path) -> list[list[str]]:
    return [line.split() for line in called.read_text().splitlines()] if called.exists() else []


def play(sound: AplaySound, signal: Signal) -> None:
    sound.perform(signal, lambda wait_s: bool(time.sleep(wait_s)))


def test_a_signal_is_played_on_the_device(player, tmp_path):
    called = player("")
    sound = AplaySound("plughw:1,0", tmp_path / "sounds")

    play(sound, Signal.ARRIVED)

    ((*options, file),) = calls(called)
    assert options == ["-q", "-D", "plughw:1,0"]
    assert Path(file).parent == tmp_path / "sounds"
    assert Path(file).name.startswith("arrived-")
    assert Path(file).read_bytes().startswith(b"RIFF")


def test_what_was_not_recorded_plays_nothing(player, tmp_path):
    called = player("")
    sound = AplaySound("default", tmp_path / "sounds")

    play(sound, Signal.REFUSED)
    play(sound, Signal.TROUBLE)

    assert calls(called) == []


def test_files_are_kept_and_a_missing_one_is_made_again(tmp_path):
    files = make_files(tmp_path / "sounds")
    files[Signal.LEFT].unlink()
    kept = files[Signal.ARRIVED].stat().st_mtime_ns

    again = make_files(tmp_path / "sounds")

    assert again == files
    assert files[Signal.LEFT].exists()
    assert files[Signal.ARRIVED].stat().st_mtime_ns == kept
    assert all(path.suffix == ".wav" for path in (tmp_path / "sounds").iterdir())


def test_a_data_directory_that_is_not_made_yet_is_left_to_who_makes_it(player, tmp_path):
    called = player("")
    sound = AplaySound("default", tmp_path / "data" / "sounds")
    assert not (tmp_path / "data").exists()

    (tmp_path / "data").mkdir()
    play(sound, Signal.ARRIVED)

    assert len(calls(called)) == 1


def test_the_next_beep_does_not_wait_for_the_last_sound(player, tmp_path, monkeypatch):
    monkeypatch.setattr("devices.aplay._LONGEST_S", 600.0)
    called = player("exec sleep 600")
    with closing(Performer("sound", lambda: AplaySound("default", tmp_path / "sounds"))) as sound:
        sound.show(Signal.WARNING, Lines("", ""))
        assert eventually(lambda: len(calls(called)) == 1)
        began_s = time.monotonic()

        sound.show(Signal.ARRIVED, Lines("", ""))
        given_s = time.monotonic() - began_s

        assert eventually(lambda: len(calls(called)) == 2)
        assert given_s < 60, "of the 600 that the last one takes"


def test_a_player_that_will_not_end_is_ended(player, tmp_path, monkeypatch):
    player("exec sleep 60")
    monkeypatch.setattr("devices.aplay._LONGEST_S", 0.05)

    with pytest.raises(AnnunciatorLostError, match="does not come to an end"):
        play(AplaySound("default", tmp_path / "sounds"), Signal.ARRIVED)


def test_what_the_player_complains_of_is_told(player, tmp_path):
    player('echo "aplay: main:831: audio open error: No such file or directory" >&2; exit 1')

    with pytest.raises(AnnunciatorLostError, match="audio open error: No such file"):
        play(AplaySound("default", tmp_path / "sounds"), Signal.ARRIVED)


def test_a_machine_without_aplay_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(AnnunciatorLostError, match="apt install alsa-utils"):
        AplaySound("default", tmp_path / "sounds")


def test_no_room_for_the_files_is_told(player, tmp_path):
    player("")
    (tmp_path / "sounds").write_text("")

    with pytest.raises(AnnunciatorLostError, match="takes no sound files"):
        AplaySound("default", tmp_path / "sounds")
