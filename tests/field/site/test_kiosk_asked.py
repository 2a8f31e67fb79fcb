"""What is asked of a booted kiosk over its broker: identify, restart, collect, renew, and settings on probation."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from cryptography import x509

from edge.kept_settings import TRIAL
from edge.probation import TAKEN_BACK
from tests.field.machines import Machine
from tests.field.patience import TEST_S, eventually
from tests.field.site.doings import KIOSK, PYTHON, needs_all, start_again, tap
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


GIVE_A_MONTH = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from hub.certificates.cabinet import Cabinet
from station.lifetimes import OF_KIOSK
home, cabinet = Path("/var/lib/zaigang"), Cabinet(Path("/var/lib/zaigang"))
for long_one in (home / "ca/kiosks" / sys.argv[1]).glob("*.crt"):
    long_one.unlink()
signed = cabinet.issue_kiosk(sys.argv[1], datetime.now(UTC) - OF_KIOSK + timedelta(days=30))
(home / "month.crt").write_bytes(signed.pem)
(home / "month.key").write_bytes(signed.key_pem)
"""
FORGET_WHAT_WAS_ASKED = """
from pathlib import Path
from sqlmodel import delete
from hub.config import read_config
from hub.database.command_table import KioskCommand
from hub.database.engine import open_engine
from hub.database.transactions import writing
with writing(open_engine(read_config(Path("/etc/zaigang/hub.toml"), {}).database_url)) as connection:
    connection.execute(delete(KioskCommand))
"""


def days_left(kiosk: Machine) -> int:
    """Of the certificate by which it comes; -1 while it has none that was renewed."""
    with suppress(OSError):
        held = (kiosk.root / "var/lib/zaigang/identities/held").readlink().name
        content = (kiosk.root / "var/lib/zaigang/identities" / held / "kiosk.crt").read_bytes()
        return (x509.load_pem_x509_certificate(content).not_valid_after_utc - datetime.now(UTC)).days
    return -1


def test_a_certificate_that_is_about_to_end_is_renewed_without_anybody(hub, kiosk, reader):
    hub.do("runuser", "-u", "zaigang", "--", PYTHON, "-c", GIVE_A_MONTH, KIOSK)
    kiosk.do("systemctl", "stop", UNIT)
    for what in ("crt", "key"):
        content = (hub.root / f"var/lib/zaigang/month.{what}").read_bytes()
        (kiosk.root / f"etc/zaigang/identity/kiosk.{what}").write_bytes(content)
    kiosk.do("rm", "-rf", "/var/lib/zaigang/identities")
    hub.do("runuser", "-u", "zaigang", "--", PYTHON, "-c", FORGET_WHAT_WAS_ASKED)  # it is asked once a day

    kiosk.do("systemctl", "start", UNIT)

    assert eventually(lambda: days_left(kiosk) > 700), newest(hub) + log_of(kiosk)
    assert eventually(lambda: newest(hub).endswith("certificate: done")), newest(hub)
    assert tap(reader, hub, "04000000000013"), log_of(kiosk)


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
