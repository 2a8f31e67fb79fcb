"""A broker that dies and has forgotten everything, speaks wills late, or lets others take a kiosk's name."""

import time

import paho.mqtt.client as mqtt
import pytest

from hub.intake.sorting import Delivery
from station.names import Session
from station.records import ClockState, ReaderState
from station.wire import topics
from station.wire.codec import encode
from station.wire.messages import State
from station.wire.topics import HUB_STATE, Leaf
from tests.hub.running import Listener
from tests.whole.town_in_trouble import START, until

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("town"), pytest.mark.timeout(600)]
HEARTBEAT_S = 33.0  # 30 s, a tenth more


def last_said(listener, topic):
    said = listener.said.get(topic, [])
    return said[-1] if said else None


def test_a_broker_that_forgot_everything_has_all_of_it_again_within_a_heartbeat(town, post_at):
    post = post_at(5)
    town.stands(post, "online", "vacant")
    assert post.hold(town.card(post.station, 0))[0] == "arrived"
    town.stands(post, "online", "minimum")
    town.broker.kill()
    assert post.hold(town.card(post.station, 1))[0] == "arrived"  # nobody at the kiosk notices

    town.broker.start()
    began_s = time.monotonic()
    state, told = topics.state(post.station, post.kiosk), topics.told(post.station, post.kiosk)
    presence = told[Leaf.PRESENCE]
    listener = Listener(town.broker.port, HUB_STATE, state, *told.values())
    until(
        lambda: (
            (said := {topic: last_said(listener, topic) for topic in listener._topics})
            and all(said.values())
            and said[state]["online"]
            and said[presence]["on_duty"] == 2
        ),
        lambda: f"births, health, duty, presence and roster: {listener.said.keys()}",
    )
    back_after_s = time.monotonic() - began_s
    listener.close()

    town.stands(post, "online", "met")
    assert back_after_s < HEARTBEAT_S


def state_of(post, session, n):
    return State(
        online=False, session=Session(session), n=n, version="1", epochs={}, reader=ReaderState.UP,
        clock=ClockState.SYNCED, boot="b", mono_ms=1, queued=0, at=START, reason="connection lost",
    )  # fmt: skip


def test_a_will_that_comes_late_is_overruled_by_the_kiosk(town, post_at):
    post = post_at(6)
    topic = topics.state(post.station, post.kiosk)
    town.stands(post, "online")
    listener = Listener(town.broker.port, topic)
    listener.send(Delivery(topic, encode(state_of(post, "e" * 16, 7))), retain=True)

    listener.wait(topic, lambda said: not said["online"])
    until(lambda: last_said(listener, topic)["online"], "the kiosk's own word after the will")
    listener.close()

    newcomer = Listener(town.broker.port, topic)
    assert newcomer.wait(topic)["online"], "the broker keeps the kiosk's word, not the will"
    newcomer.close()
    town.stands(post, "online")


def test_a_kiosk_whose_name_another_takes_is_back_with_a_session_of_its_own(town, post_at):
    post = post_at(7)
    topic = topics.state(post.station, post.kiosk)
    town.stands(post, "online")
    listener = Listener(town.broker.port, topic)
    session = listener.wait(topic)["session"]

    thief = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=f"{post.kiosk}-{session}")
    thief.connect("127.0.0.1", town.broker.port)
    thief.loop_start()

    again = listener.wait(topic, lambda said: said["online"] and said["session"] != session)
    card = town.stranger()
    assert post.hold(card)[0] == "unknown_card"
    until(lambda: town.times_stored(card) == 1, "the tap after the takeover")
    assert again["reader"] == "up"
    town.stands(post, "online")
    thief.disconnect()
    thief.loop_stop()
    listener.close()
