"""The one secret: made once, for its owner alone, never replaced."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from hub.data_dir import DataDirError
from hub.site_key import FILE_NAME, SiteKeyError, read_or_make_site_key, read_site_key

if TYPE_CHECKING:
    from pathlib import Path


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"

    made = read_or_make_site_key(data_dir)

    assert len(made) == 32
    assert stat.S_IMODE((data_dir / FILE_NAME).stat().st_mode) == 0o600
    assert read_or_make_site_key(data_dir) == made
    assert [path.name for path in data_dir.iterdir()] == [FILE_NAME]


def test_of_two_processes_that_make_it_the_first_wins(tmp_path: Path) -> None:
    def meanwhile(_: int) -> bytes:
        read_or_make_site_key(tmp_path, make=lambda n: b"1" * n)
        return b"2" * 32

    assert read_or_make_site_key(tmp_path, make=meanwhile) == b"1" * 32


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    read_or_make_site_key(tmp_path)
    (tmp_path / FILE_NAME).chmod(mode)

    with pytest.raises(SiteKeyError, match=f"mode {mode:04o}, open to others; wanted is 0600"):
        read_or_make_site_key(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_key_is_read_whatever_mark_an_editor_put_before_it(tmp_path: Path, encoding: str) -> None:
    key = read_or_make_site_key(tmp_path)
    (tmp_path / FILE_NAME).write_text(key.hex() + "\r\n", encoding=encoding)

    assert read_site_key(tmp_path / FILE_NAME) == key


@pytest.mark.parametrize("text", ["", "ab", "zz" * 32, "ab" * 33, "键" * 10])
def test_a_file_that_holds_no_key_is_not_replaced(tmp_path: Path, text: str) -> None:
    path = tmp_path / FILE_NAME
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)

    with pytest.raises(SiteKeyError, match="holds no site key"):
        read_or_make_site_key(tmp_path)

    assert path.read_text(encoding="utf-8") == text


def test_a_key_never_stands_in_an_error(tmp_path: Path) -> None:
    key = read_or_make_site_key(tmp_path)
    (tmp_path / FILE_NAME).chmod(0o644)

    with pytest.raises(SiteKeyError) as found:
        read_site_key(tmp_path / FILE_NAME)

    assert key.hex() not in str(found.value)


def test_a_directory_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(DataDirError, match="file is a file; wanted is a directory"):
        read_or_make_site_key(tmp_path / "file" / "data")


def test_a_data_directory_that_was_open_to_others_is_the_hubs_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    read_or_make_site_key(tmp_path)
    read_or_make_site_key(tmp_path)

    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_a_directory_that_holds_other_things_too_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "somebody's").touch()
    tmp_path.chmod(0o755)

    read_or_make_site_key(tmp_path)
    read_or_make_site_key(tmp_path)

    assert tmp_path.stat().st_mode & 0o777 == 0o755
