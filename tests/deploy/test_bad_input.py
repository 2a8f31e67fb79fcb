"""What may go wrong before a machine is a kiosk: each is one sentence and one lamp, and nothing is changed.

Real folders, bundles, certificates and a hub over TLS; only the places on the disk are a test's own. The same against
booted machines: `tests/field`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.bundle.contents import sealed
from deploy.bundle.packing import pack
from deploy.installing import bundle, commands, slots
from deploy.kiosk.installer import __main__ as installer
from deploy.kiosk.installer import folder, machine, own_lamp
from hub.certificates.cabinet import Cabinet
from hub.database.engine import open_engine
from tests.databases import file_url, make_tables
from tests.deploy.test_sound_folder import fill
from tests.edge.site_ca import SiteCa
from tests.hub.fleet.claim_desk import KIOSK, a_request, not_the
from tests.hub.fleet.test_claim_line import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIGNER, STRANGER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
FILES = {"units/update": b"#!/bin/sh\n" * 400, "deploy/x.py": b"pass\n"}
TO_BLINK = {"trigger": "timer", "delay_on": "100", "delay_off": "100"}


class BoxedKiosk:
    """A machine that is a kiosk, or is to be one, and what somebody who stands before it sees."""

    def __init__(self, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.place, self._monkeypatch, self._capsys = place, monkeypatch, capsys
        self.root, self.lamp = place / "machine", place / "leds/ACT"
        self.lamp.mkdir(parents=True)
        for name in ("etc/identity", "slots/1.0.0", "setup", "var"):
            (self.root / name).mkdir(parents=True)
        blink, put = own_lamp.blink, monkeypatch.setattr
        put(own_lamp, "blink", lambda: blink(place / "leds"))
        put(commands, "LOCK", place / "lock")
        put(slots, "SLOTS", self.root / "slots")
        put(slots, "CURRENT", self.root / "current")
        put(bundle, "KNOWN_SIGNER", self.root / "etc/signer.pub")
        put(machine, "SETTINGS", self.root / "etc/edge.toml")
        put(folder, "HELD", self.root / "etc/identity")
        for name in ("SETUP", "INTENT", "CLAIMED"):
            put(installer, name, self.root / "setup" / ("" if name == "SETUP" else name.lower()))
        for name in ("put_setup_unit", "set_up"):
            put(machine, name, lambda *_: pytest.fail("something was changed"))

    def become(self, kiosk: str, ca: bytes) -> None:
        """It is that one from now on, at version 1.0.0."""
        (self.root / "etc/edge.toml").write_text(f'kiosk = "{kiosk}"\n')
        (self.root / "etc/identity/ca.crt").write_bytes(ca)
        (self.root / "etc/signer.pub").write_bytes(sealed("kiosk", "1.0.0", "", dict(FILES), SIGNER)["signer.pub"])
        (self.root / "current").symlink_to(self.root / "slots/1.0.0")

    def refuses(self, *words: str) -> str:
        """What install says. One sentence, one lamp, nothing changed."""
        before = self._state()
        assert not list(self.lamp.iterdir())
        self._monkeypatch.setattr(sys, "argv", ["install", *words])

        status = installer.main()

        told = self._capsys.readouterr()
        assert (status, told.out, told.err.count("\n")) == (1, "", 1), told.err
        assert {path.name: path.read_text() for path in self.lamp.iterdir()} == TO_BLINK
        assert self._state() == before
        for path in self.lamp.iterdir():
            path.unlink()
        return told.err.strip()

    def _state(self) -> dict[str, bytes | str]:
        return {
            str(path.relative_to(self.root)): path.read_bytes() if path.is_file() else "a folder"
            for path in self.root.rglob("*")
        }


@pytest.fixture
def boxed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> BoxedKiosk:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return BoxedKiosk(tmp_path, monkeypatch, capsys)


@pytest.fixture
def ca(tmp_path: Path) -> SiteCa:
    return SiteCa(tmp_path / "site")


def stick(
    path: Path, ca: SiteCa, kiosk: str = "sq01-a", version: str = "1.0.0", signer: Ed25519PrivateKey = SIGNER
) -> Path:
    """As the hub prepares one."""
    fill(path, ca, kiosk)
    pack(path / "zaigang-kiosk-1.0.0.tar", sealed("kiosk", version, "", dict(FILES), signer))
    return path


def test_a_stick_for_another_station(boxed: BoxedKiosk, ca: SiteCa) -> None:
    boxed.become("sq02-a", ca.file.read_bytes())

    said = boxed.refuses(str(stick(boxed.place / "stick", ca)))

    assert said == "zaigang: this folder is for sq01-a, and this machine is sq02-a: another stick? --other-kiosk"


def test_a_bundle_with_a_broken_signature(boxed: BoxedKiosk, ca: SiteCa) -> None:
    made = stick(boxed.place / "stick", ca)
    files = sealed("kiosk", "1.0.0", "", dict(FILES), SIGNER)
    files["manifest.sig"] = STRANGER.sign(files["manifest.json"])
    pack(made / "zaigang-kiosk-1.0.0.tar", files)

    assert "is not signed by whom it names; copy it again" in boxed.refuses(str(made))


def test_a_bundle_of_another_signer(boxed: BoxedKiosk, ca: SiteCa) -> None:
    boxed.become("sq01-a", ca.file.read_bytes())

    said = boxed.refuses(str(stick(boxed.place / "stick", ca, signer=STRANGER)))

    assert "signed by another key than what is installed" in said


def test_an_older_bundle(boxed: BoxedKiosk, ca: SiteCa) -> None:
    boxed.become("sq01-a", ca.file.read_bytes())

    said = boxed.refuses(str(stick(boxed.place / "stick", ca, version="0.9.9")))

    assert said == "zaigang: 1.0.0 is installed, and 0.9.9 is older; --older takes it all the same"


def test_a_bundle_for_another_hub(boxed: BoxedKiosk, ca: SiteCa) -> None:
    boxed.become("sq01-a", ca.file.read_bytes())

    said = boxed.refuses(str(stick(boxed.place / "stick", SiteCa(boxed.place / "another"))))

    assert "this folder is of another hub than this machine's, by its CA" in said


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    (tmp_path / "hub").mkdir()
    engine = open_engine(file_url(tmp_path / "hub"))
    make_tables(engine)
    made = Site(engine, tmp_path / "hub")
    (made.beside / "zaigang-kiosk-9.9.tar").unlink()
    pack(made.beside / "zaigang-kiosk-1.0.0.tar", sealed("kiosk", "1.0.0", "", dict(FILES), SIGNER))
    yield made
    engine.dispose()


@pytest.fixture
def hub(site: Site) -> Iterator[str]:
    with site.served() as address:
        yield address


def line(site: Site, hub: str, code: str, pin: str = "") -> tuple[str, ...]:
    """As it stands on the sheet, and is typed."""
    return str(site.beside), "--kiosk", KIOSK, "--claim", code, "--hub", hub, "--ca", pin or site.pin


def test_a_claim_code_that_was_used(boxed: BoxedKiosk, site: Site, hub: str) -> None:
    made = site.desk.make()
    site.desk.take(made.code, a_request())

    said = boxed.refuses(*line(site, hub, made.code))

    assert "认领码已经用过" in said
    assert "the code was used already, and is good once; the office makes another" in said
    assert len(site.desk.cabinet.identities(KIOSK)) == 1


def test_a_claim_code_that_was_mistyped_five_times(boxed: BoxedKiosk, site: Site, hub: str) -> None:
    made = site.desk.make()
    for _ in range(4):  # who types waits a little after each; here time passes
        site.desk.take(not_the(made.code), a_request(), address="127.0.0.1")
        site.desk.tried_ms += 3_600_000

    said = boxed.refuses(*line(site, hub, not_the(made.code)))

    assert "five wrong codes were typed here: none is good from here; the office makes another" in said
    assert "在这里为这台终端输错了五次" in said
    assert not site.desk.cabinet.identities(KIOSK)
    boxed.refuses(*line(site, hub, made.code))  # nor the right one, now
    assert not site.desk.cabinet.identities(KIOSK)


@pytest.mark.parametrize("known_by", ["fingerprint", "file"])
def test_a_hub_address_that_answers_with_another_certificate(
    boxed: BoxedKiosk, site: Site, hub: str, known_by: str
) -> None:
    made, other = site.desk.make(), Cabinet(boxed.place / "other")
    other.make("other", site.now)
    pins = {"fingerprint": "0123-4567-89ab-cdef-0123-4567-89ab-cdef", "file": str(other.certificate_file)}

    said = boxed.refuses(*line(site, hub, made.code, pins[known_by]))

    assert said.endswith("nothing was told to it")
    assert not site.desk.cabinet.identities(KIOSK)
    site.claim(made.code, hub)  # the code is as good as before


def test_a_hub_of_another_city_than_the_machines(boxed: BoxedKiosk, site: Site, hub: str, ca: SiteCa) -> None:
    boxed.become(KIOSK, ca.file.read_bytes())
    made = site.desk.make()

    assert "is of another hub than this machine's" in boxed.refuses(*line(site, hub, made.code))
    assert not site.desk.cabinet.identities(KIOSK)
