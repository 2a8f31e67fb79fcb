"""Who may say and hear what at a real Mosquitto, shown by saying and hearing it: its SUBACK promises what it does not keep.

Each refusal has a control: the same broker without the file of rights, where the same comes through.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import paho.mqtt.client as mqtt
import pytest

from tests.bench.brokers import mosquitto_path
from tests.hub.mosquitto.site import Party, Site
from tests.patience import PATIENCE_S, eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(mosquitto_path() is None, reason="mosquitto is not installed"),
]
BRANCH, OTHERS = "zaigang/v1/H-01/H-01-a", "zaigang/v1/H-02/H-02-a"
SAID = ("state", "journal", "reply")
TOLD = ("settled", "presence", "duty", "roster", "command")
FOREIGN = [
    *(f"{OTHERS}/{leaf}" for leaf in (*SAID, *TOLD)),  # another kiosk's
    *(f"{BRANCH}/{leaf}" for leaf in TOLD),  # what only the hub says, even of itself
    "zaigang/v1/hub/state", "zaigang/v1/H-01/presence", "elsewhere",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    with site.broker.running():
        yield site


@pytest.fixture(scope="module")
def open_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("open"))
    with site.broker.running(with_rights=False):
        yield site


def spoken(site: Site, topics: list[str]) -> tuple[list[str], set[str]]:
    """What comes to the hub of what a kiosk says there, and how the broker answered."""
    with closing(site.hub()) as hub, closing(site.identity("H-01-a").speak("H-01-a-1")) as kiosk:
        hub.listen("#")
        answers = {kiosk.say(topic) for topic in topics}
        kiosk.say(f"{BRANCH}/reply", b"the last")
        assert eventually(lambda: (f"{BRANCH}/reply", b"the last") in hub.heard)
        return [topic for topic, payload in hub.heard if payload == b"x"], answers


def overheard(site: Site, topics: list[str]) -> list[str]:
    """What a kiosk hears of what the hub and another kiosk say, though it asks for everything."""
    with (
        closing(site.identity("H-01-a").speak("H-01-a-1")) as kiosk,
        closing(site.hub()) as hub,
    ):
        kiosk.listen("#", *topics)
        for topic in topics:
            hub.say(topic)
        hub.say(f"{BRANCH}/command", b"the last")
        assert eventually(lambda: (f"{BRANCH}/command", b"the last") in kiosk.heard)
        return sorted({topic for topic, payload in kiosk.heard if payload == b"x"})


def test_a_kiosk_says_its_own_and_the_hub_hears_it(site: Site) -> None:
    own = [f"{BRANCH}/{leaf}" for leaf in SAID]

    assert spoken(site, own) == (own, {"Success"})


def test_a_kiosk_speaks_for_no_other_kiosk_and_not_for_the_hub(site: Site, open_site: Site) -> None:
    assert spoken(site, FOREIGN) == ([], {"Not authorized"})
    assert spoken(open_site, FOREIGN)[0] == FOREIGN


def test_a_kiosk_hears_what_it_is_told_and_the_hub(site: Site) -> None:
    told = sorted([f"{BRANCH}/{leaf}" for leaf in TOLD] + ["zaigang/v1/hub/state"])

    assert overheard(site, told) == told


def test_a_kiosk_hears_nothing_of_anothers(site: Site, open_site: Site) -> None:
    others = sorted(f"{OTHERS}/{leaf}" for leaf in (*SAID, *TOLD))

    assert overheard(site, others) == []
    assert overheard(open_site, others) == others


def test_what_is_kept_of_anothers_roster_is_not_delivered_either(site: Site, open_site: Site) -> None:
    for at, wanted in ((site, []), (open_site, [f"{OTHERS}/roster"])):
        with closing(at.hub()) as hub:
            hub.say(f"{OTHERS}/roster", b"kept", retain=True)
            hub.say(f"{BRANCH}/roster", b"kept", retain=True)
            with closing(at.identity("H-01-a").speak("H-01-a-1")) as kiosk:
                kiosk.listen("#")
                assert eventually(lambda kiosk=kiosk: f"{BRANCH}/roster" in kiosk.topics())
                kiosk.say(f"{BRANCH}/state")
                assert eventually(lambda kiosk=kiosk: f"{BRANCH}/state" in kiosk.topics())
                assert [topic for topic in kiosk.topics() if topic.startswith(OTHERS)] == wanted


def test_a_will_for_another_kiosk_is_not_spoken(site: Site, open_site: Site) -> None:
    for at, wanted in ((site, []), (open_site, [f"{OTHERS}/state"])):
        with closing(at.hub()) as hub:
            hub.listen("zaigang/v1/#")
            thief = at.identity("H-01-a")
            first = thief.speak("same", will=f"{OTHERS}/state")
            with closing(thief.speak("same")) as second:  # takes its place, so that its will is due
                assert first.ended.wait(PATIENCE_S)
                second.say(f"{BRANCH}/reply", b"the last")
                assert eventually(lambda hub=hub: (f"{BRANCH}/reply", b"the last") in hub.heard)
                assert [topic for topic, payload in hub.heard if payload == b"will"] == wanted
            first.close()


def test_under_the_older_protocol_the_same_rights_hold(site: Site) -> None:
    with closing(site.hub()) as hub, closing(site.identity("H-01-a").speak("a", version=mqtt.MQTTv311)) as kiosk:
        hub.listen("zaigang/v1/+/+/journal")
        kiosk.say(f"{OTHERS}/journal")
        kiosk.say(f"{BRANCH}/journal")
        assert eventually(lambda: hub.topics() != [])

        assert hub.topics() == [f"{BRANCH}/journal"]


def test_nobody_comes_in_without_a_certificate_or_a_password(site: Site) -> None:
    import ssl

    tls = ssl.create_default_context(cafile=str(site.cabinet.certificate_file))
    refused = (ConnectionError, ssl.SSLError)

    with pytest.raises(refused):
        Party(site.config.broker.tls_port, "nobody", tls=tls)
    with pytest.raises(refused):
        Party(site.config.broker.tls_port, "nobody", tls=tls, login=("hub", "guessed"))
    with pytest.raises(refused):
        Party(site.config.broker.port, "nobody")
    with pytest.raises(refused):
        Party(site.config.broker.port, "nobody", login=("hub", "guessed"))


def test_a_certificate_is_not_made_another_by_a_login(site: Site) -> None:
    """The name in the certificate counts, whatever name is given beside it."""
    with closing(site.hub()) as hub:
        hub.listen("#")
        identity = site.identity("H-01-a")
        with closing(identity.speak("H-02-a-1")) as kiosk:
            assert kiosk.say(f"{OTHERS}/journal") == "Not authorized"


def test_a_large_message_passes_and_a_huge_one_does_not(site: Site) -> None:
    with closing(site.hub()) as hub, closing(site.identity("H-01-a").speak("H-01-a-1")) as kiosk:
        hub.listen("zaigang/v1/#")
        assert kiosk.say(f"{BRANCH}/journal", bytes(128 * 1024)) == "Success"
        kiosk._client.publish(f"{BRANCH}/journal", bytes(300 * 1024), qos=1)
        assert kiosk.ended.wait(PATIENCE_S)
        assert [len(payload) for topic, payload in hub.heard if topic.endswith("journal")] == [128 * 1024]


def test_files_that_say_the_same_are_left_alone(tmp_path: Path) -> None:
    site = Site(tmp_path)
    changed = (site.config.broker_folder / "changed").stat().st_mtime_ns

    assert site.write().changed == ()
    assert (site.config.broker_folder / "changed").stat().st_mtime_ns == changed
    assert site.write(["H-01-a"]).changed == ("rights",)
    assert (site.config.broker_folder / "changed").stat().st_mtime_ns != changed


def test_an_interruption_before_the_sign_is_made_up_for(tmp_path: Path) -> None:
    site = Site(tmp_path)
    (site.config.broker_folder / "changed").unlink()  # as where power failed just then

    assert site.write().changed == ()
    assert (site.config.broker_folder / "changed").exists()
