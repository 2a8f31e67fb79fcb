"""The wire: what is said is heard, any bytes are a message or a `WireError`, golden messages stay readable."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from station.errors import WireError
from station.names import Seq
from station.records import Tap, Unreadable
from station.wire import topics
from station.wire.codec import decode, decode_journal, encode
from station.wire.messages import (
    MAX_EPOCHS,
    MAX_MESSAGE_BYTES,
    Command,
    HubState,
    Journal,
    Presence,
    Reply,
    Settled,
    State,
)
from station.wire.told import Duty, Roster
from station.wire.topics import Leaf, read_address
from tests.station.messages import journals, messages, names

KINDS = {kind.__name__.lower(): kind for kind in (
    Journal, Settled, State, Presence, Duty, Roster, HubState, Command, Reply,
)}  # fmt: skip
GOLDEN = sorted((Path(__file__).parents[1] / "golden/wire/v1").glob("*.json"))


@given(messages)
def test_a_message_survives_the_wire(message) -> None:
    assert decode(encode(message), type(message)) == message


@given(st.binary(max_size=200), st.sampled_from(sorted(KINDS)))
def test_any_bytes_are_a_message_or_a_wire_error(payload, kind) -> None:
    with pytest.raises(WireError):
        decode(payload, KINDS[kind])


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda t: st.lists(t) | st.dictionaries(st.text(), t),
    max_leaves=8,
)


@given(messages, st.data())
def test_a_message_with_one_value_exchanged_is_a_message_or_a_wire_error(message, data) -> None:
    body = json.loads(encode(message))
    key = data.draw(st.sampled_from(sorted(body)))
    body[key] = data.draw(_JSON)
    payload = json.dumps(body).encode()
    if len(payload) > MAX_MESSAGE_BYTES:
        return

    try:
        again = decode(payload, type(message))
    except WireError:
        return

    assert isinstance(again, type(message))
    json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")


@given(journals, st.data())
def test_one_bad_record_leaves_the_others_readable_under_their_seqs(journal, data) -> None:
    body = json.loads(encode(journal))
    place = data.draw(st.integers(0, len(body["records"]) - 1))
    body["records"][place] = data.draw(_JSON)

    heard = decode_journal(json.dumps(body).encode())

    assert [record.seq for record in heard.records] == [record.seq for record in journal.records]
    assert isinstance(heard.records[place], Unreadable)
    assert [r for i, r in enumerate(heard.records) if i != place] == [
        r for i, r in enumerate(journal.records) if i != place
    ]


def test_a_state_that_names_thousands_of_runs_is_refused_before_any_is_looked_for() -> None:
    body = json.loads((GOLDEN[0].parent / "state-birth.json").read_text())
    body["epochs"] = {f"{number:016x}": next(iter(body["epochs"].values())) for number in range(2000)}

    with pytest.raises(WireError, match=f"2000 of them; at most {MAX_EPOCHS} are wanted"):
        decode(json.dumps(body).encode(), State)


def test_every_kind_of_message_has_a_golden_one() -> None:
    assert {path.stem.split("-")[0] for path in GOLDEN} == set(KINDS)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_messages_are_read_and_written_as_ever(path: Path) -> None:
    kind = KINDS[path.stem.split("-")[0]]

    message = decode(path.read_bytes(), kind)

    assert json.loads(encode(message)) == json.loads(path.read_bytes())


def _golden_journal() -> dict:
    return json.loads(next(path for path in GOLDEN if path.stem == "journal-all-kinds").read_bytes())


def test_unknown_fields_are_passed_over_and_unknown_kinds_kept() -> None:
    body = _golden_journal()
    plain = decode_journal(json.dumps(body).encode())
    body["mood"] = "good"
    body["records"][0]["colour"] = "red"
    body["records"][1]["kind"] = "smell"

    heard = decode_journal(json.dumps(body).encode())

    assert heard.records[0] == plain.records[0]
    assert heard.records[1].kind == "smell"


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("action", "fly", "action: 'fly'; wanted is one of arrive, leave, step_out, return"),
        ("token", "04000000000001", "token: '04000000000001'; wanted is 32 lower hex digits"),
        ("mono_ms", "5", "mono_ms: '5'; wanted is a whole number"),
        ("at", "2026-03-05T07:50:00", "at: '2026-03-05T07:50:00'; wanted is a moment with its offset"),
        ("at", "0001-01-01T00:00:00Z", "at: '0001-01-01T00:00:00Z'; wanted is a moment in the years 1970 to 2199"),
        ("at", "0001-01-01T00:00:00+08:00", "wanted is a moment in the years"),
        ("at", "9999-12-31T23:59:59-08:00", "wanted is a moment in the years"),
        ("at", "2200-01-01T00:00:00Z", "wanted is a moment in the years"),
        ("mono_ms", 2**63 - 1, "mono_ms: 9223372036854775807; wanted is a whole number of milliseconds, less than"),
        ("mono_ms", -(10**15), "wanted is a whole number of milliseconds, less than a hundred years"),
        ("seq", 77, "seq: 77; wanted is 1, by its place"),
        ("boot", "a\0b", "boot: 'a\\x00b'; wanted is text"),
    ],
)
def test_a_bad_record_says_what_was_found_what_is_wanted_and_where(key, value, said) -> None:
    body = _golden_journal()
    body["records"][0][key] = value

    (bad, *_) = decode_journal(json.dumps(body).encode()).records

    assert isinstance(bad, Unreadable)
    assert said in bad.reason


def test_a_message_too_large_is_refused_on_both_sides() -> None:
    with pytest.raises(WireError, match="at most 131072"):
        decode(b" " * (MAX_MESSAGE_BYTES + 1), State)
    with pytest.raises(WireError, match="at most 131072"):
        encode(Reply("1", ok=True, text="x" * MAX_MESSAGE_BYTES))


def test_a_record_that_cannot_be_read_is_never_left_out_silently() -> None:
    journal = decode_journal(json.dumps(_golden_journal()).encode())
    spoiled = replace(journal, records=(journal.records[0], Unreadable(Seq(2), "{}", "no kind"), *journal.records[2:]))

    with pytest.raises(WireError, match="record 2 cannot be read"):
        encode(spoiled)


def test_a_lone_surrogate_makes_a_record_unreadable_and_what_was_found_storable() -> None:
    body = _golden_journal()
    body["records"][0]["reader"] = "\ud800"

    (bad, *_) = decode_journal(json.dumps(body).encode()).records

    assert isinstance(bad, Unreadable)
    bad.found.encode()


def test_two_hundred_full_taps_fit_into_one_journal_message() -> None:
    taps = [r for r in decode_journal(json.dumps(_golden_journal()).encode()).records if isinstance(r, Tap)]
    two_hundred = tuple(replace(taps[0], seq=Seq(i + 1)) for i in range(200))

    payload = encode(Journal("ab" * 8, 1, "cd" * 8, Seq(1), Seq(1), two_hundred))

    assert len(payload) <= 64 * 1024


@given(names, names, st.sampled_from(Leaf))
def test_a_topic_is_read_as_it_was_spelled(station, kiosk, leaf) -> None:
    address = topics.Address(station, kiosk, leaf)

    assert read_address(address.topic) == address


LEVELS = names | st.sampled_from([*Leaf, "hub", "", "+", "a b", "样"])


@given(st.text() | st.lists(LEVELS, min_size=2, max_size=4).map(lambda tail: "/".join([topics.ROOT, *tail])))
@example("zaigang/v1/S-01/K-01/journal")
def test_any_topic_is_an_address_or_a_wire_error(topic) -> None:
    try:
        address = read_address(topic)
    except WireError:
        return

    assert address.topic == topic
