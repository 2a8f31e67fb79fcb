"""A kiosk with another site key than the hub's: all its cards are strangers, and somebody must know."""

from hub.findings import FindingKind
from station.token import fingerprint_of
from tests.hub.intake.bench import Bench
from tests.hub.intake.messages import KIOSK, journal, state, tap

OURS, OTHER = (fingerprint_of(bytes([number]) * 32) for number in (1, 2))


def test_another_key_is_a_finding_until_it_is_the_hubs(hub: Bench):
    hub.key = OURS
    hub.take(state(key=OTHER))
    found = hub.found(FindingKind.SITE_KEY)

    hub.take(state(n=2, key=OURS))

    assert (found, hub.found(FindingKind.SITE_KEY)) == ([KIOSK], [])


def test_a_kiosk_or_a_hub_that_tells_no_key_is_no_finding(hub: Bench):
    hub.take(state(key=OTHER))
    hub.key = OURS
    hub.take(state(n=2))

    assert hub.found(FindingKind.SITE_KEY) == []


def test_every_answer_tells_the_hubs_key(hub: Bench):
    hub.key = OURS

    assert {hub.settled(state(key=OURS)).key, hub.settled(journal(tap(1), n=2)).key} == {OURS}


def test_a_fingerprint_is_of_the_key_and_no_part_of_it():
    assert OURS != OTHER
    assert len(OURS) == 16
    assert OURS not in (bytes([1]) * 32).hex()
