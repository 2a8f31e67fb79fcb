"""What each signal sounds like on a loudspeaker: few notes, high or low, short or long.

Made for ears of seventy: nothing above 1.2 kHz, two pitches more than an octave apart, lengths that differ threefold,
and no two signals alike even for who tells only high from low and short from long. Silent is what records nothing.
"""

import hashlib
import io
import math
import wave
from array import array
from dataclasses import dataclass
from typing import Final

from devices.signals import Signal

RATE: Final = 22_050
_LOUD: Final = 0.8
_EDGE_S: Final = 0.008  # a note that begins or ends at once clicks
_PAUSE_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Tone:
    """A pitch in hertz for so long."""

    hertz: int
    length_s: float


_HIGH: Final = Tone(1175, 0.15)
_LOW: Final = Tone(440, 0.15)
_HIGH_LONG: Final = Tone(1175, 0.5)
_LOW_LONG: Final = Tone(440, 0.5)

NOTES: Final[dict[Signal, tuple[Tone, ...]]] = {
    Signal.ARRIVED: (_HIGH,),
    Signal.LEFT: (_HIGH, _LOW),
    Signal.STEPPED_OUT: (_HIGH, _LOW, _LOW_LONG),
    Signal.RETURNED: (_LOW_LONG, _HIGH),
    Signal.ALREADY_RECORDED: (_LOW,),
    Signal.UNKNOWN_CARD: (_LOW, _LOW, _LOW),
    Signal.CHIME: (_HIGH_LONG, _LOW_LONG),
    Signal.WARNING: (_HIGH, _LOW, _HIGH, _LOW, _HIGH, _LOW),
    Signal.NEXT: (_LOW, _HIGH_LONG),
    Signal.AMISS: (_LOW_LONG, _LOW_LONG),
    Signal.COMMISSIONED: (_LOW, _HIGH, _HIGH_LONG),
    Signal.CARRIED: (_HIGH_LONG, _LOW),
    Signal.HERE: (_HIGH, _HIGH, _HIGH, _HIGH, _HIGH),
}


def samples_of(notes: tuple[Tone, ...]) -> "array[int]":
    """The notes one after the other, 16 bits a sample, one channel."""
    pause = array("h", bytes(2 * round(_PAUSE_S * RATE)))
    samples = array("h")
    for number, note in enumerate(notes):
        samples += (pause if number else array("h")) + _tone(note)
    return samples


def wave_of(notes: tuple[Tone, ...]) -> bytes:
    """The notes as a wave file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(samples_of(notes).tobytes())
    return file.getvalue()


def file_name(signal: Signal) -> str:
    """What its wave file is called: another name for other notes, so that a kept file is never a stale one."""
    digest = hashlib.sha256(repr((RATE, _LOUD, _EDGE_S, _PAUSE_S, NOTES[signal])).encode()).hexdigest()
    return f"{signal.value.word}-{digest[:8]}.wav"


def _tone(note: Tone) -> "array[int]":
    count = round(note.length_s * RATE)
    edge = _EDGE_S * RATE
    step = 2 * math.pi * note.hertz / RATE
    return array(
        "h",
        (round(32767 * _LOUD * min(1.0, n / edge, (count - 1 - n) / edge) * math.sin(step * n)) for n in range(count)),
    )
