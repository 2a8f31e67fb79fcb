"""Sound through ALSA: `aplay` plays a wave file, one process a signal, ended where the next signal comes.

The files are made when the sound is opened, and kept; who plays the next one never waits for the last.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from devices.errors import AnnunciatorLostError
from devices.signals import Signal
from devices.tones import NOTES, file_name, wave_of

_LOOK_EVERY_S: Final = 0.02
_LONGEST_S: Final = 8.0  # the longest signal has 1.5 s; a sound card that hangs never ends
_END_S: Final = 0.2


class AplaySound:
    """An `Instrument` on one ALSA device."""

    def __init__(self, device: str, folder: Path) -> None:
        """Make what sound files are missing, if their place is there yet; else with the first signal.

        Args:
            device: as `aplay -L` lists them; `default` where nothing else is wanted.
            folder: where the files are kept; made in a directory that others make.

        Raises:
            AnnunciatorLostError: there is no aplay, or no room for the files.
        """
        program = shutil.which("aplay")
        if program is None:
            raise AnnunciatorLostError("aplay is not installed; wanted is: apt install alsa-utils")
        self._command = [program, "-q", "-D", device]
        self._folder = folder
        self._files: dict[Signal, Path] = {}
        if folder.parent.is_dir():
            self._make_files()

    def perform(self, signal: Signal, is_over: Callable[[float], bool]) -> None:
        """Play the signal's file; a silent one has none."""
        if signal not in NOTES:
            return
        if not self._files:
            self._make_files()
        try:
            process = subprocess.Popen(  # noqa: S603 -- the command is ours, the device checked with the settings
                [*self._command, str(self._files[signal])],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            )  # fmt: skip
        except OSError as exc:
            raise AnnunciatorLostError(f"aplay does not start: {exc.strerror}") from exc
        with process:
            _attend(process, is_over)

    def close(self) -> None:
        """Nothing plays any more."""

    def _make_files(self) -> None:
        try:
            self._files = make_files(self._folder)
        except OSError as exc:
            raise AnnunciatorLostError(f"{self._folder} takes no sound files: {exc.strerror}") from exc


def make_files(folder: Path) -> dict[Signal, Path]:
    """The sound files, those made that are missing."""
    folder.mkdir(exist_ok=True)
    files = {signal: folder / file_name(signal) for signal in NOTES}
    for signal, path in files.items():
        if not path.exists():
            half = path.with_suffix(".half")
            with half.open("wb") as file:
                file.write(wave_of(NOTES[signal]))
                file.flush()
                os.fsync(file.fileno())  # whole or not there, also after a power cut
            half.replace(path)
    return files


def _attend(process: subprocess.Popen[str], is_over: Callable[[float], bool]) -> None:
    until_s = time.monotonic() + _LONGEST_S
    while process.poll() is None:
        if is_over(_LOOK_EVERY_S):
            _end(process)
            return
        if time.monotonic() > until_s:
            _end(process)
            raise AnnunciatorLostError("aplay does not come to an end")
    if process.returncode:
        said = process.stderr.read().strip().splitlines() if process.stderr else []
        raise AnnunciatorLostError(f"aplay: {said[-1][:200] if said else f'ended with {process.returncode}'}")


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_END_S)
    except subprocess.TimeoutExpired:
        process.kill()
