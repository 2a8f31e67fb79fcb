"""What a terminal is told it is told in Chinese too: every sentence of errors and commands of every program."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pytest

import hub
from edge.chinese import SENTENCES as OF_EDGE
from edge.columns import width
from edge.config import read_config
from hub.chinese import SENTENCES as OF_HUB
from simulator.chinese import SENTENCES as OF_SIMULATOR
from station.chinese import STATION_SENTENCES as OF_STATION
from station.errors import ConfigError
from station.saying import said_by, say, tell
from tests.every_parser import PROGRAMS, every_parser, parser_for

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(hub.__file__).parents[1]
KNOWN = {
    "hub": {**OF_STATION, **OF_HUB}, "edge": {**OF_STATION, **OF_EDGE},
    "devices": {**OF_STATION, **OF_EDGE},  # which knows no languages: the kiosk's room tells what it says
    "station": OF_STATION, "simulator": {**OF_STATION, **OF_HUB, **OF_SIMULATOR},
}  # fmt: skip
SAYING = {"say": slice(1), "as_said": slice(1), "here": slice(1), "tell_out": slice(1), "tell_err": slice(1),
          "UnusableError": slice(1),
          "ReaderUnusableError": slice(1), "SignalUnusableError": slice(1)}  # fmt: skip
TO_THE_LOG = {
    "WireError", "StoreTroubleError", "BackupError", "BegunElsewhereError", "OperationalError", "AnswerError",
    "NoPasskeyError", "IssuerError", "IssuerAwayError", "CallError", "JournalError", "JournalFullError",
    "JournalBrokenError", "JournalLaterError", "LinkDownError", "NotLetInError", "ReaderLostError", "CardLeftError",
    "AnnunciatorLostError", "ValueError", "TypeError", "OSError", "KeyError", "RuntimeError",
}  # fmt: skip
"""Errors that nobody reads at a terminal, or only within a sentence that is told."""
DEVICES = {"catalogue.py", "spelling.py", "signal_catalogue.py", "buttons.py"}
"""Where settings are looked at; what a device says at work goes to the log."""
BEYOND = ("hub/web/", "station/wire/", "simulator/world/", "simulator/conform/", "simulator/oracle/", "simulator/model/", "simulator/disk/", "simulator/chip/", "simulator/alarm_load/")  # fmt: skip
"""What speaks to browsers, which `tests/hub/pages/test_language.py` guards, and what speaks to who works on Zaigang."""
WORDS = re.compile(r"[A-Za-z]{2}")


def modules() -> Iterator[Path]:
    for room in KNOWN:
        for path in sorted((ROOT / room).rglob("*.py")):
            place = path.relative_to(ROOT).as_posix()
            if not place.startswith(BEYOND) and (room != "devices" or path.name in DEVICES):
                yield path


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "id", getattr(node.func, "attr", "")), node


def constants(path: Path) -> dict[str, set[str]]:
    """By name, the texts that a module or a function calls so."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Constant):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for name in (getattr(target, "id", "") for target in targets if isinstance(node.value.value, str)):
                found.setdefault(name, set()).add(str(node.value.value))
    return found


def said_in(path: Path) -> Iterator[str]:
    named = constants(path)
    for name, call in calls(path):
        for argument in call.args[SAYING.get(name, slice(0))]:
            texts = (node for node in ast.walk(argument) if isinstance(node, (ast.Constant, ast.Name)))
            for text in texts if isinstance(argument, (ast.Constant, ast.Name, ast.IfExp, ast.BoolOp)) else ():
                if isinstance(text, ast.Name):
                    yield from named.get(text.id, set())
                elif isinstance(text.value, str):
                    yield text.value


def plain_errors_in(path: Path) -> Iterator[ast.expr]:
    """What errors say that are raised with a text of their own."""
    for name, call in calls(path):
        if name.endswith("Error") and name not in TO_THE_LOG:
            yield from call.args[:1]


def written_in(path: Path) -> Iterator[ast.expr]:
    for name, call in calls(path):
        whole = ast.unparse(call.func)
        if name == "print" or whole.endswith(("stdout.write", "stderr.write", "stream.write")):
            yield from call.args[:1]


def words_of(text: ast.expr) -> str:
    """The letters of a text that stand in it as they are, fit for no other language."""
    if isinstance(text, ast.Constant):
        return str(text.value)
    if isinstance(text, ast.JoinedStr):
        return "".join(str(part.value) for part in text.values if isinstance(part, ast.Constant))
    return words_of(text.left) + words_of(text.right) if isinstance(text, ast.BinOp) else ""


@pytest.mark.parametrize("room", KNOWN)
def test_every_sentence_is_there_in_chinese(room: str) -> None:
    paths = [path for path in modules() if path.relative_to(ROOT).parts[0] == room]
    said = {text for path in paths for text in said_in(path) if WORDS.search(re.sub(r"{[^}]*}", "", text))}
    plain = {
        text.value
        for path in paths
        for text in plain_errors_in(path)
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and WORDS.search(text.value)
    }

    assert sorted((said | plain) - KNOWN[room].keys()) == []


def test_an_error_keeps_its_facts_apart_from_its_words() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{text.lineno}"
        for path in modules()
        for text in plain_errors_in(path)
        if isinstance(text, ast.JoinedStr) and WORDS.search(words_of(text))
    ]

    assert found == []


def test_nothing_is_written_to_a_terminal_in_one_language_alone() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{text.lineno}"
        for path in modules()
        for text in written_in(path)
        if WORDS.search(
            re.sub(
                r"zaigang-(hub|edge|sim)|invitations/|cd | && mosquitto -c mosquitto.conf|KiB|MiB", "", words_of(text)
            )
        )
    ]

    assert found == []


def test_no_sentence_is_there_twice_in_other_words() -> None:
    """Parts of a catalogue are laid over each other, and of two the later one would be told everywhere."""
    paths = [
        ROOT / room / name
        for room in ("hub", "station")
        for name in sorted(map(str, (ROOT / room).glob("chinese*.py")))
    ]
    pairs: dict[str, set[str]] = {}
    for path in paths:
        for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))):
            for key, value in zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ():
                if isinstance(key, ast.Constant) and isinstance(value, ast.Constant):
                    pairs.setdefault(str(key.value), set()).add(str(value.value))

    assert {key: told for key, told in pairs.items() if len(told) > 1} == {}


@pytest.mark.parametrize("template", {**OF_EDGE, **OF_SIMULATOR, **OF_STATION})
def test_a_translation_has_the_same_facts(template: str) -> None:
    chinese = {**OF_EDGE, **OF_SIMULATOR, **OF_STATION}[template]
    if "{" not in template:  # plain text, which is no template
        return

    assert facts_in(chinese) <= facts_in(template)
    assert facts_in(template) - facts_in(chinese) <= {"count", "n"} | only_of_forms(template) | {"answer"}


def facts_in(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def only_of_forms(template: str) -> set[str]:
    """Numbers that choose between forms and are not told."""
    return set(re.findall(r"{(\w+):[^{}|]*\|", template)) - set(re.findall(r"{(\w+)[!}]", template))


ONE = re.compile(
    r"\b1 (more )?(?!is\b|was\b|has\b|goes\b|as\b|times\b|waits\b)([a-z]+s|people|are|have|were|go|wait)\b"
)
NUMBERS = {
    "count", "n", "rows", "records", "removed", "restored", "left_out", "taps", "surprises", "stints", "stretches",
    "done", "under_way", "waits", "tries", "minutes",
}  # fmt: skip
NEVER_ONE = re.compile(
    r"a name that {count} people|there are {count} cards|at most {count}|packed at most|filled cells|{count} bytes of settings"
)
"""Facts that are several, or limits that are many."""


@pytest.mark.parametrize("template", {**OF_HUB, **OF_EDGE, **OF_SIMULATOR, **OF_STATION})
def test_of_one_english_speaks_in_the_singular(template: str) -> None:
    if "{" not in template or NEVER_ONE.search(template) or not (facts := facts_in(template)):
        return
    told = say(template, **{name: 1 if name in NUMBERS else Anything() for name in facts})

    assert not ONE.search(told), told


class Anything:
    """A fact of any kind, to be written in any format."""

    def __format__(self, spec: str) -> str:
        return "…"

    __repr__ = __str__ = lambda _: "…"


def test_a_sentence_chooses_its_form_by_the_number() -> None:
    told = [say("{n} {n:row is|rows are} there", n=n) for n in (0, 1, 2)]

    assert told == ["0 rows are there", "1 row is there", "2 rows are there"]
    assert tell(told[1], {"{n} {n:row is|rows are} there": "有 {n} 条"}, is_chinese=True) == "有 1 条"


def test_an_error_within_a_sentence_keeps_its_facts() -> None:
    sentences = {"{file}: {exc}": "{file}：{exc}", "no {thing}": "没有{thing}", "No such file": "没有这个文件"}

    assert tell(
        say("{file}: {exc}", file="a", exc=KeyError(say("no {thing}", thing="卡"))), sentences, is_chinese=True
    ) == ("a：没有卡")
    assert tell(say("{file}: {exc}", file="a", exc=ValueError("No such file")), sentences, is_chinese=True) == (
        "a：没有这个文件"
    )


@pytest.mark.parametrize(
    ("program", "typed", "wanted"),
    [
        ("zaigang-hub", [], "缺少 COMMAND"), ("zaigang-hub", ["imprt"], "'imprt' 不能用；应为"),
        ("zaigang-hub", ["import"], "缺少 FILE"), ("zaigang-hub", ["holidays", "show", "x"], "YEAR：现为 'x'；应为 1970 到"),
        ("zaigang-sim", ["replay", "day.json", "--shuffle", "x"], "--shuffle：'x' 不是数字"),
        ("zaigang-hub", ["alarm", "show", "x"], "NUMBER：现为 'x'；应为 1 到"),
        ("zaigang-hub", ["serve", "--nwe"], "不认识 --nwe"), ("zaigang-edge", ["export"], "缺少 --to"),
        ("zaigang-hub", ["export-day", "H-01", "morgen"], "DATE：'morgen' 不是日期；应如 2026-03-05"),
        ("zaigang-sim", ["demo", "--stations", "1"], "--stations：'1'；至少应有"),
    ],
)  # fmt: skip
def test_what_is_typed_wrongly_is_answered_in_chinese(
    program: str, typed: list[str], wanted: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    with pytest.raises(SystemExit) as ended:
        parser_for(program, typed).parse_args(typed)

    assert ended.value.code == 2
    assert wanted in capsys.readouterr().err


@pytest.mark.parametrize(
    ("config", "wanted"),
    [
        ('station = "H-01', "第 1 行不是 TOML 格式：文字没有在本行写完"),
        ("guard = 5\nguard = 6", "第 2 行不是 TOML 格式：这个键出现了两次"),
        ("kiosk = K-01", "第 1 行不是 TOML 格式：不是值；应为带引号的"),
        ("[limits]\nhost = '10.0.0.2'", "host 写在 [limits] 下面，应写在 [broker] 下面：请把这一行移过去"),
        ("gard_s = 5", "没有 'gard_s' 这个键；应为"),
        ("[[readers]]\nname = 1", "readers[0].name：1；应为带引号的文字"),
    ],
)  # fmt: skip
def test_settings_that_cannot_stand_are_refused_in_chinese(config: str, wanted: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_config(config, {}, file="edge.toml")

    told = tell(said_by(refused.value), KNOWN["edge"], is_chinese=True)
    assert wanted in told
    assert not re.search(r"wanted|missing|stands", told)


@pytest.mark.parametrize(
    "url", ["udp:x", "pn532", "pn532:ttyUSB0", "acr122u:1", "wedge:/dev/input/event3?digits=9",
            "wedge:/dev/input/event3?digits=dec10&order=up", "wedge:/dev/input/event3?digits=dec10&prefix=x",
            "wedge:/dev/input/event3?digits=dec10&prefix=0102", "pn532:/tmp/{a}", "pn532:/tmp/none"],
)  # fmt: skip
def test_a_reader_that_cannot_be_is_refused_in_chinese(url: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_config(READER.format(url=url), {}, file="edge.toml")

    assert not re.search(r"[a-z]{3} (is|are|of) ", tell(said_by(refused.value), KNOWN["edge"], is_chinese=True))


@pytest.mark.parametrize("program", PROGRAMS)
def test_help_says_everything_in_chinese(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    found = {}
    for typed, parser in every_parser():
        told = parser.format_help().partition("示例：")[0]
        said = re.sub(r"^用法： .*?\n\n|`[^`]+`|\S*[-=./@{}<>]\S*|zaigang\S+", "", told, flags=re.DOTALL)
        if typed.startswith(program) and (english := re.findall(r"[a-z]+ [a-z]+ [a-z]+|usage|options|arguments", said)):
            found[typed] = english

    assert found == {}


def test_help_in_chinese_has_no_line_that_a_terminal_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("COLUMNS", "100")
    long = [
        line for _, parser in every_parser()
        for line in parser.format_help().partition("示例：")[0].splitlines() if width(line) > 100
    ]  # fmt: skip

    assert long == []


READER = """\
station = "H-01"
kiosk = "K-01"
data_dir = "/tmp/kiosk"
site_key_file = "/tmp/site.key"
[[readers]]
name = "door"
url = "{url}"
"""
