"""A kiosk's bundle as `make bundle` makes it, of any version, and with files that a test has changed."""

import hashlib
import json
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.bundle import signing, wheels
from deploy.bundle.packing import pack
from tests.field.image import CACHE

TREE = Path(__file__).resolve().parents[2]
KIOSK = TREE / "deploy/kiosk"
SIGNER = Ed25519PrivateKey.generate()


@cache
def _wheels() -> dict[str, bytes]:
    """What is of other people is kept, as long as the lock stands."""
    folder = CACHE / f"wheels-{hashlib.sha256((TREE / 'locks/kiosk.txt').read_bytes()).hexdigest()[:12]}"
    if not folder.is_dir():
        part = folder.with_suffix(".part")
        part.mkdir(parents=True)
        for wheel in wheels.of_kiosk(TREE, part / "scratch"):
            (part / wheel.name).write_bytes(wheel.content)
        part.rename(folder)
    own = wheels.cut(wheels.own_wheel(TREE, CACHE / "own"), ("station", "devices", "edge"))
    return {
        **{f"wheels/{path.name}": path.read_bytes() for path in folder.glob("*.whl")},
        f"wheels/{own.name}": own.content,
    }


def write_bundle(folder: Path, version: str, signer: Ed25519PrivateKey = SIGNER, **changed: bytes) -> Path:
    """The bundle's file; `changed` takes the place of files under deploy/kiosk, `/` as `__`."""
    tree = [path for path in KIOSK.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    files = {**_wheels(), **{str(path.relative_to(KIOSK)): path.read_bytes() for path in tree}}
    files |= {name.replace("__", "/"): content for name, content in changed.items()}
    listed = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    manifest = json.dumps({"name": "zaigang-kiosk", "version": version, "files": listed}).encode()
    signed = {"manifest.json": manifest, "manifest.sig": signer.sign(manifest), "signer.pub": signing.public(signer)}
    return pack(folder / f"zaigang-kiosk-{version}.tar", {**files, **signed})
