"""Settings that the hub wants: tried once, held when all is well, and taken back by the kiosk itself."""

import json
from datetime import timedelta
from random import Random

import pytest

from edge.kept_settings import HELD, TRIAL, KeptSettings, RemoteSettings
from edge.liaison import Liaison
from edge.own_settings import OwnSettings
from edge.probation import TAKEN_BACK
from station.errors import ConfigError
from station.names import Session
from station.records import ReaderState
from station.wire.codec import decode, encode
from station.wire.messages import Command, Reply
from station.wire.topics import Address, Leaf
from tests.edge.hub_in_memory import Hub
from tests.edge.rig import DOOR, KIOSK, STATION, Bench

COMMAND, REPLY = (Address(STATION, KIOSK, leaf).topic for leaf in (Leaf.COMMAND, Leaf.REPLY))
TEN_MINUTES_S = 600  # as the kiosk has it where nobody says otherwise; nobody can
OWN = """
station = "SQ01"
kiosk = "sq01-a"
data_dir = "/var/lib/zaigang"
site_key_file = "/etc/zaigang/site.key"
[[readers]]
name = "door"
url = "pn532:/dev/ttyUSB0"
"""


class Site:
    """A kiosk on the bench and the hub at the other end of its line."""

    def __init__(self, folder) -> None:
        self.bench = Bench(folder)
        self.kept = KeptSettings(folder)
        self.replies: list[Reply] = []
        self.begin()

    def begin(self) -> None:
        """The agent begins: with settings on trial, as its program does."""
        self.began_with = self.kept.begin()
        self.liaison = Liaison(self.bench.kiosk, seams=self.bench.seams, rng=Random(1), version="9.9")
        self.hub = Hub()
        self.liaison.uplink.open(Session("0" * 16), self.now_s)

    @property
    def now_s(self) -> float:
        return self.bench.hands.boot_s

    def begin_anew(self, *, clean: bool = True) -> None:
        self.bench.restart(clean=clean, reboot=not clean)
        self.begin()

    def ask(self, settings: dict, version: str = "1", id_: str = "c-1") -> None:
        expires = self.bench.hands.now() + timedelta(days=1)
        command = Command(id_, expires, "config", {"version": version, "settings": json.dumps(settings)})
        self.liaison.uplink.take(COMMAND, encode(command), self.now_s)

    def stand(self, seconds: float, *, answers: bool = True) -> None:
        """Let time pass; the hub answers, or not."""
        for _ in range(int(seconds / 2)):
            self.liaison.keep_house(self.now_s)
            for said in self.liaison.uplink.send(self.now_s):
                if said.topic == REPLY:
                    self.replies.append(decode(said.payload, Reply))
                elif answers and (answer := self.hub.take(said)) is not None:
                    self.liaison.uplink.take(answer.topic, answer.payload, self.now_s)
            self.bench.hands.pass_s(2)

    @property
    def is_to_begin_anew(self) -> bool:
        return self.bench.kiosk.fresh_start.is_due


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path)
    yield made
    made.bench.close()


def trial(site, settings=None, **asked):
    site.ask(settings or {"limits": {"guard_s": 8.0}}, **asked)
    site.stand(2)
    assert site.is_to_begin_anew
    site.begin_anew()
    assert site.began_with.table() == (settings or {"limits": {"guard_s": 8.0}})


def test_what_is_wanted_is_tried_at_the_next_start_and_held_once_reader_and_hub_answer(site):
    trial(site)
    site.stand(10)

    assert site.replies[-1] == Reply("c-1", ok=True)
    assert not site.is_to_begin_anew
    site.begin_anew()
    assert (site.began_with.version, site.liaison.probation.held) == (1, 1)
    assert site.liaison.uplink._parts.figures().config == 1


def test_settings_that_name_a_reader_that_is_not_there_are_a_sentence_to_the_hub_a_dark_lamp_and_no_change(site):
    """The card's line for it: no light and no sound is a reader that is not there."""
    before = sorted(path.name for path in site.bench.path.iterdir())
    trial(site, {"readers": [{"name": "door", "url": "pn532:/dev/ttyUSB9"}]})
    site.bench.kiosk.reader_is(DOOR, ReaderState.DOWN, "no such device")
    site.stand(TEN_MINUTES_S + 20)
    site.begin_anew()
    site.bench.kiosk.reader_is(DOOR, ReaderState.UP)
    site.stand(10)

    sentences = {reply.text for reply in site.replies if reply.id == "c-1" and not reply.ok}
    assert sentences == {"taken back: a reader did not answer within 10 minutes"}
    assert site.bench.beeps.signals == []
    assert (site.began_with, site.kept.held()) == (None, None)
    assert not {HELD, TRIAL} & ({path.name for path in site.bench.path.iterdir()} - set(before))
    assert site.bench.kiosk.health().reader is ReaderState.UP


@pytest.mark.parametrize(("reader", "hub_answers", "why"), [
    (ReaderState.DOWN, True, "a reader did not answer"), (ReaderState.UP, False, "the hub did not answer"),
])  # fmt: skip
def test_where_reader_or_hub_does_not_answer_within_ten_minutes_they_are_taken_back(site, reader, hub_answers, why):
    trial(site)
    site.bench.kiosk.reader_is(DOOR, reader)
    site.stand(TEN_MINUTES_S - 20, answers=hub_answers)
    assert not site.is_to_begin_anew
    site.stand(40, answers=hub_answers)

    assert site.is_to_begin_anew
    assert site.replies[-1] == Reply("c-1", ok=False, text=f"taken back: {why} within 10 minutes")
    site.begin_anew()
    assert site.began_with is None


def test_where_the_power_fails_in_the_middle_they_are_taken_back(site):
    trial(site)
    site.begin_anew(clean=False)

    assert site.began_with is None
    site.stand(4)
    assert site.replies[-1] == Reply("c-1", ok=False, text=TAKEN_BACK)


def test_where_it_fails_before_any_agent_began_with_them_they_are_tried(site):
    site.ask({"limits": {"guard_s": 8.0}})
    site.begin_anew(clean=False)
    assert site.began_with is not None
    site.stand(10)

    assert site.replies[-1] == Reply("c-1", ok=True)


def test_where_it_fails_between_holding_and_saying_so_they_are_held_and_it_is_said(site):
    trial(site)
    site.kept.hold_trial()
    site.begin_anew(clean=False)
    site.stand(4)

    assert site.replies[-1] == Reply("c-1", ok=True)
    assert site.began_with.version == 1


def test_those_that_are_held_stay_while_others_are_tried_and_taken_back(site):
    trial(site)
    site.stand(10)
    trial(site, {"limits": {"guard_s": 9.0}}, version="2", id_="c-2")
    site.bench.kiosk.reader_is(DOOR, ReaderState.BLIND)
    site.stand(TEN_MINUTES_S + 20)
    site.begin_anew()

    assert site.began_with.table() == {"limits": {"guard_s": 8.0}}
    assert site.liaison.probation.held == 1


@pytest.mark.parametrize(("settings", "version", "why"), [
    ({"kiosk": "sq01-b"}, "1", "says who a kiosk is"), ({"broker": {"key_file": "/x"}}, "1", "says who a kiosk is"),
    ({}, "0", "wanted is a number"), ({}, "-1", "wanted is a number"), ({}, "", "wanted is a number"),
    ({}, "9" * 30, "wanted is a number"), ([], "1", "no table"), ({"signals": {"lamp": "x" * 20_000}}, "1", "at most"),
])  # fmt: skip
def test_what_cannot_be_wanted_is_refused_and_changes_nothing(site, settings, version, why):
    site.ask(settings, version)
    site.stand(4)

    assert not site.replies[-1].ok
    assert why in site.replies[-1].text
    assert not site.is_to_begin_anew
    assert site.kept.trial() is None


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b'{"version":"1","text":"{}"}', b'{"version":1,"text":"x"}', b"\xff"]
)
def test_files_that_are_spoilt_are_none(tmp_path, content):
    for name in (HELD, TRIAL):
        (tmp_path / name).write_bytes(content)

    assert KeptSettings(tmp_path).begin() is None


def test_a_disk_that_takes_no_mark_begins_no_trial(tmp_path):
    kept = KeptSettings(tmp_path)
    kept.try_next(RemoteSettings(1, "{}"))
    (tmp_path / f"{TRIAL}.fresh").mkdir()

    assert kept.begin() is None
    assert kept.trial() is not None


def test_they_are_laid_over_the_kiosks_own_file_and_checked_with_it(tmp_path):
    file = tmp_path / "edge.toml"
    file.write_text(OWN)
    own = OwnSettings(file, {})

    changed = own.under({"limits": {"guard_s": 8.0}, "readers": [{"name": "door", "url": "acr122u:usb"}]})
    assert (changed.limits.guard_s, changed.limits.hold_s) == (8.0, 3.0)
    assert [reader.url for reader in changed.readers] == ["acr122u:usb"]
    for bad in ({"limits": {"guard_s": 500.0}}, {"readers": [{"name": "door", "url": "nothing:"}]}, {"mood": "good"}):
        with pytest.raises(ConfigError):
            own.check(bad)
