"""The rules of an agent that show in the whole talk: nothing is provoked, all that was said is looked through."""

from collections.abc import Iterator
from typing import Final

from simulator.conform.played_hub import PlayedHub
from simulator.conform.rules import Judgement, Rule, kept_unless, not_seen
from station.names import Epoch, Session
from station.records import Unreadable
from station.wire.codec import record_fields
from station.wire.messages import MAX_JOURNAL_BYTES, Journal


def _journals(hub: PlayedHub) -> Iterator[Journal]:
    return (said.journal for said in hub.said if said.journal is not None)


def can_be_read(hub: PlayedHub) -> Judgement:
    """Every message, and every record in it."""
    for said in hub.said:
        if said.fault:
            return kept_unless(f"on {said.heard.topic}: {said.fault}")
        for record in said.journal.records if said.journal else ():
            if isinstance(record, Unreadable):
                return kept_unless(f"record {record.seq}: {record.reason}")
    return kept_unless("")


def n_rises(hub: PlayedHub) -> Judgement:
    """Within a session, with every state and journal; a will aside."""
    last: dict[Session, int] = {}
    for said in hub.said:
        message = said.state or said.journal
        if message is None:
            continue
        before = last.get(message.session, 0)
        if message.n <= before:
            return kept_unless(f"n {message.n} after n {before} in one session")
        last[message.session] = message.n
    return kept_unless("")


def says_kept_from(hub: PlayedHub) -> Judgement:
    """A message begins no lower than what is kept."""
    wrong = next((journal for journal in _journals(hub) if journal.first < journal.kept_from), None)
    return kept_unless(f"first {wrong.first} lies below kept_from {wrong.kept_from}" if wrong else "")


def is_small_enough(hub: PlayedHub) -> Judgement:
    """No journal message is longer than 64 KiB; how many records it has, its reading tells."""
    sizes = [len(said.heard.payload) for said in hub.said if said.journal is not None]
    if not sizes:
        return not_seen("no journal message came")
    return kept_unless(f"a journal message of {max(sizes)} bytes" if max(sizes) > MAX_JOURNAL_BYTES else "")


def at_least_once(hub: PlayedHub) -> Judgement:
    """QoS 1, all of it."""
    wrong = next((said for said in hub.said if said.heard.qos == 0), None)
    return kept_unless(f"a message on {wrong.heard.topic} came at QoS 0" if wrong else "")


def names_for_ever(hub: PlayedHub) -> Judgement:
    """A record that comes again comes as it was."""
    records: dict[tuple[Epoch, int], object] = {}
    for journal in _journals(hub):
        for record in journal.records:
            if isinstance(record, Unreadable):
                continue
            fields = record_fields(record)
            if records.setdefault((journal.epoch, record.seq), fields) != fields:
                return kept_unless(f"record {record.seq} of epoch {journal.epoch} came again with other content")
    return kept_unless("") if records else not_seen("no record came")


TALK_RULES: Final[tuple[Rule[PlayedHub], ...]] = (
    Rule("readable", "every message and record has the build of docs/asyncapi.yaml, seq following seq", can_be_read),
    Rule("n-rises", "n rises with every state and journal of a session", n_rises),
    Rule("kept-from", "kept_from: the lowest seq that the kiosk still holds", says_kept_from),
    Rule("size", "a journal message has 1 to 200 records and at most 64 KiB", is_small_enough),
    Rule("qos", "QoS 1", at_least_once),
    Rule("names", "(kiosk, epoch, seq) names a record for ever", names_for_ever),
)
