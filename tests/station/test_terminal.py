"""How a program of the terminal comes by what a command needs."""

import gc
import sys

import pytest

from station.terminal import TerminalProgram

COMMAND = """
import gc
EXAMPLE = ""
WAS_ENABLED = gc.isenabled()
{more}

def add_arguments(parser):
    pass

def run(args):
    return 10 * WAS_ENABLED + gc.isenabled()
"""


@pytest.fixture
def program(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)

    def made(name, more=""):
        (tmp_path / f"{name}.py").write_text(COMMAND.format(more=more))
        return TerminalProgram("zaigang-x", "It stands in.", "zaigang-x go", "hub", {"go": (name, "goes")}, {})

    return made


def test_no_garbage_is_looked_for_while_a_command_is_loaded_and_then_it_is(program):
    assert program("loaded_by_a_terminal").main(["go"]) == 1
    assert gc.isenabled()


def test_nor_is_it_left_off_where_a_command_cannot_be_loaded(program):
    lacking = program("not_loaded_by_a_terminal", "import a_module_that_nobody_has")

    with pytest.raises(SystemExit, match="a_module_that_nobody_has"):
        lacking.main(["go"])

    assert gc.isenabled()
    assert "not_loaded_by_a_terminal" not in sys.modules
