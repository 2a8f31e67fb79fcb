"""What the commands' arguments may be."""

from argparse import ArgumentTypeError

import pytest

from simulator.arguments import count, file_to_write, new_folder, seconds


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
