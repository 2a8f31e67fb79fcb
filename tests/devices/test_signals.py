"""The kiosk's answers differ from each other by eye and by ear, and each is one line on the console."""

from __future__ import annotations

import io

import pytest

from devices.console import ConsoleAnnunciator
from devices.errors import AnnunciatorLostError
from devices.signals import Lines, Signal

SILENT = {Signal.REFUSED, Signal.TROUBLE, Signal.CARD_WANTED, Signal.CARD_READ}


def test_no_two_signals_look_alike():
    assert len({(s.value.lamp, s.value.flashes) for s in Signal}) == len(Signal)


def test_no_two_audible_signals_sound_alike():
    beeps = [s.value.beeps_ms for s in Signal if s not in SILENT]

    assert len(set(beeps)) == len(beeps)


def test_a_buzzer_of_one_pitch_tells_them_apart_by_short_and_long_for_an_old_ear():
    """Nothing shorter than 100 ms, which such an ear misses, and what is long is three times as long as what is short."""
    sounds = {s: s.value.beeps_ms[::2] for s in Signal if s not in SILENT}
    lengths = sorted({length for beeps in sounds.values() for length in beeps})
    short = [length for length in lengths if length < 300]

    assert min(short) >= 100
    assert min(set(lengths) - set(short)) >= 3 * max(short)
    assert len({tuple(length in short for length in beeps) for beeps in sounds.values()}) == len(sounds)


def test_a_beep_means_recorded_so_what_was_not_recorded_is_silent():
    assert {s for s in Signal if not s.value.beeps_ms} == SILENT
    assert not any(s.promises_record for s in SILENT)


def test_an_unknown_card_is_recorded_all_the_same():
    assert Signal.UNKNOWN_CARD.promises_record


def test_a_chime_answers_no_tap():
    assert not Signal.CHIME.promises_record


def test_the_last_one_who_is_warned_is_recorded_all_the_same():
    assert Signal.WARNING.promises_record


@pytest.mark.parametrize("beeps", [s.value.beeps_ms for s in Signal if s.value.beeps_ms])
def test_beeps_end_with_a_sound(beeps):
    assert len(beeps) % 2 == 1
    assert min(beeps) > 0


@pytest.mark.parametrize("coding", ["ascii", "latin-1", "gb2312"])
def test_a_terminal_that_cannot_show_a_name_still_shows_the_answer(coding):
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, coding)

    ConsoleAnnunciator(stream).show(Signal.ARRIVED, Lines("上岗 08:02，䶮*芳", ""))

    assert b"[arrived]" in written.getvalue()
    assert b"08:02" in written.getvalue()


def test_the_console_writes_one_line_an_outcome():
    stream = io.StringIO()
    console = ConsoleAnnunciator(stream)

    console.show(Signal.ARRIVED, Lines("王*芳 上岗 08:02", "辛苦了"))
    console.show(Signal.TROUBLE, Lines("请稍后再刷", ""))
    console.close()

    assert stream.getvalue() == "[arrived] 王*芳 上岗 08:02 | 辛苦了\n[trouble] 请稍后再刷\n"


def test_at_a_chinese_terminal_no_english_word_stands_before_what_is_said_in_chinese():
    stream = io.StringIO()

    ConsoleAnnunciator(stream, is_worded=False).show(Signal.ARRIVED, Lines("上岗 08:02，王*芳", "辛苦了"))

    assert stream.getvalue() == "上岗 08:02，王*芳 | 辛苦了\n"


class Abandoned(io.StringIO):
    """What nobody reads any more."""

    def flush(self) -> None:
        raise BrokenPipeError


def closed() -> io.StringIO:
    stream = io.StringIO()
    stream.close()
    return stream


@pytest.mark.parametrize("stream", [Abandoned(), closed()])
def test_a_line_that_nobody_can_read_is_an_answer_that_was_not_given(stream):
    with pytest.raises(AnnunciatorLostError):
        ConsoleAnnunciator(stream).show(Signal.LEFT, Lines("王*芳 离岗", "再见"))


def test_a_line_break_within_an_answer_makes_no_second_line():
    stream = io.StringIO()

    ConsoleAnnunciator(stream).show(Signal.LEFT, Lines("王*芳\n[arrived] 离岗", "再见"))

    assert stream.getvalue() == "[left] 王*芳 [arrived] 离岗 | 再见\n"
