"""A bundle, looked through before anything of it is used: whole, for this machine, signed by whom it names.

Whether that signer is the one that is known here is `by_known_signer`'s matter: the first that is installed is taken as
it is, and no other after it.
"""

import hashlib
import json
import os
import re
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

from deploy.installing.commands import NotDone, works

SIGNER: Final = "signer.pub"
KNOWN_SIGNER: Final = Path("/etc/zaigang") / SIGNER
MOST_BYTES: Final = 256 << 20  # of all of it: it is held in memory, on a small board too
_SEAL: Final = frozenset({"manifest.json", "manifest.sig", SIGNER})
_VERSION: Final = re.compile(r"[0-9][0-9A-Za-z.+-]{0,40}")


class Bundle:
    """A program, each file of which is what its manifest says.

    Attributes:
        version: of the program.
        digest: of its manifest, and so of all of it.
        files: by their names.
    """

    def __init__(self, path: Path, what: str) -> None:
        """Read a bundle, packed or unpacked; `what` it must be is `kiosk` or `hub`.

        Raises:
            NotDone: it will not do.
        """
        self.path = path
        self.files = _unpacked(path) if path.is_dir() else _packed(path)
        try:
            manifest = json.loads(self.files["manifest.json"])
            self.version, listed = str(manifest["version"]), dict(manifest["files"])
            name, arch, pythons = manifest["name"], manifest.get("arch", ""), manifest.get("pythons", [])
        except (KeyError, ValueError, TypeError, RecursionError) as exc:
            raise NotDone(f"{path.name} has no sound manifest; copy it again") from exc
        if _VERSION.fullmatch(self.version) is None or name != f"zaigang-{what}":
            raise NotDone(f"{path.name} is no {what}'s bundle; wanted is zaigang-{what}-VERSION.tar")
        self.digest = hashlib.sha256(self.files["manifest.json"]).hexdigest()
        self._check(listed)
        _check_machine(arch, pythons)

    def _check(self, listed: dict[str, str]) -> None:
        for name in sorted(listed.keys() | (self.files.keys() - _SEAL)):
            found = hashlib.sha256(self.files.get(name, b"")).hexdigest()
            if name not in self.files or found != listed.get(name):
                raise NotDone(f"{self.path.name}: {name} is not what its manifest says; copy it again")
        if shutil.which("openssl") is None:
            raise NotDone("openssl is missing; first: apt-get install openssl")
        with tempfile.TemporaryDirectory() as scratch:
            paths = {name: Path(scratch, name) for name in _SEAL}
            for name, path in paths.items():
                path.write_bytes(self.files.get(name, b""))
            names = ("-inkey", paths[SIGNER], "-in", paths["manifest.json"], "-sigfile", paths["manifest.sig"])
            if not works("openssl", "pkeyutl", "-verify", "-pubin", "-rawin", *map(str, names)):
                raise NotDone(f"{self.path.name} is not signed by whom it names; copy it again")

    def by_known_signer(self) -> bool:
        """Whether it comes from where the installed one came from."""
        known = KNOWN_SIGNER.read_bytes() if KNOWN_SIGNER.is_file() else b""
        return known in (b"", self.files[SIGNER])

    def wheels(self) -> list[bytes]:
        """Those that this machine can use: pure ones, and those of its Python and processor."""
        python, machine = f"-cp{sys.version_info.major}{sys.version_info.minor}-", f"_{os.uname().machine}.whl"
        names = [name for name in sorted(self.files) if name.startswith("wheels/") and name.endswith(".whl")]
        return [
            self.files[name]
            for name in names
            if name.endswith("-none-any.whl") or ((python in name or "-abi3-" in name) and name.endswith(machine))
        ]


def _check_machine(arch: str, pythons: list[str]) -> None:
    """Where a bundle names neither it is for any."""
    if arch and arch != os.uname().machine:
        found = f"the bundle is for {arch}, this machine is {os.uname().machine}"
        raise NotDone(f"{found}; make another: make bundle ARCH={os.uname().machine}")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    if pythons and python not in pythons:
        raise NotDone(f"this machine's Python is {python}; wanted is {' or '.join(pythons)}: Debian 12 or 13")


def _packed(path: Path) -> dict[str, bytes]:
    """Its files; links and devices are none. It is not packed more tightly, so no file in it is larger than itself."""
    try:
        most = min(path.stat().st_size, MOST_BYTES)
        with tarfile.open(path, "r:") as tar:
            members = [member for member in tar if member.isfile()]
            if sum(member.size for member in members) > most:
                raise NotDone(f"{path.name} says that it is larger than it is; copy it again")
            return {_name(member.name): _content(tar, member) for member in members}
    except (tarfile.TarError, OSError, EOFError, ValueError) as exc:
        raise NotDone(f"{path.name} cannot be read ({exc}); copy it again") from exc


def _unpacked(path: Path) -> dict[str, bytes]:
    """What its manifest lists, as far as it is there."""
    try:
        listed = [_name(name) for name in json.loads((path / "manifest.json").read_bytes())["files"]]
    except (OSError, KeyError, ValueError, TypeError, AttributeError, RecursionError) as exc:
        raise NotDone(f"{path} has no sound manifest; unpack the bundle again") from exc
    return {name: (path / name).read_bytes() for name in (*_SEAL, *listed) if (path / name).is_file()}


def _name(name: str) -> str:
    name = name.removeprefix("./")
    if name.startswith("/") or ".." in Path(name).parts:
        raise NotDone(f"the bundle names a file outside of itself: {name}")
    return name


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = tar.extractfile(member)
    assert stream is not None
    return stream.read()
