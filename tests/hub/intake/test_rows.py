"""The short cut for sound taps says what the codec says, about any bytes."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.intake.rows import Row, read_journal, row_of, rows_of
from station.errors import WireError
from station.records import Action
from station.wire.codec import decode_journal, encode
from station.wire.messages import Journal
from tests.hub.intake.messages import EPOCH, SESSION, pulse, tap

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=3,
)
SPECIAL = st.sampled_from(
    [
        "step_out",
        "1970-01-01T00:00:00+00:00",
        "0001-01-01T00:00:00+14:00",
        "2026-03-05",
        "\x00",
        "点",
        2**63,
        -1,
        0,
        True,
        "tap",
        "unset",
    ]
)


def message() -> dict[str, Any]:
    records = (tap(1), tap(2, 5, Action.LEAVE), tap(3, 5.1, Action.STEP_OUT, of=2), pulse(4, 6))
    return json.loads(encode(Journal(SESSION, 7, EPOCH, 1, 1, records)))


def both(payload: bytes) -> tuple[list[Row] | str, list[Row] | str]:
    """What the codec makes of it, and what the short cut does."""
    try:
        journal = decode_journal(payload)
        exact: list[Row] | str = [row_of(record, 9, 5) for record in journal.records]
    except WireError:
        exact = "refused"
    try:
        short: list[Row] | str = [Row(*row) for row in rows_of(read_journal(payload), 9, 5)]
    except WireError:
        short = "refused"
    return exact, short


def test_a_sound_message_reads_the_same_both_ways():
    exact, short = both(json.dumps(message()).encode())

    assert exact == short
    assert [row[2] for row in short] == ["tap", "tap", "tap", "pulse"]


@example(0, "of", 1)
@example(0, "action", "step_out")
@example(2, "of", None)
@given(
    st.integers(0, 3),
    st.sampled_from(["seq", "at", "clock", "boot", "mono_ms", "kind", "token", "card_kind", "reader", "action", "of"]),
    JUNK | SPECIAL,
)
def test_a_record_with_one_field_spoilt_reads_the_same_both_ways(place: int, field: str, value: Any):
    body = message()
    body["records"][place][field] = value
    exact, short = both(json.dumps(body).encode())

    assert exact == short


@given(
    st.integers(0, 3), st.sampled_from(["seq", "at", "clock", "boot", "mono_ms", "kind", "token", "reader", "action"])
)
def test_a_record_with_one_field_missing_reads_the_same_both_ways(place: int, field: str):
    body = message()
    body["records"][place].pop(field, None)
    exact, short = both(json.dumps(body).encode())

    assert exact == short


@given(st.sampled_from(["v", "session", "n", "epoch", "first", "kept_from", "records"]), JUNK | SPECIAL)
def test_a_message_with_one_field_spoilt_is_refused_or_read_the_same_both_ways(field: str, value: Any):
    body = message()
    body[field] = value
    exact, short = both(json.dumps(body).encode())

    assert exact == short


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_or_read_the_same_both_ways(payload: bytes):
    exact, short = both(payload)

    assert exact == short


def test_a_message_that_is_too_long_is_refused():
    body = message()
    body["padding"] = "x" * 140_000

    with pytest.raises(WireError):
        read_journal(json.dumps(body).encode())
