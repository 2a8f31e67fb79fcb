"""The unpacked bundle, looked through before anything of it is used: whole, for this machine, by the known signer."""

import hashlib
import json
import os
import re
import sys
from pathlib import Path

from commands import Refusal, works

SIGNER = Path("/etc/zaigang/signer.pub")
APART = ("manifest.json", "manifest.sig")


class Bundle:
    """A folder whose every file is what its manifest says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        content = (folder / "manifest.json").read_bytes()
        try:
            manifest = json.loads(content)
            self.version, arch, files = str(manifest["version"]), str(manifest["arch"]), dict(manifest["files"])
        except (ValueError, KeyError, TypeError) as exc:
            raise Refusal(f"{folder} has no sound manifest; unpack the bundle again") from exc
        self.digest = hashlib.sha256(content).hexdigest()
        if re.fullmatch(r"[0-9][0-9A-Za-z.+-]{0,40}", self.version) is None or manifest["name"] != "zaigang-hub":
            raise Refusal(f"{folder} is no hub's bundle; wanted is zaigang-hub-VERSION-ARCH.tar")
        if arch != os.uname().machine:
            raise Refusal(
                f"the bundle is for {arch}, this machine is {os.uname().machine}; make another: make bundle ARCH="
            )
        python = f"{sys.version_info.major}.{sys.version_info.minor}"
        if python not in manifest["pythons"]:
            wanted = " or ".join(manifest["pythons"])
            raise Refusal(f"this machine's Python is {python}; wanted is {wanted}: Debian 12 or 13")
        self._check(files)

    def _check(self, files: dict[str, str]) -> None:
        for name, digest in files.items():
            path = self.folder / name
            if (
                ".." in Path(name).parts
                or not path.is_file()
                or hashlib.sha256(path.read_bytes()).hexdigest() != digest
            ):
                raise Refusal(f"{name} is not what the manifest says; copy and unpack the bundle again")

    def check_signature(self) -> None:
        """By the signer of the first bundle that was installed here; the first is taken as it is."""
        signer = SIGNER if SIGNER.exists() else self.folder / "signer.pub"
        verify = ("openssl", "pkeyutl", "-verify", "-pubin", "-rawin", "-inkey", str(signer))
        signed = ("-sigfile", str(self.folder / "manifest.sig"), "-in", str(self.folder / "manifest.json"))
        if not works(*verify, *signed):
            raise Refusal(f"the bundle is not signed by {signer}; take it from where the installed one came from")

    def read(self, name: str) -> bytes:
        """One of its files."""
        return (self.folder / name).read_bytes()

    def wheels(self) -> list[Path]:
        """Those for this machine's Python, and those for any."""
        python = f"-cp{sys.version_info.major}{sys.version_info.minor}-"
        return [
            path
            for path in sorted((self.folder / "wheels").glob("*.whl"))
            if path.name.endswith("-none-any.whl") or python in path.name or "-abi3-" in path.name
        ]
