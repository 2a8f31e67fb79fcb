"""A journal message as the intake reads it: in C and at one go where it is sound, by the codec where it is not.

The codec in `station.wire` is the authority. Here stand the shapes of what nearly every message is: taps and pulses,
each with just its fields. What does not fit them, the codec reads, so both always agree: a test holds them together.
"""

from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec
from msgspec import Meta, Struct

from station.errors import WireError
from station.names import MAX_SEQ, SHAPES, Epoch, Session
from station.records import MAX_MS, Pulse, Tap
from station.wire.codec import decode_journal
from station.wire.messages import MAX_MESSAGE_BYTES, MAX_RECORDS

_LAST_FIRST: Final = MAX_SEQ - MAX_RECORDS
_match_session = SHAPES[Session][0].match
_match_epoch = SHAPES[Epoch][0].match

_Seq = Annotated[int, Meta(ge=1, le=MAX_SEQ)]
_Millis = Annotated[int, Meta(ge=-MAX_MS, le=MAX_MS)]
_Clock = Literal["synced", "estimated", "unset"]  # of each word one copy, which all rows share
_Action = Literal["arrive", "leave", "step_out", "return"]


class SoundTap(Struct, tag_field="kind", tag=Tap.KIND, forbid_unknown_fields=True, gc=False):
    """A tap, its words and its moment yet to be looked at."""

    seq: int
    at: str
    clock: _Clock
    boot: str
    mono_ms: _Millis
    token: str
    card_kind: str
    reader: str
    action: _Action
    of: _Seq | None = None
    next_token: str | None = None


class SoundPulse(Struct, tag_field="kind", tag=Pulse.KIND, forbid_unknown_fields=True, gc=False):
    """A pulse, of which a calm kiosk makes a hundred a day."""

    seq: int
    at: str
    clock: _Clock
    boot: str
    mono_ms: _Millis


class _Sound(Struct, forbid_unknown_fields=True, gc=False):
    v: Literal[1]
    session: str
    n: Annotated[int, Meta(ge=0, le=MAX_SEQ)]
    epoch: str
    first: Annotated[int, Meta(ge=1, le=_LAST_FIRST)]
    kept_from: _Seq
    records: Annotated[list[SoundTap | SoundPulse], Meta(min_length=1, max_length=MAX_RECORDS)]


_decode_sound: Final = msgspec.json.Decoder(_Sound).decode


class JournalMessage(NamedTuple):
    """A journal message.

    Attributes:
        records: taps and pulses of the shapes above; where it has no `payload`, the codec's records, or plain JSON.
        payload: what it was read from, for the codec, should one of them prove unsound.
    """

    session: Session
    n: int
    epoch: Epoch
    first: int
    kept_from: int
    records: list[Any]
    payload: bytes = b""

    @property
    def last(self) -> int:
        """The seq of the last record."""
        return self.first + len(self.records) - 1

    def by_codec(self) -> "JournalMessage":
        """The same with the codec's records."""
        return self._replace(records=list(decode_journal(self.payload).records), payload=b"")


def read_journal(payload: bytes) -> JournalMessage:
    """The journal message of these bytes.

    Raises:
        WireError: they are none.
    """
    return _read_sound(payload) or _read_by_codec(payload)


def _read_sound(payload: bytes) -> JournalMessage | None:
    """The message if it is sound on the face of it."""
    if len(payload) > MAX_MESSAGE_BYTES:
        return None
    try:
        body = _decode_sound(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if not (_match_session(body.session) and _match_epoch(body.epoch)):
        return None
    return JournalMessage(
        Session(body.session), body.n, Epoch(body.epoch), body.first, body.kept_from, body.records, payload
    )


def _read_by_codec(payload: bytes) -> JournalMessage:
    journal = decode_journal(payload)
    if journal.first > _LAST_FIRST:
        raise WireError(f"first: {journal.first}; no kiosk lives so long")
    return JournalMessage(
        journal.session, journal.n, journal.epoch, journal.first, journal.kept_from, list(journal.records)
    )
