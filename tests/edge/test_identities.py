"""A renewed certificate is tried, held or dropped, and wherever power fails one that works is there."""

import shutil

import pytest
from cryptography import x509

from edge.config import BrokerConfig
from edge.errors import KeyFileError
from edge.identities import FOLDER, Identities
from station.names import KioskId
from tests.edge.site_ca import DAY, NOW, SiteCa

KIOSK = KioskId("sq01-a")


class Hub:
    """Signs what a kiosk asks for, by the site's CA."""

    def __init__(self, folder) -> None:
        self.ca = SiteCa(folder / "ca")
        self.own = self.ca.kiosk(KIOSK)
        self.folder = folder / "data"
        self.folder.mkdir()
        files = self.own
        self.broker = BrokerConfig("127.0.0.1", 8883, "", None, self.ca.file, files.certificate, files.key)

    def identities(self) -> Identities:
        return Identities(self.broker, KIOSK, self.folder)

    def sign(self, request: str, ends=NOW + 2 * DAY, name: str = KIOSK) -> str:
        asked = x509.load_pem_x509_csr(request.encode())
        assert asked.is_signature_valid
        return self.ca.sign(name, asked.public_key(), ends).decode()


@pytest.fixture
def hub(tmp_path):
    return Hub(tmp_path)


def renewed(hub, identities=None):
    identities = identities or hub.identities()
    identities.take(hub.sign(identities.make_request()))
    return identities


def is_own(hub, way):
    return way.certificate_file == hub.broker.certificate_file


def test_a_request_names_the_kiosk_and_its_key_stays_there_alone(hub):
    request = hub.identities().make_request()

    asked = x509.load_pem_x509_csr(request.encode())
    assert asked.subject.rfc4514_string() == f"CN={KIOSK}"
    assert {file.stat().st_mode & 0o077 for file in (hub.folder / FOLDER).iterdir()} == {0}


def test_what_was_signed_is_tried_first_and_held_once_the_broker_welcomes_it(hub):
    identities, told = renewed(hub), []
    identities.settled = told.append
    assert identities.wants_dial
    assert not is_own(hub, identities.way())
    assert not identities.wants_dial

    identities.welcomed()

    assert told == [""]
    assert not is_own(hub, hub.identities().way())
    assert not hub.identities().has_trial


def test_where_the_broker_refuses_it_the_old_one_comes_and_it_is_dropped(hub):
    identities, told = renewed(hub), []
    identities.settled = told.append
    identities.way()
    identities.refused("revoked")
    assert is_own(hub, identities.way())
    assert not told

    identities.welcomed()

    assert told == ["revoked"]
    assert is_own(hub, identities.way())
    assert is_own(hub, hub.identities().way())
    assert len(list((hub.folder / FOLDER).iterdir())) == 0


def test_a_broker_that_refuses_everybody_costs_nothing(hub):
    identities = renewed(hub)
    for _ in range(5):
        identities.way()
        identities.refused("the list is old")

    assert identities.has_trial


def test_a_line_that_is_down_drops_nothing(hub):
    identities = renewed(hub)
    ways = [identities.way() for _ in range(3)]
    identities.welcomed()

    assert not any(is_own(hub, way) for way in ways)
    assert not identities.has_trial


def test_the_second_renewal_follows_the_first(hub):
    first = renewed(hub)
    first.way()
    first.welcomed()
    held = first.way()
    again = renewed(hub)
    assert again.way() != held
    again.refused("no")
    assert again.way() == held
    again.welcomed()

    assert hub.identities().way() == held


def test_an_identity_that_was_set_up_anew_and_is_good_for_longer_goes_before(hub):
    identities = renewed(hub)
    identities.way()
    identities.welcomed()
    longer = hub.ca.kiosk(KIOSK, ends=NOW + 3 * DAY)
    assert longer.certificate == hub.own.certificate

    assert is_own(hub, hub.identities().way())


@pytest.mark.parametrize("spoil", ["", "x", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate_is_refused(hub, spoil):
    identities = hub.identities()
    identities.make_request()

    with pytest.raises(KeyFileError):
        identities.take(spoil)
    assert is_own(hub, identities.way())


def test_one_for_another_kiosk_another_key_or_no_key_is_refused(hub):
    identities = hub.identities()
    with pytest.raises(KeyFileError, match="no key waits"):
        identities.take(hub.own.certificate.read_text())
    request = identities.make_request()
    with pytest.raises(KeyFileError, match="is for sq01-b"):
        identities.take(hub.sign(request, name="sq01-b"))
    identities.make_request()
    with pytest.raises(KeyFileError, match="another key"):
        identities.take(hub.sign(request))

    assert is_own(hub, hub.identities().way())


def test_wherever_power_fails_one_that_works_is_there(hub, tmp_path):
    """Every set of files that a cut can leave: each step's, with what was being written then missing or cut off."""
    whole = renewed(hub)
    whole.way()
    folder = hub.folder / FOLDER
    (home,) = [each for each in folder.iterdir() if each.is_dir() and not each.is_symlink()]
    for name in ("kiosk.crt", "kiosk.key"):
        for content in (None, b"", (home / name).read_bytes()[:40]):
            cut = tmp_path / "cut"
            shutil.rmtree(cut, ignore_errors=True)
            shutil.copytree(hub.folder, cut, symlinks=True)
            spoilt = cut / FOLDER / home.name / name
            spoilt.unlink()
            if content is not None:
                spoilt.write_bytes(content)
                spoilt.chmod(0o600)
            assert is_own(hub, Identities(hub.broker, KIOSK, cut).way()), (name, content)
    for word in ("trial", "held"):
        (folder / f"{word}.fresh").symlink_to(home.name)
    assert not is_own(hub, hub.identities().way())
    hub.identities().welcomed()
    assert hub.identities().holds((home / "kiosk.crt").read_text())


def test_a_kiosk_without_certificates_has_one_way(tmp_path):
    identities = Identities(BrokerConfig(), KIOSK, tmp_path)

    assert identities.way() == identities.best() == BrokerConfig()
    assert not identities.is_any
