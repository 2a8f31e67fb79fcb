"""The rules that a hub must keep, each asked about by a played kiosk; and, last, those seen in all its answers.

That a later hub silences this one is not looked at: it would be silent for good.
"""

from typing import Any, Final

from simulator.conform.played_kiosk import ANSWER_S, PlayedKiosk, is_birth
from simulator.conform.rules import KEPT, Judgement, Rule, broken, kept_unless, not_seen
from station.errors import WireError
from station.names import Epoch, Seq, Session
from station.wire import topics
from station.wire.codec import decode_leaf
from station.wire.messages import Kept
from station.wire.topics import Leaf

GARBAGE: Final = (b"", b"\xff\x00 not JSON", b"[]", b'{"v":1}', b'{"v":1,"n":"one","session":7}', b"[" * 5000)
_NO_ANSWER: Final = f"no settled that names the epoch within {ANSWER_S:g} s"


def says_it_is_there(kiosk: PlayedKiosk) -> Judgement:
    """Its birth lies on its own topic."""
    payload = kiosk.retained(topics.HUB_STATE).get(topics.HUB_STATE)
    if payload is None:
        return broken(f"nothing is retained on {topics.HUB_STATE}")
    return kept_unless("" if is_birth(payload) else "what is retained does not say that a hub is online")


def answers_states(kiosk: PlayedKiosk) -> Judgement:
    """A state is answered too, with 0 for what the hub does not know."""
    epoch = kiosk.epoch()
    return _through_is(kiosk, epoch, kiosk.state({epoch: Kept(Seq(1), 3)}), 0)


def settles(kiosk: PlayedKiosk) -> Judgement:
    """What was sent is settled, and a state says the same."""
    epoch = kiosk.epoch()
    seen = _through_is(kiosk, epoch, kiosk.journal(epoch, kiosk.notes(1, 3), first=1), 3)
    return seen if seen != KEPT else _through_is(kiosk, epoch, kiosk.state({epoch: Kept(Seq(1), 3)}), 3)


def settles_the_unbroken_run(kiosk: PlayedKiosk) -> Judgement:
    """Nothing beyond a hole, and all once it is filled."""
    epoch = kiosk.epoch()
    seen = _through_is(kiosk, epoch, kiosk.journal(epoch, kiosk.notes(1, 2), first=1), 2)
    if seen == KEPT:
        seen = _through_is(kiosk, epoch, kiosk.journal(epoch, kiosk.notes(4, 5), first=4), 2)
    if seen == KEPT:
        seen = _through_is(kiosk, epoch, kiosk.journal(epoch, kiosk.notes(3, 3), first=3), 5)
    return seen


def begins_at_kept_from(kiosk: PlayedKiosk) -> Judgement:
    """What the kiosk no longer holds stops nothing."""
    epoch = kiosk.epoch()
    n = kiosk.journal(epoch, kiosk.notes(10, 11), first=10, kept_from=10)
    return _through_is(kiosk, epoch, n, 11)


def settles_duplicates_alike(kiosk: PlayedKiosk) -> Judgement:
    """A message that comes twice is answered twice, alike."""
    epoch, records = kiosk.epoch(), kiosk.notes(1, 3)
    for _ in range(2):
        seen = _through_is(kiosk, epoch, kiosk.journal(epoch, records, first=1), 3)
        if seen != KEPT:
            return seen
    return KEPT


def keeps_other_content_aside(kiosk: PlayedKiosk) -> Judgement:
    """A name that comes again with other content blocks nothing behind it."""
    epoch = kiosk.epoch()
    seen = _through_is(kiosk, epoch, kiosk.journal(epoch, kiosk.notes(1, 2), first=1), 2)
    if seen != KEPT:
        return seen
    return _through_is(kiosk, epoch, kiosk.journal(epoch, kiosk.notes(2, 3, "something else"), first=2), 3)


def passes_bad_records(kiosk: PlayedKiosk) -> Judgement:
    """A record that fails validation counts as stored."""
    epoch, records = kiosk.epoch(), kiosk.notes(1, 4)
    records[1] = {**records[1], "kind": "tap", "token": "no token"}
    records[2] = {"seq": 3, "at": "never"}
    return _through_is(kiosk, epoch, kiosk.journal(epoch, records, first=1), 4)


def keeps_unknown_kinds(kiosk: PlayedKiosk) -> Judgement:
    """Records and fields of a later version."""
    epoch, records = kiosk.epoch(), kiosk.notes(1, 2)
    records[0] = {**records[0], "kind": "later", "weather": {"rain": True}}
    records[1]["later"] = [1, 2]
    return _through_is(kiosk, epoch, kiosk.journal(epoch, records, first=1, spoil={"later": {}}), 2)


def settles_nothing_unread(kiosk: PlayedKiosk) -> Judgement:
    """A message that cannot be read as a whole settles nothing."""
    epoch = kiosk.epoch()
    spoils: tuple[dict[str, Any], ...] = ({"first": 0}, {"records": []}, {"v": 2}, {"kept_from": "1"})
    for spoil in spoils:
        kiosk.journal(epoch, kiosk.notes(1, 2), first=1, spoil=spoil)
    return _through_is(kiosk, epoch, kiosk.state({epoch: Kept(Seq(1), 2)}), 0)


def survives_garbage(kiosk: PlayedKiosk) -> Judgement:
    """Any bytes on any topic stop nothing."""
    for leaf in (Leaf.JOURNAL, Leaf.STATE, Leaf.REPLY):
        for payload in GARBAGE:
            kiosk.line.say(topics.Address(kiosk.station, kiosk.kiosk, leaf).topic, payload)
    for topic in (f"{topics.ROOT}/{kiosk.station}/hub/journal", f"{topics.ROOT}/%20/-/state", topics.HUB_STATE):
        kiosk.line.say(topic, b"no message")
    return settles(kiosk)


def echoes_each_session(kiosk: PlayedKiosk) -> Judgement:
    """Another connection is answered as itself, with what is stored."""
    epoch = kiosk.epoch()
    seen = _through_is(kiosk, epoch, kiosk.journal(epoch, kiosk.notes(1, 2), first=1), 2)
    if seen != KEPT:
        return seen
    kiosk.reconnect()
    return _through_is(kiosk, epoch, kiosk.state({epoch: Kept(Seq(1), 2)}), 2)


def tells_strangers_nothing(kiosk: PlayedKiosk) -> Judgement:
    """A kiosk that is not entered gets no settled."""
    epoch = kiosk.epoch()
    kiosk.state({epoch: Kept(Seq(1), 1)}, kiosk=kiosk.stranger)
    kiosk.journal(epoch, kiosk.notes(1, 1), first=1, kiosk=kiosk.stranger)
    kiosk.answer(kiosk.state({}))  # by then the hub has seen the stranger's too
    kiosk.listen(kiosk.pace.quiet_s)
    return kept_unless(f"settled was told to {kiosk.stranger}" if kiosk.to_stranger else "")


def keeps_its_word(kiosk: PlayedKiosk) -> Judgement:
    """Presence, duty and roster are retained under the kiosk's own branch, and can be read."""
    wanted = topics.told(kiosk.station, kiosk.kiosk)
    found = kiosk.retained(kiosk.settled_topic, *wanted.values())
    for leaf, topic in wanted.items():
        payload = found.get(topic)
        if payload is None:
            return broken(f"no {leaf} is retained")
        try:
            decode_leaf(payload, leaf)
        except WireError as exc:
            return broken(f"{leaf}: {exc}" if leaf is not Leaf.ROSTER else "a roster cannot be read")
    return kept_unless("" if kiosk.settled_topic in found else "no settled is retained")


def can_be_read(kiosk: PlayedKiosk) -> Judgement:
    """Every answer."""
    return kept_unless(next((answer.fault for answer in kiosk.answers if answer.fault), ""))


def settles_only_what_was_sent(kiosk: PlayedKiosk) -> Judgement:
    """In no answer more than was ever sent."""
    for answer in kiosk.answers:
        for epoch, named in answer.message.epochs.items() if answer.message else ():
            sent = kiosk.sent.get(epoch, 0)
            if named.through > sent or named.backed > named.through:
                return broken(f"epoch {epoch}: through {named.through}, backed {named.backed}; sent were {sent}")
    return KEPT


def echoes_what_was_said(kiosk: PlayedKiosk) -> Judgement:
    """In every answer a session that spoke, and an n that it used; within a session none falls."""
    last: dict[Session, int] = {}
    for message in (answer.message for answer in kiosk.answers):
        if message is None:
            continue
        if message.session not in kiosk.sent_n:
            return broken(f"session {message.session} was never used")
        if message.n > kiosk.sent_n[message.session]:
            return broken(f"n {message.n} answers more than was said: {kiosk.sent_n[message.session]}")
        if message.n < last.get(message.session, 0):
            return broken(f"n {message.n} after n {last[message.session]}")
        last[message.session] = message.n
    return KEPT if last else not_seen("no answer came")


def at_least_once(kiosk: PlayedKiosk) -> Judgement:
    """QoS 1."""
    return kept_unless("a settled came at QoS 0" if any(not answer.heard.qos for answer in kiosk.answers) else "")


def _through_is(kiosk: PlayedKiosk, epoch: Epoch, n: int, wanted: int) -> Judgement:
    through = kiosk.through(epoch, n)
    if through is None:
        return broken(_NO_ANSWER)
    return kept_unless("" if through == wanted else f"through {through}; wanted is {wanted}")


HUB_RULES: Final[tuple[Rule[PlayedKiosk], ...]] = (
    Rule("hub-state", "hub/state: birth, retained", says_it_is_there),
    Rule("answers-states", "the hub answers every state, through 0 where it knows nothing", answers_states),
    Rule("answers-journals", "the hub answers every journal: through is the end of what is stored", settles),
    Rule("unbroken-run", "through is the end of the unbroken run of stored seqs", settles_the_unbroken_run),
    Rule("kept-from", "the run begins at the kept_from of the message that is answered", begins_at_kept_from),
    Rule("duplicates", "a message that comes twice is settled alike", settles_duplicates_alike),
    Rule("other-content", "a name that comes again with other content is kept aside", keeps_other_content_aside),
    Rule("bad-record", "a record that fails validation is quarantined and counts as stored", passes_bad_records),
    Rule("unknown-kinds", "unknown fields are ignored, unknown kinds of record kept", keeps_unknown_kinds),
    Rule("unread-message", "a message that cannot be read at all settles nothing", settles_nothing_unread),
    Rule("garbage", "any bytes on a topic are a message or kept aside; a bad one stops nothing", survives_garbage),
    Rule("sessions", "settled echoes the session", echoes_each_session),
    Rule("unknown-kiosk", "a kiosk that the hub does not know gets no settled", tells_strangers_nothing),
    Rule("retained", "settled, presence, duty and roster are retained", keeps_its_word),
    Rule("readable", "every settled has the build of docs/asyncapi.yaml", can_be_read),
    Rule("only-what-was-sent", "through: stored for good", settles_only_what_was_sent),
    Rule("echo", "settled echoes the session and the highest n that it answers", echoes_what_was_said),
    Rule("qos", "QoS 1", at_least_once),
)
