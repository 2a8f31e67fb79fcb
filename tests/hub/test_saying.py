"""Everything that the hub says of what stands in the way can be told in Chinese, with the same facts."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import pytest

import hub
from hub.chinese import SENTENCES
from hub.saying import as_said, is_chinese, printable, say, tell

ROOMS = ("alarms", "certificates", "changing", "fleet", "importing", "mosquitto", "register", "verbs")
ARGUMENTS = {"say": slice(1), "as_said": slice(1), "Refusal": slice(1, 3), "blame": slice(2, 4), "refuse": slice(1, 3)}


def sentences() -> set[str]:
    """Every sentence that stands in these rooms, also by the name of a constant or of what was said just before."""
    found = set[str]()
    for path in (path for room in ROOMS for path in (Path(hub.__file__).parent / room).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = constants(tree)
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            for argument in call.args[ARGUMENTS.get(name, slice(0))]:
                if isinstance(argument, ast.Constant):
                    found.add(str(argument.value))
                elif isinstance(argument, ast.Name):
                    found |= named.get(argument.id, set())
    return found


def constants(tree: ast.Module) -> dict[str, set[str]]:
    named: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if targets and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            for target in targets:
                named.setdefault(getattr(target, "id", ""), set()).add(node.value.value)
    return named


def facts_in(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_every_sentence_is_there_in_chinese() -> None:
    said = sentences()

    assert len(said) > 100
    assert sorted(said - SENTENCES.keys()) == []


@pytest.mark.parametrize("template", SENTENCES)
def test_a_translation_has_the_same_facts(template: str) -> None:
    assert facts_in(SENTENCES[template]) == facts_in(template)


def test_a_sentence_within_a_sentence_is_translated_and_somebodys_text_is_not() -> None:
    inner = say("'{text}'", text="nothing")
    told = say("{place}: found {found}; wanted is {wanted}", place="站点.csv", found=inner, wanted=as_said("each once"))

    assert told == "站点.csv: found 'nothing'; wanted is each once"
    assert tell(told, is_chinese=True) == "站点.csv：现为 “nothing”；应为 每个只出现一次"
    assert tell(told, is_chinese=False) == told


def test_what_has_no_translation_is_told_as_it_is() -> None:
    assert tell("{not} a template", is_chinese=True) == "{not} a template"
    assert tell(as_said("{not} a template"), is_chinese=True) == "{not} a template"


@pytest.mark.parametrize(
    ("environ", "chinese"),
    [
        ({}, False),
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, False),
        ({"LC_MESSAGES": "zh_CN", "LANG": "en_US"}, True),
    ],
)
def test_the_terminals_locale_says_the_language(environ: dict[str, str], *, chinese: bool) -> None:
    assert is_chinese(environ) == chinese


def test_what_would_steer_a_terminal_is_spelled_out() -> None:
    assert printable("甲\x1b[2J乙") == "甲\\x1b[2J乙"
