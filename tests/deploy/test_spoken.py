"""Whatever an installer says it says in Chinese too, by the terminal's locale: in Python by a table, in sh side by side."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.installing import commands
from deploy.installing.chinese import SENTENCES, in_chinese
from deploy.installing.commands import NotDone, guarded

DEPLOY = Path(__file__).parents[2] / "deploy"
PYTHON = sorted(
    path
    for room in ("installing", "hub/installer", "kiosk/installer", "kiosk/updater")
    for path in (DEPLOY / room).glob("*.py")
)
SCRIPTS = sorted(path for name in ("install", "uninstall") for path in DEPLOY.glob(f"*/{name}"))
SAYS = {"NotDone", "NotTheHub", "NotNow", "UpdateResult", "tell", "append", "_told_why", "say_to"}
NAMED = {"found", "said", "again", "why", "text", "missing", "back"}
"""Parts of a sentence on its way."""
NO_SENTENCE = {"{}: {}", "{}；{}", "status {}"}
OF_A_CLAIM, CLAIMS_WITH = "with --claim: {}", ("its id", "the hub's address", "the site's CA: file or fingerprint")
BY_PARTS = {
    "the hub is installed, version {}",  # the first line of a list
    "the journal does not open any more", "the reader does not answer any more",
    "{}: its own updater does not begin, so none could come after it",
}  # fmt: skip
HAN = re.compile("[一-鿿]")


def template(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may be, with `{}` for a fact."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from (*template(node.body), *template(node.orelse))
    elif isinstance(node, ast.Dict):
        yield from (text for value in node.values for text in template(value))


def name_of(node: ast.expr) -> str:
    """Of a function, or of what something is kept in."""
    return str(getattr(node, "id", getattr(node, "attr", "")))


def said_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and name_of(node.func) in SAYS:
            yield from (text for argument in node.args for text in template(argument))
        is_part = isinstance(node, ast.Assign) and name_of(node.targets[0]) in NAMED
        is_part = is_part or (isinstance(node, ast.AnnAssign) and path.parent.name == "updater")
        if is_part or isinstance(node, ast.Return):
            yield from template(node.value) if node.value is not None else ()


def sentences() -> set[str]:
    said = {text for path in PYTHON for text in said_in(path) if not HAN.search(text)}
    said = {text for text in said if re.search("[A-Za-z]{2} |; ", text)} - NO_SENTENCE
    return (said - {OF_A_CLAIM}) | {OF_A_CLAIM.format(what) for what in CLAIMS_WITH}


def test_every_sentence_of_the_installers_is_there_in_chinese() -> None:
    assert sentences() - set(SENTENCES) == set()
    assert len(sentences()) > 50  # they are found at all


def test_none_is_there_that_nobody_says() -> None:
    assert set(SENTENCES) - sentences() == BY_PARTS


def test_each_keeps_its_facts_and_is_known_by_its_own_words() -> None:
    for english, chinese in SENTENCES.items():
        facts = [f"fact{number}" for number in range(english.count("{}"))]
        told = in_chinese(english.format(*facts))
        assert told == chinese.format(*facts)
        assert HAN.search(told) or english == "{}; {}"
        assert all(
            fact in told for fact in facts if not (fact == "fact1" and "{1}" not in chinese and "{2}" in chinese)
        )


@pytest.mark.parametrize(("locale", "said"), [
    ("zh_CN.UTF-8", "zaigang: 1.0.0.crt 是给 a 的，kiosk.toml 是给 b 的；请在中心重新准备，拷贝整个文件夹：zaigang-hub kiosk prepare\n"),
    ("C.UTF-8", "zaigang: 1.0.0.crt is for a, and kiosk.toml for b; copy the whole folder anew: zaigang-hub kiosk prepare\n"),
])  # fmt: skip
def test_a_refusal_is_told_in_the_terminals_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], locale: str, said: str
) -> None:
    monkeypatch.setattr(commands, "LOCK", tmp_path / "lock")
    monkeypatch.setenv("LC_ALL", locale)

    def refuse() -> str:
        raise NotDone("1.0.0.crt is for a, and kiosk.toml for b; copy the whole folder anew: zaigang-hub kiosk prepare")

    assert (guarded(refuse), capsys.readouterr().err) == (1, said)


@pytest.mark.parametrize(("room", "chinese", "english"), [
    ("hub.installer", "由别的密钥签名也装", "that another key signed"),
    ("kiosk.installer", "由别的密钥签名也装", "that another key signed"),
    ("kiosk.updater", "把这台终端更新到中心提供的版本", "Bring this kiosk to the version offered"),
])  # fmt: skip
def test_help_is_told_in_the_terminals_language(room: str, chinese: str, english: str) -> None:
    for locale, word in (("zh_CN.UTF-8", chinese), ("C.UTF-8", english)):
        asked = (sys.executable, "-P", "-m", f"deploy.{room}", "--help")
        environment = {**os.environ, "PYTHONPATH": str(DEPLOY.parent), "LC_ALL": locale, "COLUMNS": "200"}
        done = subprocess.run(asked, capture_output=True, text=True, check=True, env=environment)
        assert word in done.stdout
        assert bool(re.search("usage|options|show this", done.stdout)) == (locale == "C.UTF-8")


TYPED_WRONGLY = (
    ("hub.installer", ("here", "--nmae", "x"), "不认识 --nmae x", "unrecognized arguments: --nmae x"),
    ("kiosk.installer", ("here", "--claim"), "--claim：后面应有一个值", "argument --claim: expected one argument"),
    ("kiosk.installer", ("here", "--older=1"), "--older：后面不应有值 '1'", "ignored explicit argument '1'"),
    ("kiosk.updater", ("--from",), "--from：后面应有一个值", "argument --from: expected one argument"),
    ("kiosk.updater", ("/media/stick",), "不认识 /media/stick", "unrecognized arguments: /media/stick"),
)


@pytest.mark.parametrize(("room", "typed", "chinese", "english"), TYPED_WRONGLY)
def test_what_is_typed_wrongly_is_told_in_the_terminals_language(
    room: str, typed: tuple[str, ...], chinese: str, english: str
) -> None:
    asked = (sys.executable, "-P", "-m", f"deploy.{room}", *typed)
    environment = {**os.environ, "PYTHONPATH": str(DEPLOY.parent)}
    for locale, word, usage in (("zh_CN.UTF-8", chinese, "用法："), ("C.UTF-8", english, "usage: ")):
        done = subprocess.run(
            asked, capture_output=True, text=True, check=False, encoding="utf-8", env={**environment, "LC_ALL": locale}
        )
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(usage)
        assert done.stderr.endswith(f"{word}\n")


@pytest.mark.parametrize("script", SCRIPTS, ids=[str(path.relative_to(DEPLOY)) for path in SCRIPTS])
def test_a_script_has_both_sentences_wherever_it_says_something(script: Path) -> None:
    text = re.sub(r"\\\n\s*", "", script.read_text(encoding="utf-8"))
    calls = re.findall(r'\b(?:say|tell) ("(?!\$@).*)$', text, re.MULTILINE)

    assert calls
    for call in calls:
        english, chinese = re.fullmatch(r'"(.*)" "([^"]*(?:"\$\w+"[^"]*)?)"', call).groups()  # type: ignore[union-attr]
        assert not HAN.search(english)
        assert HAN.search(chinese)
    assert [line for line in text.splitlines() if 'echo "zaigang:' in line] == [
        line for line in text.splitlines() if line.startswith("tell() {")
    ]


@pytest.mark.parametrize("script", SCRIPTS, ids=[str(path.relative_to(DEPLOY)) for path in SCRIPTS])
@pytest.mark.parametrize(("locale", "word"), [("zh_CN.UTF-8", "要由 root 运行"), ("C.UTF-8", "this must be root's")])
def test_a_script_speaks_the_terminals_language(script: Path, tmp_path: Path, locale: str, word: str) -> None:
    (tmp_path / "id").write_text("#!/bin/sh\necho 1000\n")
    (tmp_path / "id").chmod(0o755)
    (tmp_path / script.name).write_text(script.read_text(encoding="utf-8").replace("/sys/class/leds", str(tmp_path)))
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "LANG": locale}

    done = subprocess.run(
        ["sh", tmp_path / script.name], capture_output=True, text=True, encoding="utf-8", check=False, env=environment
    )

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert word in done.stderr
