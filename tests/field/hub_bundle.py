"""A hub's bundle as `make bundle` makes it, of any version, and with a program that a test has changed."""

import os
from functools import cache
from pathlib import Path

from deploy.bundle import wheels
from deploy.bundle.contents import ROOMS, contents, sealed
from deploy.bundle.packing import pack
from tests.field.bundle import SIGNER, TREE, kept_wheels, own_wheel

ARCH = os.uname().machine


@cache
def _wheels() -> list[wheels.Wheel]:
    return kept_wheels("hub", lambda scratch: wheels.of_hub(TREE, scratch, ARCH))


@cache
def _own() -> wheels.Wheel:
    return wheels.cut(own_wheel(), ROOMS["hub"])


def write_hub_bundle(folder: Path, version: str, signer=SIGNER, **program: bytes) -> Path:
    """The bundle's file; `program` takes the place of files of the program, `/` as `__`."""
    own = _own()
    if program:
        changed = {f"{name.replace('__', '/')}.py": content for name, content in program.items()}
        files = wheels._files(own.content)
        assert changed.keys() <= files.keys(), f"no files of the program: {changed.keys() - files.keys()}"
        own = wheels.Wheel(own.name, wheels._sealed({**files, **changed}))
    parts = contents(TREE, "hub", [*_wheels(), own])
    return pack(folder / f"zaigang-hub-{version}-{ARCH}.tar", sealed("hub", version, ARCH, parts, signer))
