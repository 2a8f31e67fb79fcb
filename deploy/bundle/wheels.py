"""The wheels of a bundle: the locked ones by hash, those without a wheel built, and this tree's own, cut to its room.

A kiosk gets pure Python, so that one bundle fits every board, and lgpio for those whose Python has it in no package.
A hub gets compiled ones for the Pythons of Debian 12 and 13.
"""

import base64
import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement

from deploy.bundle.packing import zipped

PYTHONS = ["3.11", "3.13"]
GLIBC = 36  # 2.36 is Debian 12's
BUILT = ("pydes",)  # has no wheel
OF_BOARDS = {"lgpio": ("manylinux_2_34_aarch64", "linux_armv7l")}  # Python 3.11; from 3.13 on it is Debian's


class Wheel(NamedTuple):
    """A wheel as it is put into a bundle."""

    name: str
    content: bytes


def own_wheel(root: Path, scratch: Path) -> bytes:
    """This tree's whole wheel."""
    _pip("wheel", "--no-deps", "--no-build-isolation", "-w", str(scratch / "own"), str(root))
    (path,) = (scratch / "own").glob("zaigang-*.whl")
    return path.read_bytes()


def cut(whole: bytes, rooms: Sequence[str]) -> Wheel:
    """The wheel with these rooms alone: a kiosk does not need the hub."""
    files = _files(whole)
    kept = {name: content for name, content in files.items() if ".dist-info/" in name or name.split("/")[0] in rooms}
    (version,) = {re.match(r"zaigang-(.+)\.dist-info/", name)[1] for name in kept if ".dist-info/" in name}  # type: ignore[index]
    points = f"zaigang-{version}.dist-info/entry_points.txt"
    lines = [line for line in kept[points].decode().splitlines() if "=" not in line or f"= {rooms[-1]}." in line]
    return Wheel(f"zaigang-{version}-py3-none-any.whl", _sealed({**kept, points: "\n".join([*lines, ""]).encode()}))


def of_kiosk(root: Path, scratch: Path) -> list[Wheel]:
    """What a kiosk needs beside the tree."""
    locked = _locked(root / "locks" / "kiosk.txt")
    pure = {name: lock for name, lock in locked.items() if name not in (*BUILT, *OF_BOARDS)}
    found = _fetch(pure.values(), scratch / "kiosk", "--platform", "any", "--implementation", "py", "--abi", "none")
    for name, platforms in OF_BOARDS.items():
        for machine in platforms:
            of_machine = _platforms(machine)
            found += _fetch([locked[name]], scratch / machine, *of_machine, *_of_python(PYTHONS[0]))
    return [*found, *(_build(locked[name], scratch / name) for name in BUILT)]


def of_hub(root: Path, scratch: Path, arch: str) -> list[Wheel]:
    """What a hub needs beside the tree, for each Python once."""
    locked = _locked(root / "locks" / "hub.txt")
    found: dict[str, Wheel] = {}
    for python in PYTHONS:
        machine = f"manylinux_2_{GLIBC}_{arch}"
        for wheel in _fetch(locked.values(), scratch / f"hub-{python}", *_platforms(machine), *_of_python(python)):
            found[wheel.name] = wheel
    return list(found.values())


class _Lock(NamedTuple):
    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def line(self) -> str:
        """Without its marker: what a bundle needs, the bundle says."""
        hashes = " ".join(f"--hash={each}" for each in self.hashes)
        return f"{self.requirement.name}{self.requirement.specifier} {hashes}\n"


def _locked(file: Path) -> dict[str, _Lock]:
    text = file.read_text().replace("\\\n", " ")
    locks = [line.split(" --hash=") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found = [_Lock(Requirement(head.strip()), tuple(each.strip() for each in hashes)) for head, *hashes in locks]
    return {lock.requirement.name: lock for lock in found}


def _fetch(locks: Iterable[_Lock], folder: Path, *how: str) -> list[Wheel]:
    folder.mkdir(parents=True, exist_ok=True)
    asked = folder / "requirements.txt"
    asked.write_text("".join(lock.line for lock in locks))
    _pip("download", "--no-deps", "--require-hashes", "--only-binary=:all:", *how, "-d", str(folder), "-r", str(asked))
    return [Wheel(path.name, path.read_bytes()) for path in sorted(folder.glob("*.whl"))]


def _build(lock: _Lock, folder: Path) -> Wheel:
    """From its source, which is what the lock has the hash of."""
    folder.mkdir(parents=True)
    asked = folder / "requirements.txt"
    asked.write_text(lock.line)
    _pip("wheel", "--no-deps", "--require-hashes", "--no-build-isolation", "-w", str(folder), "-r", str(asked))
    (path,) = folder.glob("*.whl")
    return Wheel(path.name, _sealed(_files(path.read_bytes())))


def _platforms(newest: str) -> list[str]:
    """That C library and all before it; where none is named, that alone."""
    if not newest.startswith("manylinux"):
        return ["--platform", newest]
    _, major, minor, arch = newest.split("_", 3)
    tags = [f"manylinux_{major}_{number}_{arch}" for number in range(int(minor), 4, -1)]
    return [word for tag in [*tags, f"manylinux2014_{arch}"] for word in ("--platform", tag)]


def _of_python(version: str) -> list[str]:
    abis = (f"cp{version.replace('.', '')}", "abi3", "none")
    return ["--python-version", version, "--implementation", "cp", *(word for abi in abis for word in ("--abi", abi))]


def _pip(command: str, *words: str) -> None:
    epoch = {"SOURCE_DATE_EPOCH": "315532800"}  # 1980, as the archives
    done = subprocess.run(
        [sys.executable, "-m", "pip", command, "--quiet", "--disable-pip-version-check", *words],
        env={**os.environ, **epoch}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"pip {command} failed:\n{done.stderr}")


def _files(wheel: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def _sealed(files: dict[str, bytes]) -> bytes:
    """A wheel of these files: its record anew, and nothing in it of who built it."""
    (record,) = (name for name in files if name.endswith(".dist-info/RECORD"))
    whl = record.replace("RECORD", "WHEEL")
    content = re.sub(rb"(?m)^Generator:.*$", b"Generator: zaigang", files[whl])
    files = {**{name: files[name] for name in files if name != record}, whl: content}
    lines = [f"{name},sha256={_digest(body)},{len(body)}\n" for name, body in sorted(files.items())]
    return zipped({**files, record: "".join([*lines, f"{record},,\n"]).encode()})


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
