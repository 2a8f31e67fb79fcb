"""`make bundle`: the two files that are carried to a hub and to kiosks, each with all that it needs, signed.

Everything in them comes from the locks, by hash, and from this tree; the same tree makes the same bytes. An index of
packages is asked here and nowhere else: where they are installed there is none.
"""

import argparse
import hashlib
import platform
import sys
import tempfile
import tomllib
from pathlib import Path

from deploy.bundle import signing, wheels
from deploy.bundle.contents import ROOMS, contents, sealed
from deploy.bundle.packing import pack

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Make what is asked for, and say where it lies."""
    parser = argparse.ArgumentParser(prog="make bundle", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR", help="where they go; default dist/")
    parser.add_argument("--key", type=Path, default=signing.default_key(), metavar="FILE", help="made at the first use")
    parser.add_argument("--arch", default=platform.machine(), help="of the hub; default this machine's")
    parser.add_argument(
        "what", nargs="*", choices=[[], "kiosk", "hub"], metavar="WHAT", help="kiosk or hub; default both"
    )
    args = parser.parse_args()
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    args.out.mkdir(parents=True, exist_ok=True)
    key = signing.key_at(args.key)
    made = []
    with tempfile.TemporaryDirectory() as scratch:
        whole = wheels.own_wheel(ROOT, Path(scratch))
        for what in args.what or ("kiosk", "hub"):
            arch = args.arch if what == "hub" else ""
            parts = wheels.of_hub(ROOT, Path(scratch), arch) if arch else wheels.of_kiosk(ROOT, Path(scratch))
            files = contents(ROOT, what, [*parts, wheels.cut(whole, ROOMS[what])])
            name = "-".join(part for part in ("zaigang", what, version, arch) if part)
            made.append(pack(args.out / f"{name}.tar", sealed(what, version, arch, files, key)))
    for path in made:
        print(f"{path}  {path.stat().st_size / 1e6:.1f} MB  sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}")
    print(f"signed by {args.key}: {signing.fingerprint(key)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
