"""A kiosk's bundle with all wheels, made from the locks and this tree; kept, as far as it is of other people."""

import hashlib
import io
import json
import subprocess
import sys
import tarfile
from functools import cache
from pathlib import Path

from tests.field.image import CACHE

TREE = Path(__file__).resolve().parents[2]
KIOSK = TREE / "deploy/kiosk"


@cache
def wheels() -> dict[str, bytes]:
    """Every wheel that a kiosk needs, by its name in the bundle."""
    lock = TREE / "locks/kiosk.txt"
    folder = CACHE / f"wheels-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    if not folder.is_dir():
        part = folder.with_suffix(".part")
        command = [*pip, "--require-hashes", "--requirement", str(lock), "--wheel-dir", str(part)]
        subprocess.run(command, check=True, timeout=300)
        part.rename(folder)
    own = CACHE / "own"
    for old in own.glob("*.whl"):
        old.unlink()
    command = [*pip, "--no-build-isolation", "--wheel-dir", str(own), str(TREE)]
    subprocess.run(command, check=True, timeout=300)
    return {f"wheels/{path.name}": path.read_bytes() for path in [*folder.glob("*.whl"), *own.glob("*.whl")]}


def write_bundle(folder: Path, version: str = "0.1.0", **changed: bytes) -> Path:
    """The bundle's file; `changed` takes the place of files under deploy/kiosk, `/` as `__`."""
    files = dict(wheels())
    for path in sorted(KIOSK.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            files[str(path.relative_to(KIOSK))] = path.read_bytes()
    files |= {name.replace("__", "/"): content for name, content in changed.items()}
    listed = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files["manifest.json"] = json.dumps({"version": version, "files": listed}).encode()
    path = folder / f"zaigang-kiosk-{version}.tar"
    with tarfile.open(path, "w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path
