"""The end of a kiosk, which was stolen, and of its hub."""

import time

import pytest

from tests.field.patience import TEST_S, eventually
from tests.field.site.doings import CARD, KIOSK, OTHER_CARD, carry_records, tap, tokens
from tests.field.test_kiosk import tap_unheard

pytestmark = [pytest.mark.field, pytest.mark.xdist_group("field"), pytest.mark.timeout(TEST_S)]

WITHIN_S = 60.0  # of a revocation, as docs/install-hub.md promises

ASK_FOR_UPDATES = """
import glob, ssl, urllib.error, urllib.request
own = (glob.glob("/var/lib/zaigang/identities/held") or ["/etc/zaigang/identity"])[0]
context = ssl.create_default_context(cafile="/etc/zaigang/identity/ca.crt")
context.load_cert_chain(f"{own}/kiosk.crt", f"{own}/kiosk.key")
try:
    print(urllib.request.urlopen("https://HUB:8884/updates/none", context=context).status)
except urllib.error.HTTPError as exc:
    print(exc.code)
"""


def read_anew_s(hub) -> float:
    """When broker and pages' server had last read the list of what is revoked, as the hub's systemd has noted it."""
    show = ("systemctl", "show", "zaigang-broker-reload", "--property=InactiveEnterTimestampMonotonic", "--value")
    return int(hub.do(*show)) / 1e6


def updates_answer(kiosk, hub) -> int:
    """What the hub says to this kiosk where it asks for a version; 404 where it may ask."""
    return int(kiosk.do("python3", "-c", ASK_FOR_UPDATES.replace("HUB", hub.address)))


def test_of_a_stolen_kiosk_nothing_counts_within_a_minute_but_what_is_carried_in_of_before(hub, kiosk, reader):
    assert tap(reader, hub, OTHER_CARD)
    assert updates_answer(kiosk, hub) == 404
    kiosk.pull_cable()
    tap_unheard(reader, kiosk, "04000000000005")

    began_s = time.monotonic()  # machines in this one have its clock
    said = hub.do("zaigang-hub", "kiosk", "revoke", KIOSK)

    assert "the broker has it" in said
    assert eventually(lambda: read_anew_s(hub) > began_s)
    assert read_anew_s(hub) - began_s < WITHIN_S
    kiosk.plug_in()
    assert not tap(reader, hub, CARD, within_s=5)
    said = kiosk.try_to("zaigang-edge", "doctor").stdout
    assert "this kiosk's certificate is revoked" in said, said
    assert eventually(lambda: updates_answer(kiosk, hub) == 400)
    before = tokens(hub)
    assert "records of hospital-1-a are stored" in carry_records(kiosk, hub)
    assert len(tokens(hub)) == len(before) + 1


def test_taken_away_it_leaves_what_it_knows(hub):
    hub.do("/opt/zaigang/current/uninstall")

    assert (hub.root / "var/lib/zaigang/zaigang.sqlite").exists()
    assert not (hub.root / "opt/zaigang").exists()
    assert hub.try_to("systemctl", "is-active", "zaigang-hub", "zaigang-broker").stdout.split() == ["inactive"] * 2
