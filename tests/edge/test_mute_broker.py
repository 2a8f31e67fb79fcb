"""A broker that for a while acknowledges nothing, though it answers pings: the kiosk does not fall silent for ever."""

import selectors
from threading import Event

import pytest

from edge import call as call_module
from edge import uplink
from edge.call import LONGEST_WAY_S, Call
from edge.config import BrokerConfig
from edge.errors import LinkDownError
from edge.outgoing import Outgoing
from tests.edge.mute_broker import MuteBroker
from tests.edge.offline_agent import OfflineAgent
from tests.patience import eventually

pytestmark = pytest.mark.broker
WORD = Outgoing("zaigang/v1/SQ01/sq01-a/state", b"{}", retain=False)
PAHO_LETS_GO = 20  # unacknowledged messages; what follows waits in its memory


@pytest.fixture
def broker():
    made = MuteBroker()
    yield made
    made.close()


@pytest.fixture
def kiosk(broker, tmp_path, monkeypatch):
    monkeypatch.setattr(call_module, "LONGEST_WAY_S", 2.0)
    monkeypatch.setattr(uplink, "HEARTBEAT_S", 0.05)
    made = OfflineAgent(tmp_path / "data", broker.port)
    made.agent.start()
    yield made
    made.agent.stop()


def test_a_kiosk_is_heard_again_once_the_broker_acknowledges_again(kiosk, broker):
    assert eventually(lambda: len(broker.heard) > 1 or sum(broker.heard) > PAHO_LETS_GO)

    broker.patience = float("inf")

    assert eventually(lambda: max(broker.heard) > 2 * PAHO_LETS_GO)


class Conversation:
    """One call, at times that a test gives."""

    def __init__(self, port: int) -> None:
        self.call = Call(BrokerConfig("127.0.0.1", port), "sq01-a-1")
        self.call.dial()
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.call.socket, selectors.EVENT_READ)
        self.call.await_welcome(self.selector, Event())

    def is_busy_at(self, now_s: float) -> bool:
        self.call.turn(self.selector, 0.01)
        return self.call.is_busy(now_s)

    def stands_at(self, now_s: float) -> bool:
        try:
            return self.is_busy_at(now_s)
        except LinkDownError:
            return False

    def end(self) -> None:
        self.selector.close()
        self.call.hang_up()


@pytest.fixture
def conversation(broker):
    made = Conversation(broker.port)
    yield made
    made.end()


def test_a_broker_is_asked_to_give_a_silent_kiosk_up_within_half_a_minute(conversation, broker):
    assert 0 < 1.5 * broker.keepalive_s <= 30


def test_a_message_that_never_comes_to_the_broker_is_a_broken_link(conversation):
    conversation.call.publish(WORD, 0.0)

    assert conversation.is_busy_at(LONGEST_WAY_S - 1)
    with pytest.raises(LinkDownError, match="acknowledges nothing"):
        conversation.is_busy_at(LONGEST_WAY_S + 1)


def test_messages_that_come_one_after_the_other_may_take_long_together(conversation, broker):
    broker.patience = 1
    conversation.call.publish(WORD, 0.0)
    conversation.call.publish(WORD, 0.0)

    assert eventually(lambda: conversation.is_busy_at(LONGEST_WAY_S - 1) and conversation.stands_at(LONGEST_WAY_S + 1))
    with pytest.raises(LinkDownError):
        conversation.is_busy_at(2 * LONGEST_WAY_S + 2)
