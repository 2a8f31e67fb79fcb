"""What a kiosk logs is told in Chinese at a Chinese terminal, every line of it; the record itself stays as it was."""

import ast
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import edge
from edge.chinese_log import LOG
from edge.terminal_log import FORMAT, ChineseLines

ROOT = Path(edge.__file__).parents[1]
LOGGED = {f"_log.{level}" for level in ("info", "warning", "error", "exception", "critical")}


def logged() -> Iterator[str]:
    for path in sorted(path for room in ("edge", "devices") for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in LOGGED:
                assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}"
                yield str(node.args[0].value)


def record(text: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord("edge", logging.WARNING, "", 0, text, args, None)


def test_every_line_is_there_in_chinese_with_the_same_facts() -> None:
    found = set(logged())

    assert len(found) > 25
    assert found - LOG.keys() == set()
    assert LOG.keys() - found == set()
    for text, chinese in LOG.items():
        assert re.findall("%[a-z]", chinese) == re.findall("%[a-z]", text), text


def test_a_line_is_told_in_chinese_and_stays_as_it_was_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    made = record("no link to the broker at %s:%d: %s", "192.0.2.7", 1883, ConnectionRefusedError("refused"))

    told = ChineseLines(FORMAT).format(made)

    assert told == "警告 连不上 192.0.2.7:1883 的消息服务器：refused"
    assert made.getMessage() == "no link to the broker at 192.0.2.7:1883: refused"


def test_a_reader_s_state_is_told_in_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    assert ChineseLines(FORMAT).format(record("reader %s is %s: %s", "door", "down", "拔掉了")) == (
        "警告 读卡器 door 的状态为 断开：拔掉了"
    )


def test_a_line_of_another_room_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    assert ChineseLines(FORMAT).format(record("no %s of ours", "word")) == "警告 no word of ours"
