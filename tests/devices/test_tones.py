"""What people hear, judged by the samples alone: an ear that tells only high from low and short from long."""

from __future__ import annotations

import io
import math
import wave
from itertools import groupby, pairwise

import pytest

from devices.signals import Signal
from devices.tones import NOTES, RATE, file_name, samples_of, wave_of

WINDOW = RATE // 100  # 10 ms
HEARD = 0.05  # of full scale
HIGH_FROM_HZ = 700
LONG_FROM_S = 0.3
SILENT = {Signal.REFUSED, Signal.TROUBLE, Signal.CARD_WANTED, Signal.CARD_READ}


def loudness(samples) -> list[float]:
    """Of each 10 ms, by root mean square."""
    windows = [samples[at : at + WINDOW] for at in range(0, len(samples), WINDOW)]
    return [math.sqrt(sum(s * s for s in window) / len(window)) / 32767 for window in windows]


def pitch_hz(samples) -> float:
    """By how often the wave goes up through zero."""
    return sum(a < 0 <= b for a, b in pairwise(samples)) * RATE / len(samples)


def heard(samples) -> tuple[str, ...]:
    """What such an ear makes of it."""
    notes, at = [], 0
    for is_sound, windows in groupby(loudness(samples), lambda loud: loud > HEARD):
        length = len(list(windows)) * WINDOW
        if is_sound:
            pitch = "high" if pitch_hz(samples[at : at + length]) > HIGH_FROM_HZ else "low"
            notes.append(f"{pitch} {'long' if length / RATE > LONG_FROM_S else 'short'}")
        at += length
    return tuple(notes)


def test_each_signal_that_may_sound_has_a_sound_of_its_own_for_an_old_ear():
    sounds = {signal: heard(samples_of(notes)) for signal, notes in NOTES.items()}

    assert set(sounds) == set(Signal) - SILENT
    assert len(set(sounds.values())) == len(sounds), sounds
    assert sounds[Signal.ARRIVED] == ("high short",)
    assert sounds[Signal.LEFT] == ("high short", "low short")


def test_what_was_not_recorded_stays_silent():
    assert not SILENT & set(NOTES)


@pytest.mark.parametrize("signal", NOTES)
def test_a_sound_is_loud_and_short_and_low_enough_and_does_not_click(signal):
    samples = samples_of(NOTES[signal])

    assert len(samples) / RATE <= 1.6
    assert max(loudness(samples)) > 0.5
    assert max(map(abs, samples)) < 32767
    assert max(note.hertz for note in NOTES[signal]) <= 2000
    assert max(abs(b - a) for a, b in zip([0, *samples], [*samples, 0], strict=True)) < 10_000
    assert abs(samples[0]) < 500
    assert abs(samples[-1]) < 500


def test_notes_are_told_apart_by_a_pause():
    quiet = [
        len(list(windows))
        for is_sound, windows in groupby(loudness(samples_of(NOTES[Signal.WARNING])), lambda loud: loud > HEARD)
        if not is_sound
    ]

    assert len(quiet) == 5
    assert min(quiet) >= 8


def test_a_wave_file_is_one_that_any_player_takes():
    with wave.open(io.BytesIO(wave_of(NOTES[Signal.CHIME]))) as reader:
        assert (reader.getnchannels(), reader.getsampwidth(), reader.getframerate()) == (1, 2, RATE)
        assert reader.getnframes() == len(samples_of(NOTES[Signal.CHIME]))


def test_a_files_name_goes_with_its_notes(monkeypatch):
    before = file_name(Signal.ARRIVED)
    monkeypatch.setitem(NOTES, Signal.ARRIVED, NOTES[Signal.LEFT])

    assert before.startswith("arrived-")
    assert file_name(Signal.ARRIVED) != before
