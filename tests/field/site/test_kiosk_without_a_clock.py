"""A board without a clock chip, from its box on: it begins in 1970 at each start, and has no line at first.

It has a kernel of its own, and so a clock that its system sets as on a board: systemd, its time service, the hub's chrony.
"""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime

import pytest

from station.hours import SHANGHAI
from tests.field.image import missing_for_whole
from tests.field.machines import NET, Reader
from tests.field.patience import TEST_S, eventually
from tests.field.site.doings import needs_all
from tests.field.test_kiosk import UNIT, tap_unheard
from tests.field.whole_machine import READER, WholeMachine

pytestmark = [pytest.mark.field, pytest.mark.xdist_group("field"), pytest.mark.timeout(2 * TEST_S), needs_all]
BANK = "bank-1-a"
FAR_OFF_MS = 24 * 3_600_000
NEAR_MS = 5_000
# In a container chrony may not set the clock, which is this machine's and right.
LETS_CLOCK_BE = "[Unit]\nConditionCapability=\n[Service]\nEnvironmentFile=\nEnvironment=DAEMON_OPTS=-x\n"
LOOK_AT_BOARD = """
import http.cookiejar, re, subprocess, sys, urllib.parse, urllib.request
invite = ["zaigang-hub", "user", "invite", "lead", "--role", "lead", "--station", "bank-1", "--anew"]
said = subprocess.run(invite, capture_output=True, text=True, check=True).stdout
(key,) = re.findall(r"/invitations/(\\S+)", said)
web = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
here = "http://127.0.0.1:8080"
form = urllib.parse.urlencode(dict.fromkeys(("new", "again"), "seven invented herons")).encode()
web.open(urllib.request.Request(f"{here}/invitations/{key}", form, {"Origin": here}))
print(web.open(f"{here}/api/v1/stations/bank-1?date={sys.argv[1]}").read().decode())
"""


@dataclass(frozen=True)
class Stored:
    """A tap at the hub: what its record says, and where the hub puts it."""

    said_ms: int
    said: str
    stored_ms: int
    at_ms: int
    clock: str
    earliest_ms: int | None
    latest_ms: int | None


class Moment:
    """When something was done, by the clock of this machine, which is right."""

    from_ms = to_ms = 0

    def holds(self, at_ms: int) -> bool:
        return self.from_ms - NEAR_MS <= at_ms <= self.to_ms + NEAR_MS


@contextmanager
def timed() -> Iterator[Moment]:
    made = Moment()
    made.from_ms = time.time_ns() // 1_000_000
    yield made
    made.to_ms = time.time_ns() // 1_000_000


@pytest.fixture(scope="module")
def reader():
    """Its own, beside that of the site's other kiosk."""
    with closing(Reader()) as made:
        yield made


@pytest.fixture(scope="module")
def site(hub, network):
    """The hub's machine, where chrony does not serve yet, beside a router."""
    place = hub.root / "etc/systemd/system/chrony.service.d"
    place.mkdir(parents=True, exist_ok=True)
    (place / "container.conf").write_text(LETS_CLOCK_BE)
    hub.do("systemctl", "daemon-reload")
    hub.do("systemctl", "stop", "chrony")
    command = [*network.within, sys.executable, "-m", "tests.field.router", f"{NET}.1", f"{NET}.77"]
    router = subprocess.Popen(command)
    yield hub
    router.kill()
    router.wait(60)


@pytest.fixture(scope="module")
def bank(place, network, reader, site):
    """Switched on for the first time, with a stick of the hub's making and without a cable."""
    reason = missing_for_whole()
    if reason:
        pytest.skip(reason)
    out = f"/var/lib/zaigang/prepared/{BANK}"
    fitted = ("--reader", f"pn532:{READER}", "--lamp", "", "--sound", "")
    site.do("zaigang-hub", "kiosk", "prepare", BANK, *fitted, "--out", out)
    with closing(WholeMachine("bank", place, network, reader, site.root / out[1:])) as made:
        made.boot()
        yield made


def taps(hub) -> list[Stored]:
    """Of the bank's kiosk, in the order in which they were made."""
    question = """
        SELECT record.at_ms, record.clock, stored_ms, ledger_tap.at_ms, ledger_tap.clock, earliest_ms, latest_ms
        FROM ledger_tap JOIN record USING (run, seq) JOIN run ON run.id = ledger_tap.run
        WHERE run.kiosk = ? ORDER BY ledger_tap.at_ms
    """
    with closing(sqlite3.connect(f"file:{hub.root}/var/lib/zaigang/zaigang.sqlite?mode=ro", uri=True)) as database:
        return [Stored(*row) for row in database.execute(question, (BANK,))]


def is_installed(bank) -> bool:
    return bank.try_to("systemctl", "is-active", "--quiet", UNIT).returncode == 0


def log_of(bank) -> str:
    units = [f"--unit={unit}" for unit in (UNIT, "cloud-final", "systemd-timesyncd", "systemd-networkd")]
    return bank.do("journalctl", "--no-pager", "--lines=100", *units) + bank.do("ip", "address")


def clock_ms(bank) -> int:
    return int(bank.do("date", "+%s")) * 1000


def is_far_off(at_ms: int) -> bool:
    return at_ms < time.time_ns() // 1_000_000 - FAR_OFF_MS


def said_by(bank) -> str:
    """What it has answered last."""
    lines = bank.do("journalctl", "--no-pager", "--output=cat", f"--unit={UNIT}").splitlines()
    return [line for line in lines if line.startswith("[")][-1]


def doctor(bank) -> list[str]:
    return bank.try_to("zaigang-edge", "doctor", "--lang", "zh").stdout.splitlines()


@pytest.fixture(scope="module")
def without_a_line(bank, reader):
    """A card was held to it at its first start, and the power cut; and at its second, which goes on."""
    assert eventually(lambda: is_installed(bank)), log_of(bank)
    bank.said = [doctor(bank)[-1]]
    bank.clocks = [clock_ms(bank)]
    with timed() as bank.first:
        tap_unheard(reader, bank, "04000000000021")
    bank.said.append(said_by(bank))
    bank.cut_power()
    bank.boot()
    assert eventually(lambda: is_installed(bank)), log_of(bank)
    with timed() as bank.second:
        tap_unheard(reader, bank, "04000000000022")
    bank.said.append(said_by(bank))
    bank.clocks.append(clock_ms(bank))
    return bank


def test_by_a_clock_that_nobody_set_it_is_installed_and_answers_cards_and_tells_no_time(without_a_line):
    told, *answers = without_a_line.said

    assert [is_far_off(at_ms) for at_ms in without_a_line.clocks] == [True, True]
    assert told == "不能使用：网络。下一步：检查网线两端是否插好。"
    assert [answer.partition(" | ")[0] for answer in answers] == ["[arrived] 上岗", "[arrived] 上岗"]


@pytest.fixture(scope="module")
def plugged_in(without_a_line, site):
    """With its cable in; nothing but the hub tells it the time."""
    without_a_line.plug_in()
    assert eventually(lambda: len(taps(site)) == 2), log_of(without_a_line)
    return without_a_line


def test_once_it_has_a_line_what_was_tapped_is_at_the_hub_at_its_time_or_with_bounds_that_hold_it(plugged_in, site):
    first, second = plugged_in.first, plugged_in.second

    assert eventually(lambda: taps(site)[1].clock == "synced"), (taps(site), log_of(plugged_in))
    before, after = taps(site)
    assert is_far_off(clock_ms(plugged_in))  # the machine's own is nobody's affair
    assert (before.said, after.said) == ("unset", "unset")
    assert second.holds(after.at_ms), (after, vars(second))
    assert before.clock == "unset"
    assert (before.earliest_ms or 0) <= first.to_ms + NEAR_MS
    assert before.latest_ms is not None
    assert first.from_ms - NEAR_MS <= before.latest_ms <= second.to_ms + NEAR_MS
    assert first.from_ms - NEAR_MS <= before.at_ms <= before.latest_ms


def test_the_hubs_chrony_sets_its_clock_and_it_is_fit_for_use(plugged_in, site, reader):
    site.do("systemctl", "start", "chrony")
    plugged_in.do("systemctl", "restart", "systemd-timesyncd")  # else it asks again after minutes

    assert eventually(lambda: not is_far_off(clock_ms(plugged_in))), log_of(plugged_in)
    assert eventually(lambda: doctor(plugged_in)[-1] == "可以使用"), doctor(plugged_in)
    assert "正常  时钟：由时间服务校准" in doctor(plugged_in)
    with timed() as third:
        tap_unheard(reader, plugged_in, "04000000000023")
    assert eventually(lambda: len(taps(site)) == 3), log_of(plugged_in)
    last = taps(site)[2]
    assert (last.said, last.clock) == ("synced", "synced")
    assert third.holds(last.at_ms), (last, vars(third))


def test_the_board_knows_of_it(plugged_in, site):
    (site.root / "root/look.py").write_text(LOOK_AT_BOARD)

    day = datetime.fromtimestamp(taps(site)[-1].at_ms / 1000, SHANGHAI).date()
    told = json.loads(site.do("python3", "/root/look.py", day))

    assert told["station"]["kiosks_heard"] == 1
    assert told["is_recorded"]
    assert told["stints"], told
