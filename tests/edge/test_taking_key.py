"""`site_key`: a key that is sealed to this kiosk's certificate is taken, any other is not."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from edge.commands import Order
from edge.config import BrokerConfig
from edge.identities import Identities
from edge.renewing import NO_CERTIFICATE
from edge.site_keys import SiteKeys
from edge.taking_key import NOT_FOR_US, TakeKey
from station.key_letter import seal
from station.token import fingerprint_of
from station.wire.messages import Command
from tests.edge.rig import SITE_KEY
from tests.edge.site_ca import NOW
from tests.edge.test_identities import KIOSK, Hub, renewed

NEXT = bytes(range(32, 64))


@pytest.fixture
def hub(tmp_path):
    return Hub(tmp_path)


def letter(key_file, kiosk=KIOSK):
    """As a hub seals it; the product's own is tried over the wire."""
    private = load_pem_private_key(key_file.read_bytes(), None)
    ephemeral = ec.generate_private_key(ec.SECP256R1())
    own = ephemeral.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return seal(NEXT, ephemeral.exchange(ec.ECDH(), private.public_key()), own, kiosk).spelled()


def given(hub, letters, identities=None):
    """What came of it, and the mark of the next key."""
    said = []
    keys = SiteKeys(SITE_KEY, hub.folder)
    order = Order(Command("c1", NOW, "site_key", {"letters": letters}), said.append)
    TakeKey(keys, identities or hub.identities(), KIOSK).begin(order)
    return said[0].ok, said[0].text, keys.next_mark


def test_one_that_is_sealed_to_it_is_taken(hub):
    assert given(hub, letter(hub.own.key)) == (True, "", fingerprint_of(NEXT))


def test_one_that_is_sealed_to_a_renewed_certificate_or_the_one_before_is_taken(hub, tmp_path):
    identities = renewed(hub)
    other = hub.ca.kiosk("another").key
    keys = identities.key_files()

    assert len(keys) == 2
    for key_file in keys:
        assert given(hub, f"{letter(other)} {letter(key_file)}", identities)[0]


def test_no_other_is(hub):
    other = hub.ca.kiosk("another")
    refused = False, NOT_FOR_US, ""

    assert given(hub, letter(other.key)) == refused
    assert given(hub, letter(hub.own.key, "another")) == refused
    assert given(hub, "") == given(hub, "no letter at all") == given(hub, "AAAA." + "A" * 64) == refused


def test_a_kiosk_without_a_certificate_says_so(hub):
    assert given(hub, letter(hub.own.key), Identities(BrokerConfig(), KIOSK, hub.folder)) == (False, NO_CERTIFICATE, "")
