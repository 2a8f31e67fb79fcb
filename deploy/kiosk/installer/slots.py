"""Versions of the program beside each other: a slot is there whole, or not at all. `current` points at one of them."""

import os
import re
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Final

from commands import Refusal, do
from files import put, sync, write
from folder import Bundle

SLOTS: Final = Path("/opt/zaigang/slots")
CURRENT: Final = Path("/opt/zaigang/current")
GROWS: Final = 7  # a slot, unpacked and compiled, and the folder's copy, against the bundle
SPARE: Final = 64 << 20  # left free beside it: the journal may lie there too
KEPT: Final = 2
_MARK: Final = "manifest.sha256"
_SCRIPT: Final = """#!{python}
import sys

from edge.__main__ import main

sys.exit(main())
"""


def current_version() -> str:
    """What is installed; empty for nothing."""
    return CURRENT.resolve().name if CURRENT.exists() else ""


def rank(version: str) -> list[tuple[int, str]]:
    """What versions are compared by; a part in letters comes before any number."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"[.+-]", version)]


def make_room(bundle: Bundle) -> None:
    """See that a slot will fit, once what was left of an interrupted install is gone."""
    SLOTS.mkdir(parents=True, exist_ok=True)
    for part in SLOTS.glob("*.part"):
        shutil.rmtree(part)
    free, wanted = shutil.disk_usage(SLOTS).free, bundle.path.stat().st_size * GROWS + SPARE
    if free < wanted:
        raise Refusal(
            f"the disk is full: {free >> 20} MiB are free, {wanted >> 20} MiB are wanted; nothing was changed"
        )


def fill(bundle: Bundle) -> Path:
    """The slot of that bundle."""
    slot, part = SLOTS / bundle.version, SLOTS / f"{bundle.version}.part"
    mark = slot / _MARK
    if mark.is_file() and mark.read_text() == bundle.digest:
        return slot
    shutil.rmtree(part, ignore_errors=True)
    do(sys.executable, "-m", "venv", "--without-pip", "--system-site-packages", str(part / "venv"))
    packages = next((part / "venv/lib").glob("python3*/site-packages"))
    for name in bundle.wheels():
        _unpack(bundle.files[name], part / "wheel.zip", packages)
    write(part / "venv/bin/zaigang-edge", _SCRIPT.format(python=slot / "venv/bin/python3").encode(), 0o755)
    do(sys.executable, "-m", "compileall", "-q", str(packages))
    for name, content in bundle.files.items():
        if name.startswith(("units/", "udev/")) or name == "uninstall":
            put(part / name, content)
    write(part / _MARK, bundle.digest.encode(), 0o644)
    os.sync()
    shutil.rmtree(slot, ignore_errors=True)
    part.rename(slot)
    sync(SLOTS)
    return slot


def clear(*kept: Path | None) -> None:
    """Take old slots away."""
    newest_first = sorted(SLOTS.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in newest_first[KEPT:]:
        if old not in kept:
            shutil.rmtree(old)


def _unpack(content: bytes, place: Path, packages: Path) -> None:
    write(place, content, 0o600)
    with zipfile.ZipFile(place) as wheel:
        wheel.extractall(packages)
    place.unlink()
