"""`make bundle`: the two files that are carried to a hub and to kiosks, each with all that it needs, signed.

Everything in them comes from the locks, by hash, and from this tree; the same tree makes the same bytes. An index of
packages is asked here and nowhere else: where they are installed there is none.
"""

import argparse
import hashlib
import json
import platform
import sys
import tempfile
import tomllib
from pathlib import Path

from deploy.bundle import signing, wheels
from deploy.bundle.packing import pack

ROOT = Path(__file__).parents[2]
OF_KIOSK = ("station", "devices", "edge")
OF_HUB = ("station", "hub")


def main() -> int:
    """Make what is asked for, and say where it lies."""
    parser = argparse.ArgumentParser(prog="make bundle", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR")
    parser.add_argument("--key", type=Path, default=signing.default_key(), metavar="FILE", help="made at the first use")
    parser.add_argument("--arch", default=platform.machine(), help="of the hub; default this machine's")
    parser.add_argument("what", nargs="*", choices=[[], "kiosk", "hub"], help="default both")
    args = parser.parse_args()
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    args.out.mkdir(parents=True, exist_ok=True)
    key = signing.key_at(args.key)
    made = []
    with tempfile.TemporaryDirectory() as scratch:
        whole = wheels.own_wheel(ROOT, Path(scratch))
        for what in args.what or ("kiosk", "hub"):
            name = f"zaigang-{what}-{version}" + (f"-{args.arch}" if what == "hub" else "")
            parts = (
                wheels.of_kiosk(ROOT, Path(scratch))
                if what == "kiosk"
                else wheels.of_hub(ROOT, Path(scratch), args.arch)
            )
            own = wheels.cut(whole, OF_KIOSK if what == "kiosk" else OF_HUB)
            files = {f"wheels/{wheel.name}": wheel.content for wheel in [*parts, own]}
            files |= _tree(ROOT / "deploy" / what) | {"signer.pub": signing.public(key)}
            if what == "hub":
                files["README.md"] = (ROOT / "docs" / "install-hub.md").read_bytes()
                files["installer/files.py"] = (ROOT / "deploy" / "kiosk" / "installer" / "files.py").read_bytes()
            manifest = _manifest(what, version, files, "" if what == "kiosk" else args.arch)
            files |= {"manifest.json": manifest, "manifest.sig": key.sign(manifest)}
            made.append(pack(args.out / f"{name}.tar", files))
    for path in made:
        print(f"{path}  {path.stat().st_size / 1e6:.1f} MB  sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}")
    print(f"signed by {args.key}: {signing.fingerprint(key)}")
    return 0


def _tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def _manifest(what: str, version: str, files: dict[str, bytes], arch: str) -> bytes:
    body = {
        "name": f"zaigang-{what}",
        "version": version,
        "arch": arch,
        "pythons": wheels.PYTHONS if what == "hub" else [],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    return json.dumps(body, indent=1, sort_keys=True).encode() + b"\n"


if __name__ == "__main__":
    sys.exit(main())
