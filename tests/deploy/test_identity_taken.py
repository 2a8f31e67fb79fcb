"""By which certificate the updater comes to the hub, whatever lies where the agent keeps what was renewed."""

import os
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.kiosk.updater import between
from deploy.kiosk.updater.identity import let_in
from tests.edge.site_ca import SiteCa

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


class Recorder:
    """A context that takes what OpenSSL takes."""

    def __init__(self) -> None:
        self.came_by = b""

    def load_cert_chain(self, certificate: Path, key: Path, password: str) -> None:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(certificate, key, password)
        self.came_by = certificate.read_bytes()


class Kiosk:
    """Set up with one certificate, with another one renewed since."""

    def __init__(self, place: Path) -> None:
        self._ca = SiteCa(place / "ca")
        self.own, self.renewed = place / "etc", place / "held"
        self.put(self.own, 5)
        self.put(place / "HASH", 9)
        self.renewed.symlink_to("HASH")

    def put(self, folder: Path, days: int) -> None:
        folder.mkdir(exist_ok=True)
        made = self._ca.kiosk("k1", NOW + days * DAY)
        made.certificate.replace(folder / "kiosk.crt")
        made.key.replace(folder / "kiosk.key")

    def comes_by(self) -> str:
        context = Recorder()
        let_in(context, self.own, self.renewed)  # type: ignore[arg-type]
        return "own" if context.came_by == (self.own / "kiosk.crt").read_bytes() else "renewed"


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    return Kiosk(tmp_path)


def test_a_kiosk_comes_by_what_is_good_longest(kiosk: Kiosk) -> None:
    assert kiosk.comes_by() == "renewed"

    kiosk.put(kiosk.own, 30)  # set up anew since: what was renewed before is revoked

    assert kiosk.comes_by() == "own"


def test_a_pair_that_is_exchanged_in_the_same_moment_is_passed_over(kiosk: Kiosk, tmp_path: Path) -> None:
    """It counted as the version's failure, and stopped the city."""
    kiosk.put(tmp_path / "NEXT", 20)
    (kiosk.renewed.resolve() / "kiosk.key").write_bytes((tmp_path / "NEXT/kiosk.key").read_bytes())

    assert kiosk.comes_by() == "own"


@pytest.mark.parametrize("name", ["kiosk.crt", "kiosk.key"])
@pytest.mark.parametrize("what", ["pipe", "link", "endless", "nothing", "no file"])
def test_whatever_an_agent_lays_there_root_waits_for_nothing_and_reads_little(
    kiosk: Kiosk, name: str, what: str
) -> None:
    path = kiosk.renewed / name
    content = path.read_bytes()
    path.unlink()
    if what == "pipe":
        os.mkfifo(path)
    elif what == "endless":
        path.symlink_to("/dev/zero")
    elif what == "link":
        path.with_suffix(".else").write_bytes(content)
        path.symlink_to(path.with_suffix(".else"))
    elif what == "nothing":
        path.write_bytes(b"")

    assert kiosk.comes_by() == "own"


def test_where_none_can_be_used_it_is_not_the_versions_fault(kiosk: Kiosk) -> None:
    for folder in (kiosk.own, kiosk.renewed):
        (folder / "kiosk.crt").write_bytes(b"-----BEGIN")

    with pytest.raises(between.NotNow, match="this kiosk's certificate cannot be used"):
        kiosk.comes_by()
