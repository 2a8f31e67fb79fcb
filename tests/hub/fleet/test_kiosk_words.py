"""What kiosks say of commands, to who reads Chinese."""

from string import Formatter

import pytest

from hub.fleet.kiosk_words import CHINESE, in_chinese


@pytest.mark.parametrize(
    ("said", "chinese"),
    [
        ("interrupted", "做到一半断电或程序结束了"),
        ("unknown command dance", "终端程序太旧，不会“dance”"),
        (
            "failed: version 0.4.0 did not prove itself: the reader does not answer; 0.2.0 is back at work",
            "0.4.0 版没有通过：读卡器没有回答；已退回 0.2.0 版",
        ),
        ("failed: its agent does not start; 0.2.0 is back at work", "程序起不来；已退回 0.2.0 版"),
        ("taken back: a reader did not answer within 10 minutes", "已退回原来的配置：10 分钟内读卡器没有回答"),
        ("nobody knows this", "nobody knows this"),
    ],
)
def test_a_kiosks_words_in_chinese(said, chinese):
    assert in_chinese(said) == chinese


def test_every_fact_of_a_sentence_is_in_the_other():
    for english, chinese in CHINESE.items():
        assert _facts(chinese) <= _facts(english), english


def _facts(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}
