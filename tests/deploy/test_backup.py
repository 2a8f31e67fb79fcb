"""What a hub could not make anew is in the copy of its keys, and copied when it changes."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from hub import sealing, site_key
from hub.data_dir import _OURS
from hub.updates import shelf

UNITS = Path(__file__).parents[2] / "deploy/hub/units"
MADE_ANEW = {"prepared", "waiting-imports", "broker"}  # for a person, until they are asked for, for Mosquitto
DATA = "var/lib/zaigang/"


def copied() -> set[str]:
    (line,) = re.findall(r"(?m)^ExecStart=.*$", (UNITS / "zaigang-backup.service").read_text())
    return {word.removeprefix(DATA) for word in line.split() if word.startswith(DATA)}


def test_each_key_of_the_hub_is_copied() -> None:
    keys = {site_key.FILE_NAME, site_key.NEXT_FILE, site_key.RETIRED_FILE, sealing.FILE_NAME, shelf.FOLDER}
    others = {name for name in _OURS if "sqlite" not in name} - MADE_ANEW

    assert keys | others <= copied()


def test_what_is_made_in_the_day_is_not_left_to_the_night() -> None:
    watched = re.findall(r"(?m)^PathChanged=/var/lib/zaigang/(\S+)$", (UNITS / "zaigang-backup.path").read_text())

    assert {path.partition("/")[0] for path in watched} >= copied() - {"broker.password", site_key.RETIRED_FILE}


@pytest.mark.skipif(shutil.which("tar") is None, reason="tar is not installed")
@pytest.mark.parametrize("grows", [False, True])
def test_the_copy_is_whole_where_some_of_it_is_not_there_or_changes_meanwhile(tmp_path: Path, *, grows: bool) -> None:
    (tmp_path / "root" / DATA / "ca").mkdir(parents=True)
    (tmp_path / "root" / DATA / "site.key").write_text("a key")
    (tmp_path / "to").mkdir()
    (line,) = re.findall(r"(?m)^ExecStart=/bin/sh -c '(.*)' sh ", (UNITS / "zaigang-backup.service").read_text())
    script = line.replace("%%", "%").replace("tar -C / ", f"tar -C {tmp_path / 'root'} ")
    tar = tmp_path / "bin/tar"
    tar.parent.mkdir()
    tar.write_text(f'#!/bin/sh\n{shutil.which("tar")} "$@"\nexit {1 if grows else "$?"}\n')
    tar.chmod(0o755)

    done = subprocess.run(
        ["sh", "-c", script, "sh", tmp_path / "to"], capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": f"{tar.parent}:{os.environ['PATH']}"},
    )  # fmt: skip

    (made,) = (tmp_path / "to").iterdir()
    assert (done.returncode, made.suffix) == (0, ".gz"), done.stderr
    assert f"{DATA}site.key" in subprocess.run(["tar", "-tzf", made], capture_output=True, text=True, check=True).stdout
