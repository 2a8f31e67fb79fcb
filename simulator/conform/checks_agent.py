"""The rules that an agent must keep, each provoked by a played hub; and, last, those seen in the whole talk.

Which records it sends, and when, is `checks_sending`'s; what it does when asked, `checks_commands`'; what shows without
provoking, `talk`'s. The connection is cut last.
"""

from typing import Final

from simulator.conform.checks_commands import COMMAND_RULES
from simulator.conform.checks_sending import SENDING_RULES
from simulator.conform.played_hub import AgentMessage, PlayedHub
from simulator.conform.rules import KEPT, Judgement, Rule, broken, kept_unless, not_seen
from simulator.conform.talk import TALK_RULES
from station.names import Epoch
from station.wire import topics
from station.wire.messages import Journal
from station.wire.topics import Leaf

GARBAGE: Final = (b"", b"\xff\x00 not JSON", b"[]", b'{"v":1}', b'{"v":2,"session":1}', b"[" * 5000)
FORGERIES: Final = 12
MOST_TURNS: Final = 20  # of more epochs only that they change is looked at


def state_after_birth(hub: PlayedHub) -> Judgement:
    """A birth of the hub is answered in time."""
    since_s = hub.bear()
    within_s = hub.pace.spread_s + hub.pace.slack_s
    state = hub.wait(lambda said: said.state, since_s, within_s)
    return KEPT if state else broken(f"no state within {within_s:g} s of the hub's birth")


def names_its_epochs(hub: PlayedHub) -> Judgement:
    """What a state says of epochs can be."""
    state = next(said.state for said in reversed(hub.said) if said.state is not None)
    if not state.epochs:
        return broken("a state that is online names no epoch")
    wrong = [epoch for epoch, kept in state.epochs.items() if kept.last < kept.kept_from - 1]
    return kept_unless(f"epoch {wrong[0]}: last lies before kept_from - 1" if wrong else "")


def names_in_turn(hub: PlayedHub) -> Judgement:
    """Though all is settled, states name the older epochs one after the other: a hub put back learns of them."""
    hub.settle_all()
    held = {epoch for epoch, kept in hub.kept.items() if kept.last >= kept.kept_from}
    if len(held) < 2:  # noqa: PLR2004 -- the running one and another
        return not_seen("the agent keeps one run only")
    named: set[Epoch] = set()
    for _ in range(min(len(held), MOST_TURNS) + 1):
        hub.listen(hub.pace.shout_s)
        said = hub.wait(lambda each: each.state, hub.forge(), hub.pace.heartbeat_s * 1.1 + hub.pace.slack_s)
        named |= set(said.state.epochs) if said and said.state else set()
    missing = held - named
    if len(held) > MOST_TURNS and len(named) > 1:
        return KEPT
    return kept_unless(f"epoch {min(missing)} was not named again once it was settled" if missing else "")


def comes_to_rest(hub: PlayedHub) -> Judgement:
    """Once all is settled nothing is sent but states, and these say so."""
    hub.settle_all()
    within_s = hub.pace.heartbeat_s * 1.1 + hub.pace.slack_s
    rest = hub.wait(lambda said: said.state and said.state.queued == 0, hub.now_s(), within_s)
    return KEPT if rest else broken(f"no state with queued 0 within {within_s:g} s, though all is settled")


def beats(hub: PlayedHub) -> Judgement:
    """States come without being asked for."""
    hub.answers = True
    longest_s = hub.pace.heartbeat_s * 1.1 + hub.pace.slack_s
    for _ in range(2):
        if hub.wait(lambda said: said.state, hub.now_s(), longest_s) is None:
            return broken(f"no state for {longest_s:g} s")
    return KEPT


def answers_late_will(hub: PlayedHub) -> Judgement:
    """Another session's state on its topic is overwritten."""
    hub.listen(hub.pace.shout_s)
    since_s = hub.forge()
    state = hub.wait(lambda said: said.state, since_s, hub.pace.slack_s)
    return KEPT if state else broken(f"no state within {hub.pace.slack_s:g} s of another session's on its topic")


def does_not_shout(hub: PlayedHub) -> Judgement:
    """Two agents of one name do not shout each other down."""
    hub.listen(hub.pace.shout_s)
    since_s = hub.now_s()
    states: list[AgentMessage] = []
    for _ in range(FORGERIES):
        hub.forge()
        states += [said for said in hub.listen(hub.pace.shout_s / FORGERIES) if said.state]
    took_s = max((said.heard.at_s for said in states), default=since_s) - since_s
    answers = 1 + int(took_s / hub.pace.shout_s)
    heartbeats = 1 + int(took_s / (hub.pace.heartbeat_s * 0.9))
    return kept_unless(
        f"{len(states)} states within {took_s:.1f} s, in answer to {FORGERIES} of other sessions"
        if len(states) > answers + heartbeats
        else ""
    )


def survives_garbage(hub: PlayedHub) -> Judgement:
    """What cannot be read stops nothing."""
    address = topics.Address(hub.station, hub.kiosk, Leaf.COMMAND).topic
    told = topics.told(hub.station, hub.kiosk).values()
    for topic in (hub.settled_topic, hub.state_topic, topics.HUB_STATE, address, *told):
        for payload in GARBAGE:
            hub.intrude(topic, payload)
    seen = state_after_birth(hub)
    return seen if seen == KEPT else broken(f"after messages that cannot be read: {seen.text}")


def is_retained(hub: PlayedHub) -> Judgement:
    """Whoever comes later finds the state, and no records."""
    found = set()
    with hub.dial([hub.state_topic, hub.journal_topic]) as late:
        until_s = late.now_s() + hub.pace.slack_s
        while (heard := late.next(until_s)) is not None:
            if heard.retained:
                found.add(heard.topic)
                until_s = min(until_s, heard.at_s + hub.pace.quiet_s)
    if hub.journal_topic in found:
        return broken("a journal message is retained")
    return kept_unless("" if hub.state_topic in found else "no state is retained")


def comes_back_anew(hub: PlayedHub) -> Judgement:
    """A connection that was cut leaves its own will, and the next is another session. Cut by taking its client id."""
    cut = hub.session
    since_s = hub.now_s()
    with hub.dial([], client_id=f"{hub.kiosk}-{cut}"):
        will = hub.wait(lambda said: _is_will(said, cut), since_s, hub.pace.slack_s)
        back = hub.wait(lambda said: said.state and said.state.session != cut, since_s, hub.pace.cut_s)
    if will is None and back is None:
        return not_seen(f"nobody was cut off: is the client id not {hub.kiosk}-{{session}}?")
    if will is None:
        return broken("its will was not heard: no state with online false of the session that was cut")
    return kept_unless("" if back else f"no birth of a new session within {hub.pace.cut_s:g} s")


def _is_will(said: AgentMessage, session: str) -> bool:
    message = said.message
    return (
        message is not None and not isinstance(message, Journal) and not message.online and message.session == session
    )


AGENT_RULES: Final[tuple[Rule[PlayedHub], ...]] = (
    Rule("state-after-birth", "after a hub birth every edge publishes its state within 0 to 5 s", state_after_birth),
    Rule("state-epochs", "epochs lists the running one", names_its_epochs),
    *SENDING_RULES,
    Rule("in-turn", "in turn one of the others that are kept", names_in_turn),
    Rule("comes-to-rest", "queued: records not settled", comes_to_rest),
    Rule("heartbeat", "state every 30 s ±10 %", beats),
    Rule("late-will", "seeing another session's state there, it publishes its own again", answers_late_will),
    Rule("no-shouting", "at most once in 2 s", does_not_shout),
    Rule("garbage", "a bad message stops nothing", survives_garbage),
    *COMMAND_RULES,
    Rule("retained", "state is retained, journal is not", is_retained),
    Rule("session-and-will", "session: random per connection; the will in state's shape", comes_back_anew),
    *TALK_RULES,
)  # fmt: skip
