"""Our own agent breaks no rule; one that was made to break a rule is told which."""

from dataclasses import replace
from functools import partial
from itertools import chain, repeat

import pytest

from edge import exchange, uplink
from edge.commands import Commands
from edge.exchange import Exchange
from edge.uplink import Uplink
from simulator.conform import checks_sending
from simulator.conform.checks_agent import AGENT_RULES
from simulator.conform.command import look_at_agent
from simulator.conform.line import LineError, MqttLine, OtherHubError, SilenceError
from simulator.conform.played_hub import PlayedHub
from simulator.conform.rules import KEPT, Meeting, ProtocolTimes, Verdict
from station.records import Pulse
from station.wire.messages import Reply, Through
from tests.ports import free_port
from tests.simulator.conform.conftest import KIOSK, PACE, STATION


@pytest.fixture
def look(paper, paper_meeting):
    """Start the agent as it is by then, and look at some rules; those that are broken."""

    def look(*ids):
        paper.start_agent()
        rules = [rule for rule in AGENT_RULES if rule.id in ids]
        assert len(rules) == len(ids)
        findings = look_at_agent(paper_meeting, ProtocolTimes(), paper.now, rules)
        return {found.id for found in findings if found.verdict is Verdict.BROKEN}

    return look


def test_our_own_agent_keeps_every_rule(paper, paper_meeting):
    paper.start_agent()

    findings = list(look_at_agent(paper_meeting, ProtocolTimes(), paper.now))

    assert [(found.id, found.seen) for found in findings if found.verdict is not Verdict.KEPT] == []
    assert len(findings) == len(AGENT_RULES)


@pytest.mark.broker
def test_our_own_agent_keeps_the_rules_at_a_real_broker_too(meeting, start_agent, now):
    start_agent()
    rules = [rule for rule in AGENT_RULES if rule.id in ("state-after-birth", "obeys-falling", "session-and-will")]

    findings = list(look_at_agent(meeting, PACE, now, rules))

    assert [(found.id, found.verdict) for found in findings] == [(rule.id, Verdict.KEPT) for rule in rules]


@pytest.mark.parametrize(
    ("rule", "faulty", "otherwise"),
    [
        ("command", "_end", lambda self, command, reply: None),
        ("command-unknown", "_refuse", lambda self, command, text: self._end(command, Reply(command.id, ok=True))),
        ("command-expired", "obey", lambda self, command, stamp: self._begin(command, self._book)),
    ],
)
def test_an_agent_that_does_otherwise_with_commands_is_told_so(look, monkeypatch, rule, faulty, otherwise):
    monkeypatch.setattr(Commands, faulty, otherwise)

    assert rule in look(rule)


def test_an_agent_that_does_a_command_twice_and_says_otherwise_is_told_so(look, monkeypatch):
    words = chain([Reply("", ok=True)], repeat(Reply("", ok=False, text="interrupted")))

    def obey(self, command, stamp):
        self._replies.append(replace(next(words), id=command.id))

    monkeypatch.setattr(Commands, "obey", obey)

    assert look("command-again") == {"command-again"}


def test_an_agent_that_believes_every_session_is_told_so(look, monkeypatch):
    monkeypatch.setattr(Exchange, "obeys", lambda self, told: self.obeyed_n <= told.n <= self.n)

    assert look("other-session", "lower-n") == {"other-session"}


def test_an_agent_that_believes_an_older_answer_is_told_so(look, monkeypatch):
    monkeypatch.setattr(Exchange, "obeys", lambda self, told: told.session == self.id)

    assert look("other-session", "lower-n") == {"lower-n"}


def test_an_agent_that_does_not_send_again_is_told_so(look, monkeypatch):
    monkeypatch.setattr(Exchange, "give_up_late", lambda self, now_s: None)

    assert look("obeys-falling", "sends-again") == {"sends-again"}


def test_an_agent_that_is_slow_to_send_again_obeys_no_other_session(look, monkeypatch):
    monkeypatch.setattr(exchange, "FIRST_RETRY_S", 30.0)
    monkeypatch.setattr(checks_sending, "sends_again", lambda _: KEPT)  # as where it is slow only now and then

    assert look("other-session") == set()


def test_an_agent_that_never_names_an_old_run_again_is_told_so(look, monkeypatch):
    name = Exchange.name

    def name_wanting(self, kept):
        said = name(self, kept)
        *_, running = kept
        return {epoch: each for epoch, each in said.items() if epoch == running or self.unsettled(epoch, each)}

    monkeypatch.setattr(Exchange, "name", name_wanting)

    assert look("state-epochs", "in-turn") == {"in-turn"}


def test_an_agent_that_keeps_tapping_obeys_no_lower_n(paper, paper_meeting, monkeypatch):
    paper.start_agent()
    rules = [rule for rule in AGENT_RULES if rule.id == "lower-n"]
    tell = PlayedHub.tell

    def tell_while_somebody_taps(self, through, n, session=None):
        kiosk = paper._bench.kiosk
        if n < self.n:  # just when it is lied to
            kiosk.rounds.write(kiosk.keeper.stamp(), Pulse)
        return tell(self, through, n, session)

    monkeypatch.setattr(PlayedHub, "tell", tell_while_somebody_taps)

    assert [found.verdict for found in look_at_agent(paper_meeting, ProtocolTimes(), paper.now, rules)] == [
        Verdict.KEPT
    ]


def test_an_agent_that_uses_an_n_twice_is_told_so(look, monkeypatch):
    right = uplink.tell_records

    def reuse(parts, exchange, now_s, most_bytes):
        exchange.n -= 1
        sent = right(parts, exchange, now_s, most_bytes)
        exchange.n += sent is None
        return sent

    monkeypatch.setattr(uplink, "tell_records", reuse)

    assert look("obeys-falling", "n-rises", "size") == {"n-rises"}


def test_an_agent_that_lets_nothing_fall_is_told_so(look, monkeypatch):
    right = Exchange.obey

    def obey(self, told, *others):
        risen = {e: Through(max(t.through, self.through.get(e, 0))) for e, t in told.epochs.items()}
        right(self, replace(told, epochs=risen), *others)

    monkeypatch.setattr(Exchange, "obey", obey)
    monkeypatch.setattr(Exchange, "hear_birth", lambda self, now_s, rng: setattr(self, "state_due_s", now_s))

    assert look("comes-to-rest", "obeys-falling") == {"obeys-falling"}


def test_an_agent_that_does_not_wait_for_the_answer_is_told_so(look, monkeypatch):
    monkeypatch.setattr(Exchange, "take_off", lambda self, epoch, last, *_: self.through.update({epoch: last}))

    assert look("obeys-falling", "one-in-flight") == {"one-in-flight"}


def test_an_agent_that_sends_its_newest_run_first_is_told_so(look, monkeypatch):
    right = Exchange.due
    monkeypatch.setattr(Exchange, "due", lambda self, kept, now_s: right(self, dict(reversed(kept.items())), now_s))

    assert look("obeys-falling", "oldest-first") == {"oldest-first"}


def test_an_agent_that_shouts_is_told_so(look, monkeypatch):
    monkeypatch.setattr(uplink, "WILL_GAP_S", 0.0)

    assert look("no-shouting") == {"no-shouting"}


def test_an_agent_that_leaves_a_late_will_standing_is_told_so(look, monkeypatch):
    monkeypatch.setattr(Uplink, "_own_state", lambda self, session, payload, now_s: None)
    monkeypatch.setattr(uplink, "HEARTBEAT_S", 10_000.0)

    assert look("late-will") == {"late-will"}


def test_an_agent_that_leaves_no_will_of_its_own_is_told_so(look, monkeypatch):
    right = Uplink.will
    monkeypatch.setattr(Uplink, "will", lambda self, session: right(self, "0" * 16))

    assert look("session-and-will") == {"session-and-will"}


def test_where_no_agent_is_nothing_is_looked_at(paper, paper_meeting):
    with pytest.raises(SilenceError, match="nothing is heard"):
        list(look_at_agent(paper_meeting, ProtocolTimes(), paper.now))


def test_where_no_broker_is_nothing_is_looked_at(now):
    nobody = Meeting(partial(MqttLine, ("127.0.0.1", free_port())), STATION, KIOSK)

    with pytest.raises(LineError, match="cannot be reached"):
        list(look_at_agent(nobody, PACE, now))


@pytest.mark.broker
def test_beside_a_real_hub_no_hub_is_played(meeting, start_hub, start_agent, now):
    start_hub()

    with pytest.raises(OtherHubError):
        list(look_at_agent(meeting, replace(PACE, quiet_s=60.0), now))
