"""What goes wrong between kiosk and hub without either being told: nothing is lost, doubled or forgotten early."""

import pytest

from edge import call, exchange
from edge.outgoing import Outgoing
from station.names import PersonId, Session
from station.wire.codec import decode_journal, encode
from station.wire.messages import Journal, Settled, Through
from station.wire.told import Holder, Roster
from tests.edge.brokers import WireHub, eventually
from tests.edge.hub_in_memory import AT, JOURNAL, SETTLED, STATE, Hub
from tests.edge.lines import WornLine
from tests.edge.offline_agent import OfflineAgent
from tests.edge.parrot import Parrot
from tests.edge.rig import token

pytestmark = [pytest.mark.broker, pytest.mark.timeout(300)]
PATIENCE_S = 100.0
ALL = Through(10**6, backed=10**6, aged=10**6)
ROSTER = "zaigang/v1/SQ01/sq01-a/roster"


class ForgetfulHub(WireHub):
    """Journal messages come to the broker, which acknowledges them, and no further, while it `forgets`."""

    def __init__(self, port: int) -> None:
        self.forgets = False
        super().__init__(port)

    def _on_message(self, client, userdata, message) -> None:
        if self.forgets and message.topic == JOURNAL:
            with self._lock:
                self.heard.append((message.topic, message.payload))
            return
        super()._on_message(client, userdata, message)

    def journals(self) -> list[Journal]:
        with self._lock:
            return [decode_journal(payload) for topic, payload in self.heard if topic == JOURNAL]

    def holds(self, names: list[tuple[str, int]]) -> bool:
        return set(names) <= set(self.hub.stored)

    def settle(self, told: Settled) -> None:
        self.say(Outgoing(SETTLED, encode(told), retain=True))


@pytest.fixture
def hub(broker):
    made = ForgetfulHub(broker.port)
    yield made
    made.close()


@pytest.fixture
def line(broker):
    made = WornLine(broker.port)
    yield made
    made.close()


@pytest.fixture
def kiosk(line, hub, tmp_path):
    made = OfflineAgent(tmp_path / "data", line.port)
    yield made
    made.agent.stop()


def test_what_a_line_swallowed_is_sent_again_over_a_new_one(kiosk, hub, line, monkeypatch):
    monkeypatch.setattr(call, "KEEPALIVE_S", 2)
    kiosk.agent.start()
    assert eventually(lambda: hub.holds(kiosk.names()), PATIENCE_S)

    line.hang()
    kiosk.record(300)

    assert eventually(lambda: hub.holds(kiosk.names()), PATIENCE_S)
    assert hub.hub.conflicts == []


def test_what_the_broker_took_and_forgot_is_sent_again_and_kept_meanwhile(kiosk, hub, monkeypatch):
    monkeypatch.setattr(exchange, "FIRST_RETRY_S", 0.2)
    hub.forgets = True
    kiosk.record(5)
    kiosk.agent.start()

    assert eventually(lambda: len(hub.journals()) >= 4, PATIENCE_S)
    kiosk.agent.kiosk.store.retention.make_room()
    assert {journal.first for journal in hub.journals()} == {1}
    assert len(kiosk.names()) == 6
    hub.forgets = False

    assert eventually(lambda: hub.holds(kiosk.names()), PATIENCE_S)
    assert hub.hub.conflicts == []


def test_a_settled_from_before_or_of_another_session_or_of_what_was_never_said_is_not_obeyed(
    kiosk, hub, line, monkeypatch
):
    monkeypatch.setattr(exchange, "FIRST_RETRY_S", 0.5)
    hub.forgets = True
    kiosk.record(5)
    kiosk.agent.start()
    assert eventually(hub.journals, PATIENCE_S)
    before = hub.journals()[-1]
    line.cut()
    assert eventually(lambda: hub.journals()[-1].session != before.session, PATIENCE_S)
    now = hub.journals()[-1]

    for name, n in ((before.session, now.n), (Session("f" * 16), now.n), (now.session, 10**9), (now.session, 0)):
        hub.settle(Settled(name, n, {kiosk.epoch: ALL}, AT))
    hub.say(Outgoing(SETTLED, b"no more of these", retain=True))
    assert eventually(lambda: kiosk.agent.link._uplink.unreadable, PATIENCE_S)

    kiosk.agent.kiosk.store.retention.make_room()
    assert len(kiosk.names()) == 6
    hub.forgets = False
    assert eventually(lambda: hub.holds(kiosk.names()), PATIENCE_S)


def test_what_a_second_hub_claims_to_hold_is_sent_all_the_same_once_the_first_says_less(kiosk, hub):
    hub.forgets = True
    kiosk.record(5)
    kiosk.agent.start()
    assert eventually(hub.journals, PATIENCE_S)
    said = hub.journals()[-1]

    hub.settle(Settled(said.session, said.n, {kiosk.epoch: Through(6)}, AT))
    hub.forgets = False
    hub.say(Hub(started=7).birth())  # a state follows, and the first hub's answer

    assert eventually(lambda: hub.holds(kiosk.names()), PATIENCE_S)
    assert hub.hub.conflicts == []
    assert len(kiosk.names()) == 6


def test_over_a_broker_that_doubles_and_mixes_up_everything_each_record_is_held_once(kiosk, hub, broker):
    parrot = Parrot(broker.port, JOURNAL, SETTLED, STATE)
    kiosk.record(1000)
    kiosk.agent.start()

    assert eventually(lambda: hub.holds(kiosk.names()), PATIENCE_S)
    kiosk.record(300)
    assert eventually(lambda: hub.holds(kiosk.names()), PATIENCE_S)
    parrot.close()

    assert parrot.repeated > 20
    assert hub.hub.conflicts == []
    assert len(hub.hub.stored) == len(kiosk.names()) == 1301


def test_a_kiosk_that_came_late_knows_all_cards_once_the_hub_has_told_all_parts_again(kiosk, hub):
    """The broker keeps the last part alone, for all parts share a topic."""
    parts = [encode(Roster(1, part, 2, {token(part): Holder(PersonId(f"p{part}"), "示*人")})) for part in (1, 2)]
    for payload in parts:
        hub._client.publish(ROSTER, payload, qos=1, retain=True).wait_for_publish(PATIENCE_S)
    kiosk.agent.start()
    assert eventually(lambda: knows(kiosk, 2), PATIENCE_S)
    assert not knows(kiosk, 1)

    for payload in parts:
        hub.say(Outgoing(ROSTER, payload, retain=True))

    assert eventually(lambda: knows(kiosk, 1), PATIENCE_S)
    assert knows(kiosk, 2)


def knows(kiosk: OfflineAgent, number: int) -> bool:
    kiosk.agent.kiosk.tend()
    return kiosk.agent.kiosk.people.person_of(token(number)).key == f"p{number}"
