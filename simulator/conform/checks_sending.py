"""The rules of an agent that say which records it sends, and when; each is provoked by a played hub.

Each provokes what it needs by itself, mostly by a `through` that rises to the end and falls to 0, so that one that is
broken spoils no other.
"""

from typing import Final

from simulator.conform.played_hub import AgentMessage, PlayedHub
from simulator.conform.rules import KEPT, Judgement, Rule, broken, kept_unless, not_seen
from station.names import Epoch
from station.records import Started, Unreadable
from station.wire.messages import Journal

LATE_PAUSES: Final = 4.0  # an agent that is slow to send again has done so by then
_NOTHING_CAME: Final = "no records came, though through fell to 0"


def obeys_falling(hub: PlayedHub) -> Judgement:
    """Records that were settled are sent again when the hub says that it has none."""
    if not any(kept.last >= kept.kept_from for kept in hub.kept.values()):
        return not_seen("the agent has no records")
    said = hub.ask_all_again()
    if said is None or said.journal is None:
        return broken(f"{_NOTHING_CAME} within {hub.pace.spread_s + hub.pace.slack_s:g} s")
    return kept_unless(_not_from_the_start(hub, said.journal))


def one_in_flight(hub: PlayedHub) -> Judgement:
    """No second journal message before the first is settled."""
    said = hub.ask_all_again()
    if said is None or said.journal is None:
        return not_seen(_NOTHING_CAME)
    first = said.journal
    later = [each.journal for each in hub.listen(hub.pace.retry_s / 2 + hub.pace.slack_s) if each.journal is not None]
    others = [each for each in later if (each.epoch, each.first) != (first.epoch, first.first)]
    if others:
        return broken(
            f"first {others[0].first} of epoch {others[0].epoch} came while first {first.first} had no answer"
        )
    if not _more_than(hub, first):
        return not_seen("there was no second message to send: all records fit into one")
    return KEPT


def oldest_first(hub: PlayedHub) -> Judgement:
    """Runs come in the order they began, as far as their `started` records tell it."""
    wanted = {epoch for epoch, kept in hub.kept.items() if kept.last >= kept.kept_from}
    said = hub.ask_all_again()
    if said is None or said.journal is None:
        return not_seen(_NOTHING_CAME)
    journals = [said.journal]
    hub.go_on_from(said)
    within_s = hub.pace.spread_s + hub.pace.slack_s
    while not wanted <= {journal.epoch for journal in journals}:
        following = hub.wait(lambda each: each.journal, said.heard.at_s, within_s)
        if following is None or following.journal is None:
            break
        journals.append(following.journal)
    return _began_in_order(journals)


def sends_again(hub: PlayedHub) -> Judgement:
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


def ignores_other_session(hub: PlayedHub) -> Judgement:
    """Another session's answer settles nothing."""
    said = hub.ask_all_again()
    if said is None or said.journal is None:
        return not_seen(_NOTHING_CAME)
    hub.tell({epoch: kept.last for epoch, kept in hub.kept.items()}, hub.n, session=hub.name())
    again = _wait_again(hub, said) or _wait_again(hub, said, pauses=LATE_PAUSES)  # late is another rule's
    if again is not None and again.journal is not None and _is_same(again.journal, said.journal):
        return KEPT
    if again is None and sends_again(hub) != KEPT:
        return not_seen("it does not send again anyhow")
    return broken("obeyed: the records are not sent again")


def ignores_lower_n(hub: PlayedHub) -> Judgement:
    """An older answer than the last obeyed changes nothing."""
    hub.settle_all()
    within_s = hub.pace.spread_s + hub.pace.slack_s
    hub.wait(lambda said: said.state, hub.bear(), within_s)  # n has grown, and is answered
    if hub.n < 2:  # noqa: PLR2004 -- the first n that has a lower one
        return not_seen("n did not rise beyond 1")
    hub.listen(within_s)  # what was on its way at the birth may come again
    held = {epoch: kept.last for epoch, kept in hub.kept.items()}
    hub.answers = False  # else its next state is answered, and it is set right before it sends
    since_s = hub.tell(dict.fromkeys(hub.kept, 0), 1)
    said = hub.wait(lambda said: _is_again(said.journal, held), since_s, within_s)
    hub.answers = True
    return kept_unless(f"obeyed: through 0 with n 1, after one with n {hub.n}" if said else "")


def _is_again(journal: Journal | None, held: dict[Epoch, int]) -> bool:
    """Whether it sends what was settled; what is recorded meanwhile goes by right."""
    return journal is not None and journal.first <= held.get(journal.epoch, 0)


def again_after_birth(hub: PlayedHub) -> Judgement:
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


def _longest_s(hub: PlayedHub, pauses: float = 1.0) -> float:
    return hub.pace.retry_s * 1.5 * pauses + hub.pace.slack_s


def _wait_again(hub: PlayedHub, said: AgentMessage, pauses: float = 1.0) -> AgentMessage | None:
    """The next journal message, until so many first pauses must be over."""
    since_s = hub.now_s()
    return hub.wait(lambda each: each.journal, since_s, said.heard.at_s + _longest_s(hub, pauses) - since_s)


def _is_same(again: Journal, before: Journal) -> bool:
    return (again.epoch, again.first) == (before.epoch, before.first)


def _more_than(hub: PlayedHub, journal: Journal) -> bool:
    """Whether there is anything beyond that message."""
    last = journal.first + len(journal.records) - 1
    return any(
        kept.last >= kept.kept_from and (epoch != journal.epoch or kept.last > last) for epoch, kept in hub.kept.items()
    )


def _began_in_order(journals: list[Journal]) -> Judgement:
    came: dict[Epoch, int] = {}
    for journal in journals:
        came.setdefault(journal.epoch, len(came))
    starts = [(j.epoch, record.before) for j in journals for record in j.records if isinstance(record, Started)]
    told = [(epoch, before) for epoch, before in starts if before in came]
    if not told:
        return not_seen("the agent has no two runs, the later of which names the earlier")
    wrong = [epoch for epoch, before in told if before is not None and came[epoch] < came[before]]
    return kept_unless(f"epoch {wrong[0]} came before the run that was before it" if wrong else "")


def _not_from_the_start(hub: PlayedHub, journal: Journal) -> str:
    kept = hub.kept.get(journal.epoch)
    if any(isinstance(record, Unreadable) for record in journal.records):
        return ""  # another rule's
    start = max(1, kept.kept_from if kept else 1)
    return "" if journal.first == start else f"it begins at {journal.first}; the first unsettled is {start}"


SENDING_RULES: Final[tuple[Rule[PlayedHub], ...]] = (
    Rule("obeys-falling", "obeys one of its own session, whether through rises or falls", obeys_falling),
    Rule("one-in-flight", "at most one journal message unsettled in flight", one_in_flight),
    Rule("oldest-first", "oldest epoch first", oldest_first),
    Rule("sends-again", "if settled does not advance for 10 s it sends again from the first unsettled", sends_again),
    Rule("other-session", "obeys only a settled that echoes its own session", ignores_other_session),
    Rule("lower-n", "obeys only a settled with no lower n than the last it obeyed", ignores_lower_n),
    Rule("again-after-birth", "it sends again after a hub birth, within 0 to 5 s", again_after_birth),
)
