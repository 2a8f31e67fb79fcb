"""`make bundle`: what is in the two files, that they are signed, and that the same tree makes the same bytes.

The packages come from the index, as for `make setup`.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

ROOT = Path(__file__).parents[2]
MOST_KIOSK = 8_000_000  # bytes: it goes over a slow line and onto a memory card


def make(folder: Path, what: str) -> Path:
    command = [sys.executable, "-m", "deploy.bundle", what, "--out", str(folder), "--key", str(folder / "key")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob(f"zaigang-{what}-*.tar")
    return path


def content(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("kiosk"), "kiosk")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("hub"), "hub")


@pytest.mark.parametrize("what", ["kiosk", "hub"])
def test_the_same_tree_makes_the_same_bytes(what: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    first = request.getfixturevalue(what)
    (tmp_path / "key").write_bytes((first.parent / "key").read_bytes())
    (tmp_path / "key").chmod(0o600)

    second = make(tmp_path, what)

    ours, theirs = content(first), content(second)
    assert [name for name in ours if ours[name] != theirs.get(name)] == []
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("what", ["kiosk", "hub"])
def test_every_file_is_in_the_manifest_and_the_manifest_is_signed(what: str, request: pytest.FixtureRequest) -> None:
    files = content(request.getfixturevalue(what))
    manifest = json.loads(files["manifest.json"])
    key = load_pem_public_key(files["signer.pub"])

    apart = {"manifest.json", "manifest.sig"}
    assert manifest["files"] == {n: hashlib.sha256(c).hexdigest() for n, c in files.items() if n not in apart}
    assert isinstance(key, Ed25519PublicKey)
    key.verify(files["manifest.sig"], files["manifest.json"])
    with pytest.raises(InvalidSignature):
        key.verify(files["manifest.sig"], files["manifest.json"].replace(b"a", b"b", 1))


def test_a_kiosks_bundle_is_small_and_fits_every_board(kiosk: Path) -> None:
    wheels = [name for name in content(kiosk) if name.endswith(".whl")]

    assert kiosk.stat().st_size < MOST_KIOSK
    assert sorted(name for name in wheels if not name.endswith("-none-any.whl")) == [
        "wheels/lgpio-0.2.2.0-cp311-cp311-linux_armv7l.whl",
        "wheels/lgpio-0.2.2.0-cp311-cp311-manylinux_2_34_aarch64.whl",
    ]
    assert [name for name in wheels if "pydes" in name.lower()]


def test_a_kiosk_gets_nothing_of_the_hub_and_a_hub_nothing_of_a_reader(kiosk: Path, hub: Path) -> None:
    def rooms(bundle: Path) -> set[str]:
        (own,) = (content(bundle)[name] for name in content(bundle) if name.startswith("wheels/zaigang-"))
        with zipfile.ZipFile(BytesIO(own)) as wheel:
            return {name.split("/")[0] for name in wheel.namelist() if ".dist-info/" not in name}

    assert rooms(kiosk) == {"station", "devices", "edge"}
    assert rooms(hub) == {"station", "hub"}


def test_what_others_wrote_comes_with_its_licence(hub: Path) -> None:
    (own,) = (content(hub)[name] for name in content(hub) if name.startswith("wheels/zaigang-"))
    with zipfile.ZipFile(BytesIO(own)) as wheel:
        names = wheel.namelist()
        packed = {name for name in names if "/vendor/" in name or "/swagger/" in name}
        notice = wheel.read("hub/web/swagger/swagger-ui.NOTICE.txt")

    assert {name.rpartition("/")[2] for name in packed} == {
        "fetched.json", "htmx.min.js", "htmx.LICENSE.txt", "sse.min.js", "sse.LICENSE.txt", "swagger-ui-bundle.js",
        "swagger-ui.css", "swagger-ui.LICENSE.txt", "swagger-ui.NOTICE.txt", "swagger-ui-bundle.js.LICENSE.txt",
    }  # fmt: skip
    assert b"SmartBear" in notice
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_what_is_in_a_kiosks_bundle_runs_the_agent_without_an_index(kiosk: Path, tmp_path: Path) -> None:
    for name, wheel in content(kiosk).items():
        if name.endswith("-none-any.whl"):
            zipfile.ZipFile(BytesIO(wheel)).extractall(tmp_path)

    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import edge.__main__ as agent; "
    program += "import nfc.clf, serial, pyDes, paho.mqtt.client, gpiozero; sys.exit(agent.main(['check', '--help']))"
    alone = [sys.executable, "-I", "-S", "-c", program]  # without this environment's packages
    done = subprocess.run(alone, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_a_key_that_others_can_read_signs_nothing(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("x")
    (tmp_path / "key").chmod(0o644)
    command = [sys.executable, "-m", "deploy.bundle", "kiosk", "--out", str(tmp_path), "--key", str(tmp_path / "key")]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode != 0
    assert "chmod 600" in done.stderr
