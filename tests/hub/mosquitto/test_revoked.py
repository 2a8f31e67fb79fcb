"""A revoked kiosk at a real Mosquitto: silenced where it is, kept out where it comes again; no other notices."""

from __future__ import annotations

import ssl
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.bench.brokers import mosquitto_path
from tests.hub.mosquitto.site import Site
from tests.patience import eventually

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(mosquitto_path() is None, reason="mosquitto is not installed"),
]


def test_a_signal_makes_the_broker_refuse_a_stolen_kiosk_and_no_other(tmp_path: Path) -> None:
    site = Site(tmp_path)
    stolen, honest = site.identity("H-01-a"), site.identity("H-02-a")
    with site.broker.running(), closing(site.hub()) as hub, closing(honest.speak("H-02-a-1")) as other:
        hub.listen("zaigang/v1/#")
        thief = stolen.speak("any name")
        assert thief.say("zaigang/v1/H-01/H-01-a/journal") == "Success"

        site.cabinet.revoke([i.serial_number for i in site.cabinet.identities("H-01-a")], site.now)
        site.write(shut_out=["H-01-a"])
        site.broker.reload()

        assert eventually(lambda: thief.say("zaigang/v1/H-01/H-01-a/journal") == "Not authorized")
        heard = len(hub.heard)
        hub.say("zaigang/v1/H-01/H-01-a/roster", b"names")
        other.say("zaigang/v1/H-02/H-02-a/journal")
        assert eventually(lambda: "zaigang/v1/H-02/H-02-a/journal" in hub.topics()[heard:])
        assert thief.heard == []
        assert not other.ended.is_set()
        with pytest.raises((ConnectionError, ssl.SSLError)):
            stolen.speak("again")
        honest.speak("again, as a control").close()
        thief.close()
