"""A kiosk that was told a code, and no stick: from its bundle to the hub; and what its door gives to others."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from tests.field.machines import Machine
from tests.field.patience import TEST_S, eventually
from tests.field.site.doings import needs_all

pytestmark = [pytest.mark.field, pytest.mark.xdist_group("field"), pytest.mark.timeout(TEST_S), needs_all]
KIOSK = "hospital-1-b"


def number(hub: Machine, query: str, *values: str) -> int:
    """What the hub's disk says."""
    with closing(sqlite3.connect(f"file:{hub.root}/var/lib/zaigang/zaigang.sqlite?mode=ro", uri=True)) as database:
        return database.execute(query, values).fetchone()[0]


@pytest.fixture
def fresh(place, network, hub):
    """A machine as it comes out of its box, with the bundle beside it."""
    made = Machine("kiosk-by-code", place, network, 12)
    made.boot()
    shutil.copytree(hub.root / "opt/zaigang/bundles", made.root / "root/bundle")
    made.do("sh", "-c", "cd /root/bundle && tar -xf zaigang-kiosk-*.tar install")
    yield made
    made.close()


def test_a_kiosk_that_was_told_a_code_sets_itself_up_over_the_line(hub, fresh):
    line = hub.do("zaigang-hub", "kiosk", "claim", KIOSK).splitlines()[-1].strip().removeprefix("sudo ")
    code = line.partition("--claim ")[2].split()[0]

    wrong = fresh.try_to("sh", "-c", f"cd /root/bundle && {line.replace(code, f'{(int(code) + 1) % 10**8:08}')}")
    pin = line.partition("--ca ")[2].split()[0]
    elsewhere = fresh.try_to("sh", "-c", f"cd /root/bundle && {line.replace(pin, '01234567' * 4)}")
    is_untouched = not (fresh.root / "etc/zaigang").exists()
    done = fresh.do("sh", "-c", f"cd /root/bundle && {line}")
    again = fresh.try_to("sh", "-c", f"cd /root/bundle && {line}")

    assert (wrong.returncode, is_untouched, len(wrong.stderr.splitlines())) == (1, True, 1), wrong.stderr
    assert "认领码与终端不符" in wrong.stderr
    assert (elsewhere.returncode, len(elsewhere.stderr.splitlines())) == (1, 1), elsewhere.stderr
    assert "is not the hub of the sheet" in elsewhere.stderr
    assert f"kiosk {KIOSK} " in done
    assert (again.returncode, "认领码已经用过" in again.stderr) == (1, True), again.stderr
    assert eventually(lambda: number(hub, "SELECT count(*) FROM run WHERE kiosk = ?", KIOSK) > 0)
    assert fresh.do("ls", "/var/lib/zaigang-setup").split() == []
    logged = "SELECT count(*) FROM access WHERE subject = ? AND what LIKE '%claim%' AND address = ?"
    assert number(hub, logged, KIOSK, fresh.address) == 2  # the wrong one, the right one
    listed = next(each for each in hub.do("zaigang-hub", "kiosk", "list").splitlines() if each.startswith(KIOSK))
    assert "claimed 2" in listed


def test_without_a_certificate_nothing_that_is_offered_is_given(hub):
    ask = "import ssl, sys, urllib.request as u; c = ssl._create_unverified_context(); "
    ask += "o = u.build_opener(u.HTTPSHandler(context=c)); print(o.open('https://127.0.0.1:8884' + sys.argv[1]).status)"

    offered, pages, authority = (
        hub.try_to("python3", "-c", ask, path) for path in ("/updates/none", "/", "/claim/ca.crt")
    )

    assert "403" in offered.stderr
    assert "404" in pages.stderr
    assert authority.stdout.strip() == "200", authority.stderr
