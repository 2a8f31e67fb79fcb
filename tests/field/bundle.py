"""A kiosk's bundle as `make bundle` makes it, of any version, and with files that a test has changed."""

import hashlib
import re
import shutil
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.bundle import wheels
from deploy.bundle.contents import ROOMS, contents, sealed
from deploy.bundle.packing import pack
from tests.field.image import CACHE, alone

TREE = Path(__file__).resolve().parents[2]
KIOSK = TREE / "deploy/kiosk"
SIGNER = Ed25519PrivateKey.generate()


@cache
def own_wheel() -> bytes:
    """This tree's, as it is now: another tree's tests may run beside these."""
    with TemporaryDirectory() as scratch:
        return wheels.own_wheel(TREE, Path(scratch))


def kept_wheels(kind: str, make: Callable[[Path], Iterable[wheels.Wheel]]) -> list[wheels.Wheel]:
    """What is of other people is kept, as long as the lock stands; a download that was cut short is made anew."""
    lock = (TREE / f"locks/{kind}.txt").read_bytes()
    folder = CACHE / f"{kind}-wheels-{hashlib.sha256(lock).hexdigest()[:12]}"
    with alone():
        if not folder.is_dir():
            part = folder.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            for wheel in make(part / "scratch"):
                (part / wheel.name).write_bytes(wheel.content)
            part.rename(folder)
    return [wheels.Wheel(path.name, path.read_bytes()) for path in sorted(folder.glob("*.whl"))]


@cache
def _wheels() -> list[wheels.Wheel]:
    own = wheels.cut(own_wheel(), ROOMS["kiosk"])
    return [*kept_wheels("kiosk", lambda scratch: wheels.of_kiosk(TREE, scratch)), own]


def write_bundle(
    folder: Path, version: str, signer: Ed25519PrivateKey = SIGNER, program: str = "", **changed: bytes
) -> Path:
    """The bundle's file; `changed` takes the place of files of it, `/` as `__`, and `program` that of the agent's main."""
    *others, own = _wheels()
    files = wheels._files(own.content)
    for name in files:
        if name.endswith(".dist-info/METADATA"):  # by which the agent says its version
            files[name] = re.sub(rb"(?m)^Version: .*$", f"Version: {version}".encode(), files[name])
    if program:
        assert "edge/__main__.py" in files
        files["edge/__main__.py"] = program.encode()
    parts = [*others, wheels.Wheel(own.name, wheels._sealed(files))]
    packed, instead = contents(TREE, "kiosk", parts), {name.replace("__", "/"): body for name, body in changed.items()}
    assert instead.keys() <= packed.keys(), f"no files of the bundle: {instead.keys() - packed.keys()}"
    return pack(folder / f"zaigang-kiosk-{version}.tar", sealed("kiosk", version, "", packed | instead, signer))
