"""A prepared folder and the bundle in it, looked through before anything of them is used."""

import hashlib
import json
import os
import re
import shutil
import sys
import tarfile
import tempfile
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from commands import Refusal, attempt
from files import sync, write

IDENTITY: Final = ("ca.crt", "kiosk.crt", "kiosk.key", "site.key")
SECRETS: Final = ("kiosk.key", "site.key")
SIGNER: Final = "signer.pub"
_SEAL: Final = frozenset({"manifest.json", "manifest.sig", SIGNER})
_VERSION: Final = re.compile(r"[0-9][0-9A-Za-z.+-]{0,40}")


class Folder:
    """What the hub prepared for one kiosk.

    Attributes:
        kiosk: whom it is for.
        settings: the agent's.
        bundle: the program.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        for name in ("install", "kiosk.toml", *(f"identity/{name}" for name in IDENTITY)):
            if not (path / name).is_file():
                raise Refusal(f"{path} has no {name}; copy the whole folder anew: zaigang-hub kiosk prepare")
        self.settings = read_settings(path / "kiosk.toml")
        self.kiosk = str(self.settings.get("kiosk", ""))
        self.bundle = Bundle(next(path.glob("zaigang-kiosk-*.tar")))

    def copy_to(self, path: Path) -> None:
        """Copy it, whole or not at all."""
        part = path.with_name(f"{path.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        (part / "identity").mkdir(parents=True)
        part.chmod(0o700)
        for name in ("install", "kiosk.toml", self.bundle.path.name, *(f"identity/{name}" for name in IDENTITY)):
            write(part / name, (self.path / name).read_bytes(), 0o600)
        sync(part / "identity")
        sync(part)
        shutil.rmtree(path, ignore_errors=True)
        part.rename(path)
        sync(path.parent)

    def erase_identity(self) -> None:
        """Overwrite the secrets before they go: on a memory card it is the best that can be done."""
        for name in SECRETS:
            path = self.path / "identity" / name
            with suppress(OSError):  # a stick that cannot be written
                size = path.stat().st_size
                with path.open("r+b") as file:
                    file.write(os.urandom(size))
                    os.fsync(file.fileno())
                path.unlink()


class Bundle:
    """The program, each file of which is what its manifest says.

    Attributes:
        version: of the program.
        digest: of its manifest, and so of all of it.
        files: by their names.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with tarfile.open(path) as tar:
                self.files = {_name(member): _content(tar, member) for member in tar if member.isfile()}
        except (tarfile.TarError, OSError, EOFError) as exc:
            raise Refusal(f"{path.name} cannot be read ({exc}); copy it again") from exc
        try:
            manifest = json.loads(self.files["manifest.json"])
            self.version, listed = str(manifest["version"]), dict(manifest["files"])
        except (KeyError, ValueError, TypeError) as exc:
            raise Refusal(f"{path.name} has no sound manifest; copy it again") from exc
        if _VERSION.fullmatch(self.version) is None:
            raise Refusal(f"{path.name} names no version: {self.version!r}")
        for name in sorted(listed.keys() | (self.files.keys() - _SEAL)):
            found = hashlib.sha256(self.files.get(name, b"")).hexdigest()
            if name not in self.files or found != listed.get(name):
                raise Refusal(f"{path.name}: {name} is not what its manifest says; copy it again")
        if not self._is_signed():
            raise Refusal(f"{path.name} is not signed by whom it names; copy it again")
        self.digest = hashlib.sha256(self.files["manifest.json"]).hexdigest()

    def _is_signed(self) -> bool:
        """Whether the signature is of the key that lies in the bundle; whose key that is, an install compares."""
        with tempfile.TemporaryDirectory() as scratch:
            paths = {name: Path(scratch, name) for name in _SEAL}
            for name, path in paths.items():
                path.write_bytes(self.files.get(name, b""))
            names = ("-inkey", paths[SIGNER], "-in", paths["manifest.json"], "-sigfile", paths["manifest.sig"])
            return attempt("openssl", "pkeyutl", "-verify", "-pubin", "-rawin", *map(str, names))

    def wheels(self) -> list[str]:
        """Those that this machine can use: pure ones, and those of its Python and processor."""
        python, machine = f"-cp{sys.version_info.major}{sys.version_info.minor}-", f"_{os.uname().machine}.whl"
        names = [name for name in self.files if name.startswith("wheels/") and name.endswith(".whl")]
        return [n for n in names if n.endswith("-none-any.whl") or (python in n and n.endswith(machine))]


def read_settings(path: Path) -> dict[str, Any]:
    """The agent's settings, as far as an install goes by them."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as exc:
        raise Refusal(f"{path} cannot be read ({exc}); copy the folder again") from exc


def _name(member: tarfile.TarInfo) -> str:
    name = member.name.removeprefix("./")
    if name.startswith("/") or ".." in Path(name).parts:
        raise Refusal(f"the bundle names a file outside of itself: {name}")
    return name


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = tar.extractfile(member)
    assert stream is not None
    return stream.read()
