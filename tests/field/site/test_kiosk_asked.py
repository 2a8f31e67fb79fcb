"""What is asked of a booted kiosk over its broker: identify, restart, collect, renew, and settings on probation."""

import json
from contextlib import suppress

import pytest

from edge.kept_settings import TRIAL
from edge.probation import TAKEN_BACK
from tests.field.machines import Machine
from tests.field.patience import TEST_S, eventually
from tests.field.site.doings import KIOSK, needs_all, start_again, tap
from tests.field.test_kiosk import UNIT

pytestmark = [pytest.mark.field, pytest.mark.xdist_group("field"), pytest.mark.timeout(TEST_S)]
PROBATION_OF_SECONDS = """
import edge.liaison
import edge.program

edge.liaison.LASTS_S = 20.0


def main():
    return edge.program.run(None)
"""


def ask(hub: Machine, *words: str) -> str:
    """Ask it at the hub's machine, and wait a while; what is said of it."""
    done = hub.try_to("zaigang-hub", "kiosk", words[0], KIOSK, *words[1:])
    return done.stdout + done.stderr


def newest(hub: Machine) -> str:
    """What came of what was asked last."""
    return hub.do("zaigang-hub", "kiosk", "commands", KIOSK).splitlines()[-1]


def log_of(kiosk: Machine) -> str:
    return kiosk.do("journalctl", "-u", UNIT, "--no-pager")


def certificate_of(kiosk: Machine) -> str:
    """By which it comes to the broker."""
    held = "/var/lib/zaigang/identities/held/kiosk.crt"
    return kiosk.try_to("cat", held).stdout


def test_it_shows_itself_and_gives_its_log(hub, kiosk):
    assert "identify: done" in ask(hub, "identify")

    said = ask(hub, "collect")

    assert "is up" in said, said
    assert "collect: done" in said


def test_it_begins_anew_and_goes_on_taking_cards(hub, kiosk, reader):
    times = log_of(kiosk).count("is up")

    assert "restart: done" in ask(hub, "restart")

    assert eventually(lambda: log_of(kiosk).count("is up") > times), log_of(kiosk)
    assert tap(reader, hub, "04000000000010"), log_of(kiosk)


def test_it_makes_another_key_and_comes_by_the_certificate_that_the_hub_signed(hub, kiosk, reader):
    before = certificate_of(kiosk)

    assert "renew: done" in ask(hub, "renew")

    assert eventually(lambda: newest(hub).endswith("certificate: done")), newest(hub)
    assert certificate_of(kiosk) != before
    assert tap(reader, hub, "04000000000011"), log_of(kiosk)


def is_on_trial(kiosk: Machine) -> bool:
    """Its agent works by settings that it has not taken for good yet."""
    with suppress(OSError, ValueError):
        return json.loads((kiosk.root / "var/lib/zaigang" / TRIAL).read_text())["is_begun"]
    return False


@needs_all
def test_settings_that_name_no_reader_are_taken_back_by_the_kiosk_itself_also_after_a_power_cut(hub, kiosk, reader):
    (program,) = kiosk.root.glob("opt/zaigang/slots/*/venv/lib/python3*/site-packages/edge/__main__.py")
    whole = program.read_text()
    program.write_text(PROBATION_OF_SECONDS)
    kiosk.do("systemctl", "restart", UNIT)
    wanted = 'readers=[{name="door", url="pn532:/dev/ttyUSB9"}]'

    ask(hub, "config", "--set", wanted)

    assert eventually(lambda: "a reader did not answer" in newest(hub)), newest(hub) + log_of(kiosk)
    assert "config: not done (taken back" in newest(hub)
    hub.do("sh", "-c", f"zaigang-hub kiosk config {KIOSK} --set '{wanted}' >/dev/null 2>&1 &")  # it waits longer
    assert eventually(lambda: is_on_trial(kiosk)), log_of(kiosk)
    start_again(kiosk)
    assert eventually(lambda: TAKEN_BACK in newest(hub)), newest(hub) + log_of(kiosk)
    program.write_text(whole)
    kiosk.do("systemctl", "restart", UNIT)
    assert tap(reader, hub, "04000000000012"), log_of(kiosk)
