"""What the commands' arguments may be."""

import socket
from argparse import ArgumentTypeError

import pytest

from simulator.arguments import count, file_to_write, free_port_number, new_folder, seconds
from simulator.replaying.case import CaseError, read_case
from simulator.world.scenario import ScenarioError, read_scenario


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "", "many", "\u00b2"])
def test_a_count_is_a_whole_number_from_one(text):
    with pytest.raises(ArgumentTypeError, match="wanted is a whole number from 1"):
        count(text)

    assert count("12") == 12


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "soon", ""])
def test_a_stretch_of_time_is_above_nothing(text):
    with pytest.raises(ArgumentTypeError, match="wanted are seconds"):
        seconds(text)

    assert seconds("0.5") == 0.5


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(ArgumentTypeError, match="No such file or directory"):
        file_to_write(str(tmp_path / "none" / "report.json"))
    with pytest.raises(ArgumentTypeError, match="Is a directory"):
        file_to_write(str(tmp_path))


def test_a_file_that_is_there_keeps_its_content_until_it_is_written(tmp_path):
    (tmp_path / "report.json").write_text("before")

    assert file_to_write(str(tmp_path / "report.json")).read_text() == "before"


def test_a_folder_is_made_but_not_in_place_of_a_file(tmp_path):
    (tmp_path / "file").touch()

    assert new_folder(str(tmp_path / "a" / "b")).is_dir()
    with pytest.raises(ArgumentTypeError, match="is no folder"):
        new_folder(str(tmp_path / "file"))


def test_a_port_that_somebody_has_is_told_before_a_city_is_made():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        with pytest.raises(ArgumentTypeError, match=f"port {taken} cannot be had: .* wanted is another"):
            free_port_number(str(taken))


@pytest.mark.parametrize("text", ["x", "70000", "-1"])
def test_what_is_no_port_is_told(text):
    with pytest.raises(ArgumentTypeError, match="wanted is a port"):
        free_port_number(text)


def test_a_file_that_is_missing_or_of_another_kind_is_told_in_words(tmp_path):
    there = tmp_path / "case.json"
    there.write_text("data_dir = 1")

    with pytest.raises(CaseError, match=r"^it cannot be read: No such file .*; wanted is a case") as missing:
        read_case(tmp_path / "nix.json")
    with pytest.raises(CaseError, match=r"it is no JSON .*; wanted is a case"):
        read_case(there)
    with pytest.raises(ScenarioError, match=r"nix\.toml: it cannot be read: No such file"):
        read_scenario(tmp_path / "nix.toml")
    assert "Errno" not in str(missing.value)
