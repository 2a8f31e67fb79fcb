"""The whole agent: a scripted reader, real threads, a real broker, a small hub."""

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from devices.errors import ReaderLostError
from devices.signals import Signal
from edge.agent import Agent
from edge.config import BrokerConfig, EdgeConfig, ReaderConfig
from edge.outgoing import Outgoing
from edge.seams import Seams
from simulator.scripted_reader import ScriptedReader
from station.clock import Clock
from station.names import KioskId, StationCode
from station.records import Note, Tap
from station.wire.codec import decode, encode
from station.wire.messages import State
from tests.edge.brokers import BrokerProcess, WireHub, eventually
from tests.edge.hub_in_memory import STATE
from tests.edge.rig import SITE_KEY, Beeps, card, duty

pytestmark = pytest.mark.broker
TRIES = 20  # of which one must be quick: whatever else the machine does, it does not do it all the time


@pytest.fixture(params=["embedded", "mosquitto"])
def broker(request, tmp_path):
    process = BrokerProcess(request.param, tmp_path)
    yield process
    process.kill()


class Post:
    """One kiosk with its reader and its buzzer."""

    def __init__(self, folder: Path, port: int) -> None:
        self.reader = ScriptedReader()
        self.is_plugged = True
        self._is_over = False
        self.beeps = Beeps()
        config = EdgeConfig(
            station=StationCode("SQ01"),
            kiosk=KioskId("sq01-a"),
            data_dir=folder / "data",
            site_key_file=folder / "key",
            readers=(ReaderConfig("door", "scripted:"),),
            broker=BrokerConfig(port=port),
        )
        seams = Seams(clock=Clock(), boot="boot-1", is_synced=lambda: True)
        self.agent = Agent(
            config, site_key=SITE_KEY, annunciator=self.beeps, seams=seams, rng=Random(1), reader_factory=self.open
        )

    def end(self, how: Callable[[Agent], None] = Agent.stop) -> None:
        """Once: what a test has ended, its fixture does not end again."""
        if not self._is_over:
            self._is_over = True
            how(self.agent)

    def open(self, url: str) -> ScriptedReader:
        if not self.is_plugged:
            raise ReaderLostError(f"{url} is not there", is_there=False)
        return self.reader

    def touch(self, number: int) -> None:
        said = len(self.beeps.said)
        self.reader.put(card(number))
        assert eventually(lambda: len(self.beeps.said) > said)
        self.reader.take()

    def unplug(self) -> None:
        self.is_plugged = False
        self.reader.unplug()

    def plug_in(self) -> None:
        self.reader = ScriptedReader()
        self.is_plugged = True


@pytest.fixture
def post_at(tmp_path):
    """Makes a kiosk at the broker of that port, and takes it away in the end, whatever became of it."""
    made = []

    def make(port):
        made.append(Post(tmp_path, port))
        return made[-1]

    yield make
    for each in made:
        each.end()


@pytest.fixture
def post(broker, post_at):
    made = post_at(broker.port)
    made.agent.start()
    return made


def taps(hub):
    return [record for record in hub.hub.stored.values() if isinstance(record, Tap)]


def seconds_to_the_hub(hub, post, number):
    post.touch(number)
    began_s = monotonic()
    assert eventually(lambda: len(taps(hub)) == number)
    return monotonic() - began_s


def last_state(hub):
    with hub._lock:
        said = [payload for topic, payload in hub.heard if topic == STATE]
    return decode(said[-1], State) if said else None


def test_a_tap_is_at_the_hub_at_once(hub, post):
    assert eventually(lambda: last_state(hub) and last_state(hub).reader == "up" and last_state(hub).queued <= 1)

    took_s = (seconds_to_the_hub(hub, post, number) for number in range(1, TRIES + 1))

    assert any(each_s < 1.0 for each_s in took_s)
    assert set(post.beeps.signals) == {Signal.ARRIVED}


def test_taps_made_offline_arrive_in_order_when_the_broker_is_back(broker, post_at):
    broker.kill()
    post = post_at(broker.port)
    post.agent.start()
    for number in (1, 2, 3):
        post.touch(number)
    broker.start()
    with closing(WireHub(broker.port)) as hub:
        assert eventually(lambda: len(taps(hub)) == 3)
        assert [tap.seq for tap in taps(hub)] == sorted(tap.seq for tap in taps(hub))


def test_a_broker_that_forgot_everything_has_the_state_again(broker, hub, post):
    assert eventually(lambda: last_state(hub) is not None)
    broker.kill()
    hub.subscribed.clear()
    hub.heard.clear()
    broker.start()
    assert hub.subscribed.wait(60)

    assert eventually(lambda: last_state(hub) is not None)
    post.touch(1)
    assert eventually(lambda: len(taps(hub)) == 1)


def test_a_killed_agent_leaves_its_will(hub, broker, post_at):
    post = post_at(broker.port)
    post.agent.start()
    assert eventually(lambda: last_state(hub) is not None)

    post.end(Agent.kill)

    assert eventually(lambda: not last_state(hub).online)
    assert last_state(hub).reason == "connection lost"


def test_an_orderly_end_says_so(hub, broker, post_at):
    others = set(threading.enumerate())
    post = post_at(broker.port)
    post.agent.start()
    assert eventually(lambda: last_state(hub) is not None)

    post.end()

    assert eventually(lambda: not last_state(hub).online)
    assert last_state(hub).reason == "stopped"
    assert eventually(lambda: set(threading.enumerate()) <= others)


def test_an_unplugged_reader_is_told_and_found_again(hub, post):
    assert eventually(lambda: last_state(hub) and last_state(hub).reader == "up")

    post.unplug()
    assert eventually(lambda: last_state(hub).reader == "down")
    post.plug_in()

    assert eventually(lambda: last_state(hub).reader == "up")
    post.touch(1)


def test_what_the_hub_says_reaches_the_kiosk_and_its_disk(hub, post, tmp_path):
    assert eventually(lambda: last_state(hub) is not None)

    hub.say(Outgoing("zaigang/v1/SQ01/sq01-a/duty", encode(duty()), retain=True))

    assert eventually(lambda: post.agent.kiosk.people.has_calendar)
    assert eventually((tmp_path / "data" / "duty.json").exists)


def test_a_message_of_the_largest_size_passes(hub, broker, post_at):
    never_linked = post_at(1)
    kiosk = never_linked.agent.kiosk
    for _ in range(400):
        kiosk.rounds.write(kiosk.keeper.stamp(), Note, text="满" * 200)
    never_linked.end()
    post = post_at(broker.port)
    post.agent.start()

    assert eventually(lambda: len(hub.hub.stored) > 401)
    assert 20_480 < max(len(payload) for _, payload in hub.heard) <= 65_536
