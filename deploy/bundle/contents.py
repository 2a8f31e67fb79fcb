"""What is in a bundle beside the wheels of others: this tree, cut to its room, and the manifest with its signature."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.bundle import signing
from deploy.bundle.wheels import PYTHONS, Wheel

ROOMS = {"kiosk": ("station", "devices", "edge"), "hub": ("station", "hub")}


def contents(root: Path, what: str, wheels: Iterable[Wheel]) -> dict[str, bytes]:
    """Every file of a bundle but those that seal it."""
    files = {f"wheels/{wheel.name}": wheel.content for wheel in wheels}
    files |= {name: content for name, content in _tree(root / "deploy" / what).items() if not name.endswith(".py")}
    for folder in ("deploy/installing", f"deploy/{what}"):  # the installer, a program by its names in the tree
        tree = _tree(root / folder)
        files |= {f"{folder}/{name}": content for name, content in tree.items() if name.endswith(".py")}
    if what == "hub":
        files["README.md"] = (root / "docs" / "install-hub.md").read_bytes()
    return files


def sealed(what: str, version: str, arch: str, files: dict[str, bytes], key: Ed25519PrivateKey) -> dict[str, bytes]:
    """The same with a manifest of all of them, signed; without an arch it is for any."""
    files = {**files, "signer.pub": signing.public(key)}
    body = {
        "name": f"zaigang-{what}",
        "version": version,
        "arch": arch,
        "pythons": PYTHONS if arch else [],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    manifest = json.dumps(body, indent=1, sort_keys=True).encode() + b"\n"
    return {**files, "manifest.json": manifest, "manifest.sig": key.sign(manifest)}


def _tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
