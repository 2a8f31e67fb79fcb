"""The rules that an agent must keep, each provoked by a played hub; and, last, those seen in the whole talk.

A rule provokes what it needs by itself, so that one that is broken spoils no other. The connection is cut last.
"""

import time
from typing import Final

from simulator.conform.line import Line
from simulator.conform.played_hub import PlayedHub, Said
from simulator.conform.rules import KEPT, Rule, Seen, broken, kept_unless, not_seen
from simulator.conform.talk import TALK_RULES
from station.records import Unreadable
from station.wire import topics
from station.wire.messages import Journal
from station.wire.topics import Leaf

GARBAGE: Final = (b"", b"\xff\x00 not JSON", b"[]", b'{"v":1}', b'{"v":2,"session":1}', b"[" * 5000)
MOST_IN_A_SHOUT: Final = 2  # the one answer, and a heartbeat that happens to fall there
FORGERIES: Final = 6
_NOTHING_CAME: Final = "no records came, though through fell to 0"


def state_after_birth(hub: PlayedHub) -> Seen:
    """A birth of the hub is answered in time."""
    since_s = hub.bear()
    within_s = hub.pace.spread_s + hub.pace.slack_s
    state = hub.wait(lambda said: said.state, since_s, within_s)
    return KEPT if state else broken(f"no state within {within_s:g} s of the hub's birth")


def names_its_epochs(hub: PlayedHub) -> Seen:
    """What a state says of epochs can be."""
    state = next(said.state for said in reversed(hub.said) if said.state is not None)
    if not state.epochs:
        return broken("a state that is online names no epoch")
    wrong = [epoch for epoch, kept in state.epochs.items() if kept.last < kept.kept_from - 1]
    return kept_unless(f"epoch {wrong[0]}: last lies before kept_from - 1" if wrong else "")


def obeys_falling(hub: PlayedHub) -> Seen:
    """Records that were settled are sent again when the hub says that it has none."""
    if not any(kept.last >= kept.kept_from for kept in hub.kept.values()):
        return not_seen("the agent has no records")
    said = hub.ask_all_again()
    if said is None or said.journal is None:
        return broken(f"{_NOTHING_CAME} within {hub.pace.spread_s + hub.pace.slack_s:g} s")
    return kept_unless(_not_from_the_start(hub, said.journal))


def one_in_flight(hub: PlayedHub) -> Seen:
    """No second journal message before the first is settled."""
    said = hub.ask_all_again()
    if said is None or said.journal is None:
        return not_seen(_NOTHING_CAME)
    first = said.journal
    later = [each.journal for each in hub.listen(hub.pace.retry_s / 2) if each.journal is not None]
    others = [each for each in later if (each.epoch, each.first) != (first.epoch, first.first)]
    if others:
        return broken(
            f"first {others[0].first} of epoch {others[0].epoch} came while first {first.first} had no answer"
        )
    if not _more_than(hub, first):
        return not_seen("there was no second message to send: all records fit into one")
    return KEPT


def sends_again(hub: PlayedHub) -> Seen:
    """What is not settled comes again, and not too soon."""
    said = hub.ask_all_again()
    if said is None or said.journal is None:
        return not_seen(_NOTHING_CAME)
    again = _wait_again(hub, said)
    if again is None:
        return broken(f"not sent again within {_longest_s(hub):g} s without an answer")
    after_s = again.heard.at_s - said.heard.at_s
    if after_s < hub.pace.retry_s / 2 - hub.pace.slack_s:
        return broken(f"sent again after {after_s:.1f} s; wanted is {hub.pace.retry_s:g} s, give or take half")
    assert again.journal is not None
    fault = "" if again.journal.first == said.journal.first else f"begins at {again.journal.first}"
    return kept_unless(fault and f"sent again, but it {fault}; first unsettled is {said.journal.first}")


def ignores_other_session(hub: PlayedHub) -> Seen:
    """Another session's answer settles nothing."""
    said = hub.ask_all_again()
    if said is None or said.journal is None:
        return not_seen(_NOTHING_CAME)
    hub.tell({epoch: kept.last for epoch, kept in hub.kept.items()}, hub.n, session=hub.name())
    again = _wait_again(hub, said)
    if again is not None and again.journal is not None and _is_same(again.journal, said.journal):
        return KEPT
    if again is None and sends_again(hub) != KEPT:
        return not_seen("it does not send again anyhow")
    return broken("obeyed: the records are not sent again")


def ignores_lower_n(hub: PlayedHub) -> Seen:
    """An older answer than the last obeyed changes nothing."""
    hub.settle_all()
    within_s = hub.pace.spread_s + hub.pace.slack_s
    hub.wait(lambda said: said.state, hub.bear(), within_s)  # n has grown, and is answered
    if hub.n < 2:  # noqa: PLR2004 -- the first n that has a lower one
        return not_seen("n did not rise beyond 1")
    since_s = hub.tell(dict.fromkeys(hub.kept, 0), 1)
    said = hub.wait(lambda said: said.journal, since_s, within_s)
    return kept_unless(f"obeyed: through 0 with n 1, after one with n {hub.n}" if said else "")


def again_after_birth(hub: PlayedHub) -> Seen:
    """A hub that begins anew gets what is not settled without waiting for the pause."""
    said = hub.ask_all_again()
    if said is None or said.journal is None:
        return not_seen(_NOTHING_CAME)
    since_s = hub.bear()
    within_s = hub.pace.spread_s + hub.pace.slack_s
    state = hub.wait(lambda each: each.state, since_s, within_s)
    if state is not None:
        hub.tell(dict.fromkeys(hub.kept, 0), hub.n)
    again = hub.wait(lambda each: each.journal, since_s, within_s)
    if again is None or again.journal is None:
        return broken(f"no records within {within_s:g} s of the hub's birth")
    return kept_unless("" if _is_same(again.journal, said.journal) else f"it begins at {again.journal.first}")


def comes_to_rest(hub: PlayedHub) -> Seen:
    """Once all is settled nothing is sent but states, and these say so."""
    hub.settle_all()
    within_s = hub.pace.heartbeat_s * 1.1 + hub.pace.slack_s
    rest = hub.wait(lambda said: said.state and said.state.queued == 0, time.monotonic(), within_s)
    return KEPT if rest else broken(f"no state with queued 0 within {within_s:g} s, though all is settled")


def beats(hub: PlayedHub) -> Seen:
    """States come without being asked for."""
    hub.answers = True
    longest_s = hub.pace.heartbeat_s * 1.1 + hub.pace.slack_s
    for _ in range(2):
        if hub.wait(lambda said: said.state, time.monotonic(), longest_s) is None:
            return broken(f"no state for {longest_s:g} s")
    return KEPT


def answers_late_will(hub: PlayedHub) -> Seen:
    """Another session's state on its topic is overwritten."""
    hub.listen(hub.pace.shout_s)
    since_s = hub.forge()
    state = hub.wait(lambda said: said.state, since_s, hub.pace.slack_s)
    return KEPT if state else broken(f"no state within {hub.pace.slack_s:g} s of another session's on its topic")


def does_not_shout(hub: PlayedHub) -> Seen:
    """Two agents of one name do not shout each other down."""
    hub.listen(hub.pace.shout_s)
    for _ in range(FORGERIES):
        hub.forge()
    states = [said for said in hub.listen(hub.pace.shout_s * 0.9) if said.state]
    return kept_unless(
        f"{len(states)} states within {hub.pace.shout_s:g} s, in answer to {FORGERIES} of other sessions"
        if len(states) > MOST_IN_A_SHOUT
        else ""
    )


def survives_garbage(hub: PlayedHub) -> Seen:
    """What cannot be read stops nothing."""
    address = topics.Address(hub.station, Leaf.COMMAND, hub.kiosk).topic
    for topic in (hub.settled_topic, hub.state_topic, topics.HUB_STATE, address, *_of_station(hub)):
        for payload in GARBAGE:
            hub.intrude(topic, payload)
    seen = state_after_birth(hub)
    return seen if seen == KEPT else broken(f"after messages that cannot be read: {seen.text}")


def is_retained(hub: PlayedHub) -> Seen:
    """Whoever comes later finds the state, and no records."""
    with Line(hub.broker, [hub.state_topic, hub.journal_topic]) as late:
        found = set()
        until_s = time.monotonic() + min(1.0, hub.pace.quiet_s)
        while (heard := late.next(until_s)) is not None:
            if heard.retained:
                found.add(heard.topic)
    if hub.journal_topic in found:
        return broken("a journal message is retained")
    return kept_unless("" if hub.state_topic in found else "no state is retained")


def comes_back_anew(hub: PlayedHub) -> Seen:
    """A connection that was cut leaves its own will, and the next is another session. Cut by taking its client id."""
    cut = hub.session
    since_s = time.monotonic()
    with Line(hub.broker, [], client_id=f"{hub.kiosk}-{cut}"):
        will = hub.wait(lambda said: _is_will(said, cut), since_s, hub.pace.slack_s)
        back = hub.wait(lambda said: said.state and said.state.session != cut, since_s, hub.pace.cut_s)
    if will is None and back is None:
        return not_seen(f"nobody was cut off: is the client id not {hub.kiosk}-{{session}}?")
    if will is None:
        return broken("its will was not heard: no state with online false of the session that was cut")
    return kept_unless("" if back else f"no birth of a new session within {hub.pace.cut_s:g} s")


def _is_will(said: Said, session: str) -> bool:
    message = said.message
    return (
        message is not None and not isinstance(message, Journal) and not message.online and message.session == session
    )


def _of_station(hub: PlayedHub) -> list[str]:
    return [topics.of_station(hub.station, leaf) for leaf in (Leaf.DUTY, Leaf.ROSTER, Leaf.PRESENCE)]


def _longest_s(hub: PlayedHub) -> float:
    return hub.pace.retry_s * 1.5 + hub.pace.slack_s


def _wait_again(hub: PlayedHub, said: Said) -> Said | None:
    """The next journal message, until the first pause must be over."""
    since_s = time.monotonic()
    return hub.wait(lambda each: each.journal, since_s, said.heard.at_s + _longest_s(hub) - since_s)


def _is_same(again: Journal, before: Journal) -> bool:
    return (again.epoch, again.first) == (before.epoch, before.first)


def _more_than(hub: PlayedHub, journal: Journal) -> bool:
    """Whether there is anything beyond that message."""
    last = journal.first + len(journal.records) - 1
    return any(
        kept.last >= kept.kept_from and (epoch != journal.epoch or kept.last > last) for epoch, kept in hub.kept.items()
    )


def _not_from_the_start(hub: PlayedHub, journal: Journal) -> str:
    kept = hub.kept.get(journal.epoch)
    if any(isinstance(record, Unreadable) for record in journal.records):
        return ""  # another rule's
    start = max(1, kept.kept_from if kept else 1)
    return "" if journal.first == start else f"it begins at {journal.first}; the first unsettled is {start}"


AGENT_RULES: Final[tuple[Rule[PlayedHub], ...]] = (
    Rule("state-after-birth", "after a hub birth every edge publishes its state within 0 to 5 s", state_after_birth),
    Rule("state-epochs", "epochs lists the running one", names_its_epochs),
    Rule("obeys-falling", "obeys one of its own session, whether through rises or falls", obeys_falling),
    Rule("one-in-flight", "at most one journal message unsettled in flight", one_in_flight),
    Rule("sends-again", "if settled does not advance for 10 s it sends again from the first unsettled", sends_again),
    Rule("other-session", "obeys only a settled that echoes its own session", ignores_other_session),
    Rule("lower-n", "obeys only a settled with no lower n than the last it obeyed", ignores_lower_n),
    Rule("again-after-birth", "it sends again after a hub birth, within 0 to 5 s", again_after_birth),
    Rule("comes-to-rest", "queued: records not settled", comes_to_rest),
    Rule("heartbeat", "state every 30 s ±10 %", beats),
    Rule("late-will", "seeing another session's state there, it publishes its own again", answers_late_will),
    Rule("no-shouting", "at most once in 2 s", does_not_shout),
    Rule("garbage", "a bad message stops nothing", survives_garbage),
    Rule("retained", "state is retained, journal is not", is_retained),
    Rule("session-and-will", "session: random per connection; the will in state's shape", comes_back_anew),
    *TALK_RULES,
)  # fmt: skip
