"""Every command answers `--help` with an example, and the example can be typed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.every_parser import PROGRAMS, every_parser, parser_for
from tests.typed import commands_in

EVERY = dict(every_parser())
TYPED = [
    (typed, line.strip())
    for typed, parser in EVERY.items()
    for line in parser.format_help().partition("example:\n")[2].splitlines()
]


@pytest.mark.parametrize("typed", EVERY)
def test_help_ends_in_an_example_of_itself(typed: str) -> None:
    examples = [line for owner, line in TYPED if owner == typed]

    assert any(line.split("zaigang-", 1)[-1].startswith(typed.removeprefix("zaigang-")) for line in examples), examples


@pytest.mark.parametrize("line", [line for _, line in TYPED])
def test_an_example_is_accepted(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    for program, arguments in commands_in(line):
        if program in PROGRAMS:
            parser_for(program, arguments).parse_args(arguments)


@pytest.mark.parametrize("typed", EVERY)
def test_help_says_of_everything_what_it_is_for(typed: str) -> None:
    parser = EVERY[typed]

    assert [each.dest for each in parser._actions if not (each.help or each.nargs == "A...")] == []


@pytest.mark.parametrize("typed", EVERY)
def test_english_help_has_no_chinese_but_what_is_typed_as_it_is_written(typed: str) -> None:
    """Examples have: a station's name, a sheet's."""
    helps = [str(each.help or "") for each in EVERY[typed]._actions]

    assert [
        one for one in helps if re.search(r"[\u4e00-\u9fff]", re.sub(r"\(as [^)]*\)|: as .*|, as .*", "", one))
    ] == []


def test_a_name_in_a_summary_stays_as_it_is_written() -> None:
    assert "named ZAIGANG-OUT" in EVERY["zaigang-edge carry"].format_help()


@pytest.mark.parametrize("module", ["tests.bench", "deploy.bundle"])
def test_what_make_calls_says_its_words_without_brackets(module: str) -> None:
    said = subprocess.run([sys.executable, "-m", module, "--help"], capture_output=True, text=True, check=True).stdout

    assert "[]" not in said
    assert "{" not in said
