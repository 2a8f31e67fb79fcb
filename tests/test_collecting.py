"""Files of several folders are named on one command line in any order, and each finds what its conftest gives it."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
GIVEN = "import pytest\n\n@pytest.fixture\ndef {name}():\n    return 1\n"
ASKS = "def test_{file}({name}):\n    assert {name}\n"
FILES = ("rooms/desks/test_a.py", "rooms/test_b.py", "rooms/desks/test_c.py", "rooms/alarms/test_d.py", "test_e.py")


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A small one, by our own root conftest's hooks."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\nfrom tests.conftest import pytest_configure\n")
    for folder, name in (("rooms", "base"), ("rooms/desks", "desks"), ("rooms/alarms", "alarms")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "__init__.py").touch()
        (tmp_path / folder / "conftest.py").write_text(GIVEN.format(name=name))
    for file in FILES:
        name = {"rooms": "base"}.get(Path(file).parent.name, Path(file).parent.name or "tmp_path")
        (tmp_path / file).write_text(ASKS.format(file=Path(file).stem[-1], name=name))
    return tmp_path


def test_each_file_finds_its_fixtures_in_whatever_order_files_are_named(suite: Path) -> None:
    orders = [FILES, FILES[::-1], FILES[1:] + FILES[:1]]
    for named in orders:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *named]
        ran = subprocess.run(
            command, cwd=suite, env={"PYTHONPATH": str(PROJECT)}, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout
