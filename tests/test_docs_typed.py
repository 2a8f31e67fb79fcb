"""What README and docs tell people to type: each command, action and option exists, each setting can stand."""

import re
from pathlib import Path

import pytest

from edge.config import read_config as read_edge
from hub.config import read_config as read_hub
from tests.every_parser import PROGRAMS, below, parser_for
from tests.typed import commands_in, typed_between, typed_lines

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    page.relative_to(ROOT)
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("[dehs]*/**/README.md")]
)
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def read(page: Path) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def told(value: object) -> str:
    return " ".join(value) if isinstance(value, list) else str(value)


LINES = [
    (page, program, arguments)
    for page in PAGES
    for line in typed_lines(read(page))
    for program, arguments in commands_in(line)
]
NAMED = [
    (page, words)
    for page in PAGES
    for words in map(str.split, typed_between(read(page)))
    if len(words) > 1 and words[0] in (*PROGRAMS, "make")
]


@pytest.mark.parametrize(("page", "program", "arguments"), LINES, ids=told)
def test_a_line_to_type_is_accepted(
    page: Path, program: str, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    if program == "make":
        assert {word for word in arguments if "=" not in word} <= TARGETS
    else:
        parser_for(program, arguments).parse_args(arguments)


@pytest.mark.parametrize(("page", "words"), NAMED, ids=told)
def test_what_a_sentence_names_exists(page: Path, words: list[str]) -> None:
    if words[0] == "make":
        assert {word for word in words[1:] if "=" not in word} <= TARGETS
        return
    parser = parser_for(words[0], words[1:])
    for either in words[1:]:
        for word in either.strip("[]").split("|"):
            if word.startswith("--"):
                assert word in parser._option_string_actions
            elif below(parser) and word != "...":
                assert word in below(parser)
        parser = below(parser).get(either.split("|")[0], parser)


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (page, text)
        for page in PAGES
        for text in re.findall(r"^```toml\n(.*?)^```", read(page), re.DOTALL | re.MULTILINE)
    ],
    ids=lambda value: str(value) if isinstance(value, Path) else "",
)
def test_settings_can_stand_as_they_are_written(page: Path, text: str, tmp_path: Path) -> None:
    if "readers" in text:
        read_edge(text, {}, file="edge.toml")
    else:
        file = tmp_path / "hub.toml"
        file.write_text(text, encoding="utf-8")
        read_hub(file, {})
