"""The short cut for sound taps says what the codec says, about any bytes."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.intake.reading import SoundPulse, SoundTap, read_journal
from hub.intake.rows import RecordRow, row_of, rows_of
from station.errors import WireError
from station.records import Action
from station.wire.codec import decode_journal, encode
from station.wire.messages import Journal
from tests.hub.intake.messages import EPOCH, SESSION, pulse, tap

GOLDEN = Path(__file__).parents[2] / "golden" / "wire" / "v1"
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
        2**60,
        -(2**60),
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


def both(payload: bytes) -> tuple[list[RecordRow] | str, list[RecordRow] | str]:
    """What the codec makes of it, and what the short cut does."""
    try:
        journal = decode_journal(payload)
        exact: list[RecordRow] | str = [row_of(record, 9, 5) for record in journal.records]
    except WireError:
        exact = "refused"
    try:
        short: list[RecordRow] | str = [RecordRow(*row) for row in rows_of(read_journal(payload), 9, 5)]
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
@example(0, "mono_ms", 2**60)
@example(3, "mono_ms", -(2**60))
@example(0, "next_token", "ab" * 16)
@example(1, "next_token", "AB" * 16)
@example(3, "next_token", "ab" * 16)
@given(
    st.integers(0, 3),
    st.sampled_from(
        ["seq", "at", "clock", "boot", "mono_ms", "kind", "token", "card_kind", "reader", "action", "of", "next_token"]
    ),
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


@example([(-1, b" ")])
@example([(-1, b"x")])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 800),
            st.sampled_from(
                [b"", b" ", b"0", b"1.0", b"e1", b"-", b'"', b"\\u0000", b"\\ud800", b"\x01", b"\xff", b"\xc3\xa9", b"}", b",", b"null", b'"kind":"tap",', b'"kind":"pulse",', b'"seq":2,', b'"x":NaN,', b'"x":{"y":[1e400]},']
            )
            | st.binary(min_size=1, max_size=3),
        ),
        min_size=1, max_size=3,
    )
)  # fmt: skip
def test_a_sound_message_with_bytes_put_in_reads_the_same_both_ways(spots: list[tuple[int, bytes]]):
    payload = json.dumps(message(), separators=(",", ":")).encode()
    for place, put_in in spots:
        payload = payload[:place] + put_in + payload[place:]

    exact, short = both(payload)

    assert exact == short


@pytest.mark.parametrize(
    "at",
    ["2026-03-05t00:00:00.000z", "2026-03-05T00:00:00.9999999Z", "2026-03-05T00:00:00.1234567Z", "2026-W10-1T00:00:00Z",
     "2026-03-05T00:00Z", "2026-03-05T00:00:00,5Z", "2026-03-05T00:00:00+08:00:30", "2026-03-05T00:00:00", "9999-12-31T23:59:59-10:00",
     "0001-01-01T00:00:00Z", "2199-12-31T23:59:59.999Z", "2200-01-01T00:00:00+08:00", "2200-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "2026-03-05T00:00:00-00:00"],
)  # fmt: skip
def test_every_spelling_of_a_moment_is_read_or_refused_as_the_codec_does(at: str):
    body = message()
    body["records"][0]["at"] = body["records"][3]["at"] = at

    exact, short = both(json.dumps(body).encode())

    assert exact == short


@pytest.mark.parametrize("golden", sorted(GOLDEN.glob("journal*.json")), ids=lambda file: file.stem)
def test_a_golden_journal_reads_the_same_both_ways(golden: Path):
    exact, short = both(golden.read_bytes())

    assert exact == short
    assert exact != "refused"


def test_taps_and_pulses_take_the_short_way():
    read = read_journal(json.dumps(message()).encode())

    assert [type(record) for record in read.records] == [SoundTap, SoundTap, SoundTap, SoundPulse]


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_or_read_the_same_both_ways(payload: bytes):
    exact, short = both(payload)

    assert exact == short


def test_a_message_that_is_too_long_is_refused():
    body = message()
    body["padding"] = "x" * 140_000

    with pytest.raises(WireError):
        read_journal(json.dumps(body).encode())
