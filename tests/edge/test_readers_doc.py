"""What docs/readers.md tells people to paste, pasted; and what it says of each signal, compared."""

import re
from pathlib import Path

import pytest

from devices.catalogue import _KINDS
from devices.lamps import TOWER, mixed
from devices.signals import Lamp, Signal
from devices.tones import NOTES
from edge.config import read_config

TEXT = (Path(__file__).parents[2] / "docs" / "readers.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_is_sound_as_it_stands(example):
    assert read_config(example, {}, file="edge.toml").readers


@pytest.mark.parametrize("line", re.findall(r'^.*`((?:lamp|sound) = "[^"]+")`', TEXT, re.MULTILINE))
def test_each_line_of_a_lamp_or_sound_is_sound(line):
    text = EXAMPLES[0] + f"\n[signals]\n{line}\n"

    assert read_config(text, {}, file="edge.toml").signals


def test_there_is_an_example_of_each_kind():
    for kind in (*(f"{scheme}:" for scheme in _KINDS), "lamp =", "sound =", "step_out ="):
        assert any(kind in example for example in EXAMPLES), kind


def rows() -> dict[str, list[str]]:
    lines = TEXT.split("| signal |")[1].split("\n\n")[0].splitlines()[2:]
    table = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return {name: cells for name, *cells in table}


@pytest.mark.parametrize("signal", Signal)
def test_each_signal_is_told_as_it_is(signal):
    lamp, sound, buzzer = rows()[
        {"chime": "chime at an opening"}.get(signal.value.word, signal.value.word.replace("_", " "))
    ]

    flashes = signal.value.flashes
    assert lamp.split(",")[0].split(" (")[0] == signal.value.lamp.value
    assert (f"{flashes} flash" in lamp) is bool(flashes)
    if signal.value.lamp in {Lamp.BLUE, Lamp.CYAN}:
        assert all(colour in lamp for colour in mixed(TOWER, signal.value.lamp))
    notes = [
        f"{'high' if n.hertz > 700 else 'low'}{' long' if n.length_s > 0.3 else ''}" for n in NOTES.get(signal, ())
    ]
    told = {"high, low, three times": "high, low, high, low, high, low"}.get(sound, sound)
    assert told == (", ".join(notes) or "silent: nothing was recorded")
    beeps = ["long" if length > 300 else "short" for length in signal.value.beeps_ms[::2]]
    assert buzzer == (", ".join(beeps) or "silent")
