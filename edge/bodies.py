"""A record as its row in the journal has it, as JSON: read back, though the disk may have spoilt it.

What cannot be read gets a note in its place, under its seq, so that it blocks nothing behind it.
"""

import json
from datetime import UTC, datetime
from typing import Any, Final

from station.names import Seq
from station.records import AnyRecord, ClockState, Note, Unreadable
from station.wire.codec import read_record
from station.wire.messages import MAX_JOURNAL_BYTES

_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST: Final = MAX_JOURNAL_BYTES // 5  # characters of a record: up to 4 bytes each; none of ours has a thousand
_parse = json.JSONDecoder().raw_decode


def fault_of(body: str, seq: Seq) -> str:
    """Why the text cannot go to the hub as the record at that seq; or nothing."""
    if len(body) > _LONGEST:
        return f"{len(body)} characters, more than a message holds"
    fields = _parsed(body)
    return "" if isinstance(fields, dict) and fields.get("seq") == seq else "no JSON"


def read_body(body: str, seq: Seq) -> AnyRecord | Unreadable:
    """The record that the text is."""
    return read_record(_parsed(body), seq)


def stand_in(seq: Seq, reason: str) -> Note:
    """What goes in the place of a record that cannot be read."""
    text = f"this record cannot be read at the kiosk: {reason:.200}"
    return Note(seq=seq, at=_NEVER, clock=ClockState.UNSET, boot="", mono_ms=0, text=text, of=seq)


def text_of(stored: bytes) -> str:
    """What the disk has, as text though it may be none: one spoilt record must not hide the others."""
    return stored.decode("utf-8", "replace")


def _parsed(body: str) -> Any:
    try:
        fields, end = _parse(body)
    except (ValueError, RecursionError):
        return None
    return fields if end == len(body) else None
