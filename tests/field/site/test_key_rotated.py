"""Another site key for a booted hub and its kiosk: by the README's four lines, and nobody becomes a stranger."""

import re

import pytest

from tests.field.patience import TEST_S, eventually
from tests.field.site.conftest import SAMPLES
from tests.field.site.doings import needs_all, start_again, tap
from tests.field.test_kiosk import UNIT, answers

pytestmark = [pytest.mark.field, pytest.mark.xdist_group("field"), pytest.mark.timeout(TEST_S)]
KNOWN, KNOWN_TOO = "04000000000002", "04000000000003"  # of volunteers of that station


def status(hub) -> str:
    return hub.do("zaigang-hub", "key", "status")


def answer_without_a_line(kiosk, reader, number: str) -> str:
    """What the kiosk alone says to a card."""
    kiosk.pull_cable()
    answered = answers(kiosk)
    reader.order(f"put ntag213 {number}")
    try:
        assert eventually(lambda: answers(kiosk) > answered)
    finally:
        reader.order("take")
        kiosk.plug_in()
    said = kiosk.do("journalctl", "-u", UNIT, "--no-pager")
    return re.findall(r"\]: \[(\w+)\]", said)[-1]


@needs_all
def test_another_site_key_makes_a_stranger_of_nobody_also_without_a_line_and_after_a_power_cut(hub, kiosk, reader):
    assert answer_without_a_line(kiosk, reader, KNOWN) in {"arrived", "left"}
    before = doctor(kiosk)

    hub.do("zaigang-hub", "key", "rotate", "--why", "a kiosk was stolen")
    assert eventually(lambda: "kiosks with the new key: 1 of" in status(hub)), status(hub)
    start_again(kiosk)
    assert answer_without_a_line(kiosk, reader, KNOWN_TOO) in {"arrived", "left"}
    assert tap(reader, hub, KNOWN)

    hub.do("sh", "-c", f"zaigang-hub import {SAMPLES}/cards.csv")
    named = re.search(r"cards with a name under it: (\d+) of (\d+)", status(hub))
    assert named is not None
    assert named[1] == named[2] != "0"
    hub.do("zaigang-hub", "key", "finish")

    def has_only_the_new() -> bool:
        said = doctor(kiosk)
        return "the hub knows no card" not in said and key_of(said) not in {"", key_of(before)}

    assert eventually(has_only_the_new), doctor(kiosk)
    start_again(kiosk)
    assert answer_without_a_line(kiosk, reader, KNOWN) in {"arrived", "left"}
    assert tap(reader, hub, KNOWN_TOO)


def doctor(kiosk) -> str:
    """What it says, also when it ends with 1: in the moment before the new key is there the old one is wrong."""
    return kiosk.do("sh", "-c", "zaigang-edge doctor || test $? = 1")


def key_of(said: str) -> str:
    """By its mark, as the kiosk's doctor tells it."""
    found = re.search(r"this kiosk's key is (\w+), the hub's \1", said)
    return found[1] if found else ""
