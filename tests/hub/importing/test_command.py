"""`zaigang-hub import` and `migrate` as an operator meets them in a terminal."""

from __future__ import annotations

import argparse
import os
import stat
from typing import TYPE_CHECKING

import pytest

from hub.database.schema import HEAD
from hub.guarding import guarded
from hub.site_key import FILE_NAME
from hub.verbs import import_sheets as command
from hub.verbs import migrate as migrating
from tests.hub.importing.desk import Desk
from tests.standing_clock import set_clock

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("ZAIGANG_HUB_DATA_DIR", str(tmp_path / "data"))
    set_clock(monkeypatch, "2026-03-05T10:00+08:00")
    return tmp_path / "data"


def run(module: ModuleType, *words: str) -> int:
    parser = argparse.ArgumentParser(prog="zaigang-hub")
    module.add_arguments(parser)
    args = parser.parse_args(words)
    return guarded(lambda: module.run(args))


def test_a_first_import_makes_key_database_and_summary(
    desk: Desk, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(command, *map(str, desk.write()))

    printed = capsys.readouterr()
    assert status == 0
    assert "stations          2 added      0 changed      0 unchanged" in printed.out
    assert stat.S_IMODE((data_dir / FILE_NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700


def test_faults_are_listed_and_the_last_line_says_that_nothing_was_imported(
    desk: Desk, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sheets["志愿者"] += [[f"N{n}", "例丁卯", "h1", str(n), ""] for n in range(10, 130)]

    status = run(command, *map(str, desk.write()))

    lines = capsys.readouterr().err.splitlines()
    assert status == 1
    assert len(lines) == 102
    assert lines[0].startswith("志愿者.csv, line 4, column 星级: found '10'; wanted is")
    assert lines[-2:] == ["and 20 more", "120 faults; nothing was imported"]


def test_neither_numbers_nor_names_reach_the_terminal_or_the_database_file(
    desk: Desk, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(command, *map(str, desk.write()))
    desk.change("志愿者", 2, "星级", "9")
    run(command, *map(str, desk.write()))

    printed = capsys.readouterr()
    stored = b"".join(path.read_bytes() for path in data_dir.glob("zaigang.sqlite*"))
    for secret in ("例乙丑", "例丙寅", "04:00:00", "62E3086CED"):
        assert secret not in printed.out + printed.err
    for number in ("04000000000001", "62E3086CED"):
        assert number.encode() not in stored.upper()
        assert bytes.fromhex(number) not in stored


def test_a_dry_run_of_a_first_import_leaves_nothing_behind(
    desk: Desk, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(command, "--dry-run", *map(str, desk.write()))

    assert status == 0
    assert "stations          2 added" in capsys.readouterr().out
    assert not data_dir.exists()


def test_a_dry_run_counts_against_what_is_entered_and_changes_no_file(
    desk: Desk, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(command, *map(str, desk.write()))
    before = {path.name: path.read_bytes() for path in data_dir.iterdir()}
    capsys.readouterr()
    desk.change("志愿者", 2, "星级", "3")

    status = run(command, "--dry-run", *map(str, desk.write()))

    assert status == 0
    assert "stations          0 added      0 changed      2 unchanged" in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in data_dir.iterdir()} == before


@pytest.mark.parametrize(
    ("module", "words"), [(command, ["--dry-run", "x.csv"]), (command, ["x.csv"]), (migrating, [])]
)
def test_a_data_dir_that_is_a_file_is_said_to_be_one(
    module: ModuleType, words: list[str], data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data_dir.write_text("")

    status = run(module, *words)

    assert status == 1
    assert capsys.readouterr().err == f"{data_dir} is a file; wanted is a directory, for data_dir\n"


def test_a_dry_run_says_so(desk: Desk, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = run(command, "--dry-run", *map(str, desk.write()))

    assert status == 0
    assert capsys.readouterr().out.endswith("dry run: nothing was written\n")


def test_a_wrong_setting_names_file_and_key(
    desk: Desk, tmp_path: Path, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "hub.toml"
    config.write_text("zone = 8\n")

    status = run(command, "--config", str(config), str(desk.write()[0]))

    assert status == 78
    assert "hub.toml: zone: 8; wanted is text" in capsys.readouterr().err


def test_a_key_that_others_can_read_stops_the_import(
    desk: Desk, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(command, *map(str, desk.write()))
    (data_dir / FILE_NAME).chmod(0o644)

    status = run(command, *map(str, desk.write()))

    assert status == 1
    assert "open to others; wanted is 0600" in capsys.readouterr().err


def given_away(path: Path) -> Path:
    """The directory of somebody who is not root."""
    path.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(path, 65534, -1)
    return path


@pytest.mark.parametrize(
    ("module", "words"), [(command, ["--dry-run", "x.csv"]), (command, ["x.csv"]), (migrating, [])]
)
def test_root_leaves_nothing_in_the_directory_of_the_hubs_user(
    module: ModuleType,
    words: list[str],
    data_dir: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given_away(data_dir)
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    status = run(module, *words)

    told = capsys.readouterr().err
    assert (status, told.count("\n")) == (1, 1)
    assert f"{data_dir} belongs to " in told
    assert "run it as the hub's own user: sudo -u " in told
    assert list(data_dir.iterdir()) == []


@pytest.mark.parametrize("words", [["--dry-run"], []])
def test_the_directory_of_another_user_is_a_sentence(
    desk: Desk, words: list[str], data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets = list(map(str, desk.write()))
    given_away(data_dir).chmod(0)
    euid = os.geteuid()
    if euid == 0:
        os.seteuid(65533)

    try:
        status = run(command, *words, *sheets)
    finally:
        os.seteuid(euid)

    told = capsys.readouterr().err
    assert (status, told.count("\n")) == (1, 1)
    assert "Permission denied" in told


def test_a_sheet_that_only_somebody_else_may_read_is_said_to_be_so(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("hub.importing.files._read_file", refuse)

    assert run(command, "/root/city.xlsx") == 1

    wanted = "a file that the hub's own user may read: copy it to /tmp, say"
    assert f"city.xlsx: found a file that may not be read; wanted is {wanted}" in capsys.readouterr().err


@pytest.mark.parametrize("zone", ["Asia", "Mars/Base", ""])
def test_a_zone_that_is_none_is_a_sentence(
    desk: Desk, zone: str, data_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZAIGANG_HUB_ZONE", f'"{zone}"')

    status = run(command, str(desk.write()[0]))

    told = capsys.readouterr().err
    assert (status, told.count("\n")) == (78, 1)
    assert f"zone is '{zone}'; wanted is a zone like Asia/Shanghai" in told
    assert not data_dir.exists()


def test_migrate_makes_the_tables_and_says_their_revision(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = run(migrating)

    assert status == 0
    assert f"revision {HEAD}" in capsys.readouterr().out
