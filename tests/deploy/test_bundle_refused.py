"""A bundle that will not do: cut, forged, or made to do harm; each is one sentence, and nothing comes of it."""

import gzip
import io
import json
import os
import sys
import tarfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.bundle.contents import sealed
from deploy.bundle.packing import pack
from deploy.installing.bundle import Bundle
from deploy.installing.commands import NotDone

SIGNER = Ed25519PrivateKey.generate()
FILES = {"units/update": b"#!/bin/sh\n" * 400, "deploy/x.py": b"pass\n"}
MOST_MEMORY = 32 << 20


def files(version: str = "1.2.0", what: str = "kiosk", arch: str = "") -> dict[str, bytes]:
    return sealed(what, version, arch, dict(FILES), SIGNER)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "zaigang-kiosk-1.2.0.tar"


def refused(path: Path) -> str:
    with pytest.raises(NotDone) as said:
        Bundle(path, "kiosk")
    assert "\n" not in str(said.value)
    return str(said.value)


def test_a_sound_one_is_taken(place: Path) -> None:
    assert Bundle(pack(place, files()), "kiosk").files["units/update"] == FILES["units/update"]


def test_wherever_it_is_cut_it_is_refused(place: Path) -> None:
    whole = pack(place, files()).read_bytes().rstrip(b"\0")
    for length in range(0, len(whole), 509):
        place.write_bytes(whole[:length])
        assert refused(place)


def with_member(path: Path, change: Callable[[tarfile.TarInfo], None]) -> Path:
    """A sound one, with one more member."""
    pack(path, files())
    with tarfile.open(path, "a") as tar:
        member = tarfile.TarInfo("units/more")
        change(member)
        tar.addfile(member, io.BytesIO(b"\0" * member.size) if member.isfile() and member.size < 1000 else None)
    return path


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "units/../../x", "./../x"])
def test_a_file_outside_of_it_is_refused(place: Path, name: str) -> None:
    def outside(member: tarfile.TarInfo) -> None:
        member.name = name

    assert "names a file outside of itself" in refused(with_member(place, outside))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_devices_and_pipes_in_it_are_nothing(place: Path, kind: bytes) -> None:
    def other(member: tarfile.TarInfo) -> None:
        member.name, member.type, member.linkname = "units/update.link", kind, "/etc/shadow"

    assert Bundle(with_member(place, other), "kiosk").files.keys() == files().keys()


def test_a_link_in_the_place_of_a_file_is_refused(place: Path) -> None:
    content = files()
    del content["units/update"]
    pack(place, content)
    with tarfile.open(place, "a") as tar:
        member = tarfile.TarInfo("units/update")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/shadow"
        tar.addfile(member)

    assert "units/update is not what its manifest says" in refused(place)


def test_a_file_that_nobody_signed_is_refused(place: Path) -> None:
    assert "units/more is not what its manifest says" in refused(with_member(place, lambda member: None))


@pytest.mark.parametrize("how", ["packed", "sparse", "claimed"])
def test_a_file_that_unpacks_to_more_than_a_board_has_is_refused_before_it_is_read(place: Path, how: str) -> None:
    """The install ended in a trace, or took the machine's memory."""
    if how == "packed":
        place.write_bytes(gzip.compress(b"\0" * (300 << 20), 1))
    elif how == "claimed":
        with tarfile.open(place, "w") as tar:
            member = tarfile.TarInfo("manifest.json")
            member.size = 1 << 40
            tar.addfile(member)
    else:
        pack(place, files())
        with tarfile.open(place, "w", format=tarfile.PAX_FORMAT) as tar:
            member = tarfile.TarInfo("manifest.json")
            member.pax_headers = {"GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.map": "0,0",
                                  "GNU.sparse.size": str(1 << 40), "GNU.sparse.name": "manifest.json"}  # fmt: skip
            tar.addfile(member)
    tracemalloc.start()

    said = refused(place)

    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (most < MOST_MEMORY, "copy it again" in said) == (True, True), (most, said)


@pytest.mark.parametrize(
    "manifest",
    [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"version": "1.2.0", "name": "zaigang-kiosk", "files": 7}',
     b'{"version": "../1", "name": "zaigang-kiosk", "files": {}}'],
)  # fmt: skip
def test_a_manifest_that_is_none_is_refused(place: Path, manifest: bytes) -> None:
    said = refused(pack(place, files() | {"manifest.json": manifest}))

    assert "has no sound manifest" in said or "is no kiosk's bundle" in said


def test_a_hubs_bundle_is_refused(place: Path) -> None:
    assert "is no kiosk's bundle" in refused(pack(place, files(what="hub")))


@pytest.mark.parametrize("arch", ["armv5tel", "riscv64"])
def test_one_for_another_processor_is_refused(place: Path, arch: str) -> None:
    said = refused(pack(place, files(arch=arch)))

    assert said.startswith(f"the bundle is for {arch}, this machine is {os.uname().machine}")


def test_one_for_another_python_is_refused(place: Path) -> None:
    content = files()
    manifest = json.loads(content["manifest.json"]) | {"pythons": ["3.99"]}
    content["manifest.json"] = json.dumps(manifest).encode()
    content["manifest.sig"] = SIGNER.sign(content["manifest.json"])

    said = refused(pack(place, content))

    assert said.startswith(
        f"this machine's Python is {sys.version_info.major}.{sys.version_info.minor}; wanted is 3.99"
    )


@pytest.mark.parametrize(
    "signature", [b"", b"x" * 64, Ed25519PrivateKey.generate().sign(b"another")], ids=["none", "noise", "of another"]
)
def test_a_signature_that_is_none_is_refused(place: Path, signature: bytes) -> None:
    assert "is not signed by whom it names" in refused(pack(place, files() | {"manifest.sig": signature}))
