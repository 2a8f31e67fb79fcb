"""Versions of a program beside each other: a slot is there whole, or not at all. `current` points at one of them.

At a kiosk `proven` points at the one that judges the one at work: the same, but for a trial.
"""

import os
import re
import shutil
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.installing.bundle import Bundle
from deploy.installing.commands import NotDone, do
from deploy.installing.files import put, sync, write

SLOTS: Final = Path("/opt/zaigang/slots")
CURRENT: Final = Path("/opt/zaigang/current")
PROVEN: Final = Path("/opt/zaigang/proven")
KEPT: Final = 2
_MARK: Final = "manifest.sha256"
_PART: Final = ".part"  # of a slot that is not whole: on its way in, or out
_SCRIPT: Final = """#!{python}
import sys

from {room}.__main__ import main

sys.exit(main())
"""


@dataclass(frozen=True, slots=True)
class Program:
    """How a slot's program is called, and in which room it begins; `venv` are options of its environment."""

    command: str
    room: str
    venv: tuple[str, ...] = ()


def current_slot() -> Path | None:
    """The one at work."""
    return CURRENT.resolve() if CURRENT.exists() else None


def proven_slot() -> Path | None:
    """The one that has proved itself; None where that was never noted."""
    return PROVEN.resolve() if PROVEN.exists() else None


def refuse_older(bundle: Bundle) -> None:
    """See that it is no version before the one at work."""
    if found := why_older(bundle):
        raise NotDone(f"{found}; --older takes it all the same")


def why_older(bundle: Bundle) -> str:
    """How it is one before the one at work; empty where it is not."""
    was = current_slot()
    if was is None or rank(bundle.version) >= rank(was.name):
        return ""
    return f"{was.name} is installed, and {bundle.version} is older"


def rank(version: str) -> list[tuple[int, str]]:
    """What versions are compared by; a part in letters comes before any number."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"[.+-]", version)]


def make_room(wanted: int) -> None:
    """See that so many bytes will fit, once what was left of an interrupted install is gone."""
    SLOTS.mkdir(parents=True, exist_ok=True)
    for part in SLOTS.glob(f"*{_PART}"):
        shutil.rmtree(part)
    free = shutil.disk_usage(SLOTS).free
    if free < wanted:
        raise NotDone(
            f"the disk is full: {free >> 20} MiB are free, {wanted >> 20} MiB are wanted; nothing was changed"
        )


def fill(bundle: Bundle, program: Program, beside: Mapping[str, bytes]) -> Path:
    """The slot of that bundle, with these files beside the program."""
    slot, part = SLOTS / bundle.version, SLOTS / f"{bundle.version}{_PART}"
    mark = slot / _MARK
    if mark.is_file() and mark.read_text() == bundle.digest:
        return slot
    shutil.rmtree(part, ignore_errors=True)
    do(sys.executable, "-m", "venv", "--without-pip", *program.venv, str(part / "venv"))
    (packages,) = (part / "venv/lib").glob("python3*/site-packages")
    for wheel in bundle.wheels():
        _unpack(wheel, part / "wheel.zip", packages)
    script = _SCRIPT.format(python=slot / "venv/bin/python3", room=program.room)
    write(part / "venv/bin" / program.command, script.encode(), 0o755)
    do(sys.executable, "-m", "compileall", "-q", "-j", "0", str(packages))
    for name, content in beside.items():
        put(part / name, content, 0o755 if name == "uninstall" else 0o644)
    write(part / _MARK, bundle.digest.encode(), 0o644)
    os.sync()
    remove(slot)
    part.rename(slot)
    sync(SLOTS)
    return slot


def remove(slot: Path) -> None:
    """Take a slot away, in one step: what is half gone would be taken for whole by its mark."""
    over = slot.with_name(f"{slot.name}.over{_PART}")
    shutil.rmtree(over, ignore_errors=True)
    try:
        slot.rename(over)
    except OSError:  # not there; or the disk takes no name, and what can go must go all the same
        over = slot
    shutil.rmtree(over, ignore_errors=True)


def clear(*kept: Path | None) -> None:
    """Take old slots away."""
    newest_first = sorted(SLOTS.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in newest_first[KEPT:]:
        if old not in kept:
            remove(old)


def _unpack(content: bytes, place: Path, packages: Path) -> None:
    write(place, content, 0o600)
    with zipfile.ZipFile(place) as wheel:
        wheel.extractall(packages)
    place.unlink()
