"""Versions of the program beside each other: a slot is there whole, or not at all. `current` points at one of them."""

import os
import re
import shutil
import sys
import zipfile
from pathlib import Path

from bundle import Bundle
from commands import Refusal, do
from files import put, sync, write

SLOTS = Path("/opt/zaigang/slots")
CURRENT = Path("/opt/zaigang/current")
WANTED = 600 << 20  # a slot, unpacked and compiled, and room for the database to be migrated
KEPT = 2
MARK = "manifest.sha256"
SCRIPT = """#!{python}
import sys

from hub.__main__ import main

sys.exit(main())
"""


def rank(version: str) -> list[tuple[int, str]]:
    """What versions are compared by; a part in letters comes before any number."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"[.+-]", version)]


def make_room() -> None:
    """See that a slot will fit, once what was left of an interrupted install is gone."""
    SLOTS.mkdir(parents=True, exist_ok=True)
    for part in SLOTS.glob("*.part"):
        shutil.rmtree(part)
    free = shutil.disk_usage(SLOTS).free
    if free < WANTED:
        raise Refusal(
            f"the disk is full: {free >> 20} MiB are free, {WANTED >> 20} MiB are wanted; nothing was changed"
        )


def fill(bundle: Bundle) -> Path:
    """The slot of that bundle."""
    slot, part = SLOTS / bundle.version, SLOTS / f"{bundle.version}.part"
    if (slot / MARK).is_file() and (slot / MARK).read_text() == bundle.digest:
        return slot
    do(sys.executable, "-m", "venv", "--without-pip", str(part / "venv"))
    (packages,) = (part / "venv/lib").glob("python3*/site-packages")
    for path in bundle.wheels():
        with zipfile.ZipFile(path) as wheel:
            wheel.extractall(packages)
    write(part / "venv/bin/zaigang-hub", SCRIPT.format(python=slot / "venv/bin/python3").encode(), 0o755)
    do(sys.executable, "-m", "compileall", "-q", str(packages))
    for name in ("uninstall", "README.md"):
        put(part / name, bundle.read(name), 0o755 if name == "uninstall" else 0o644)
    write(part / MARK, bundle.digest.encode(), 0o644)
    os.sync()
    shutil.rmtree(slot, ignore_errors=True)
    part.rename(slot)
    sync(SLOTS)
    return slot


def clear(*kept: Path | None) -> None:
    """Take old slots away."""
    for old in sorted(SLOTS.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]:
        if old not in kept:
            shutil.rmtree(old)
