"""What docs/import.md tells people to type does what it says, on the samples that it speaks of."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hub.__main__ import main
from tests.standing_clock import set_clock
from tests.typed import commands_in

if TYPE_CHECKING:
    from collections.abc import Iterator

TREE = Path(__file__).parents[3]
PAGE = (TREE / "docs" / "import.md").read_text(encoding="utf-8")
BLOCK = PAGE.partition("## Changes without a spreadsheet")[2].split("```")[1]
NEW_CARD = "04000000000999\n"


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A hub into which the samples were imported."""
    folder = tmp_path_factory.mktemp("hub")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZAIGANG_HUB_DATA_DIR", str(folder / "data"))
        set_clock(patch, "2026-12-01T10:00+08:00")
        patch.setenv("SUDO_USER", "clerk")
        assert main(["import", *map(str, sorted((TREE / "hub" / "importing" / "samples").glob("*.csv")))]) == 0
        yield folder


@pytest.mark.parametrize("line", [line for line in BLOCK.splitlines() if "found" not in line and line])
def test_a_change_without_a_spreadsheet_can_be_typed_with_the_samples(
    line: str, samples: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(NEW_CARD))
    ((_, arguments),) = commands_in(line)

    assert main([*arguments, *([] if arguments[0] == "history" else ["--dry-run"])]) == 0, capsys.readouterr().err
